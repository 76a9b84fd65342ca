/** Tasks of an agents file that go on after their list has ended. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

test('the answer to a follow-up joins the others in the save file', async (t) => {
  const folder = await temporaryFolder(t);
  const server = await startMessagesServer(({ messages }) => ({
    events: sse.wholeMessage('end_turn', sse.textBlock(0, `Answer ${messages.length}`)),
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, join(folder, 'state'), server.url);
  const saveFile = join(folder, 'out.txt');
  const started = await runtime.runAgents({
    agents: { tasks: [{ note: 'a', prompt: 'p' }] },
    permission: 'read-only',
    saveFile,
    cwd: folder,
    roots: [folder],
  });
  assert.ok(started.ok);
  await started.settled;
  await (
    await runtime.followUp(started.sessionId, 'agent-1', 'And?')
  ).ended;
  await runtime.dispose();
  const { outputs } = parseAgentOutputs(await readFile(saveFile, 'utf8'));
  assert.deepEqual(
    outputs.map(({ note, index, text }) => [note, index, text]),
    [
      ['a', 0, 'Answer 1'],
      ['a', 0, 'Answer 3'],
    ],
  );
});
