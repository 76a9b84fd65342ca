/** Tasks of an agents file that go on after their list has ended. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Permission } from '../../../src/core/agents.ts';
import { hasInterruption, isUnresolved } from '../../../src/core/unresolved.ts';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import { taskRecords } from '../../../src/views/taskRecords.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

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

test('a task that continues a sub-agent of another session is refused where less is allowed by now, and wakes nobody there', async (t) => {
  const folder = await temporaryFolder(t);
  const spawn = JSON.stringify({
    tasks: [{ note: 'kid', prompt: 'Be the child.', permission: 'workspace-write' }],
  });
  const write = JSON.stringify({ path: 'effect.txt', content: 'x' });
  const server = await startMessagesServer(({ messages }) => {
    const isParent = JSON.stringify(messages[0]).includes('Be the parent.');
    const last = JSON.stringify(messages.at(-1));
    if (isParent && messages.length === 1)
      return { events: sse.wholeMessage('tool_use', sse.toolUseBlock(0, 'call-1', 'run_agents', spawn)) };
    if (!isParent && last.includes('Go further.'))
      return { events: sse.wholeMessage('tool_use', sse.toolUseBlock(0, 'call-2', 'write_file', write)) };
    return { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.')) };
  });
  t.after(() => server.close());
  let permission: Permission = 'workspace-write';
  const settings = { ...testSettings(server.url), permission: () => permission };
  const runtime = testRuntime(t, join(folder, 'state'), server.url, { settings });
  const place = { cwd: folder, roots: [folder] };
  const parent = await runtime.startAgent({ prompt: 'Be the parent.', permission, ...place });
  await parent.ended;
  const goOn = (): ReturnType<typeof runtime.runAgents> =>
    runtime.runAgents({
      agents: {
        tasks: [{ note: 'more', prompt: 'Go further.', continuation_id: `${parent.sessionId}/agent-2` }],
      },
      permission: 'workspace-write',
      ...place,
    });
  permission = 'read-only';
  const refused = await goOn();
  assert.match(
    JSON.stringify(refused),
    /agent-2 has the permission workspace-write; here at most read-only is allowed/,
  );
  permission = 'workspace-write';
  const started = await goOn();
  assert.ok(started.ok);
  assert.deepEqual(
    (await started.settled).tasks.map(({ status }) => status),
    ['completed'],
  );
  const state = runtime.session(parent.sessionId);
  const root = state?.agents.get('agent-1');
  assert.deepEqual([root?.runs.length, root?.messages], [1, []]);
  assert.equal(state?.calls.get('call-2')?.state.status, 'succeeded');
});

test('the API key is masked in the answers that are saved', async (t) => {
  const folder = await temporaryFolder(t);
  const server = await startMessagesServer(() => ({
    events: sse.wholeMessage('end_turn', sse.textBlock(0, 'The key is test-key.')),
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, join(folder, 'state'), server.url);
  const saveFile = join(folder, 'out.txt');
  const tasks = [{ note: 'a', prompt: 'p' }];
  const options = {
    agents: { tasks },
    permission: 'read-only',
    saveFile,
    cwd: folder,
    roots: [folder],
  } as const;
  const started = await runtime.runAgents(options);
  assert.ok(started.ok);
  await started.settled;
  const { outputs } = parseAgentOutputs(await readFile(saveFile, 'utf8'));
  assert.deepEqual(
    outputs.map(({ text }) => text),
    ['The key is [API key].'],
  );
});

for (const what of ['resumed', 'dismissed'] as const)
  test(`a list whose window was closed is interrupted until it is ${what}`, async (t) => {
    const folder = await temporaryFolder(t);
    const asked = Promise.withResolvers<undefined>();
    let isClosed = false;
    const server = await startMessagesServer(() => {
      asked.resolve(undefined);
      return isClosed
        ? { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.')) }
        : { events: [], then: 'stall' };
    });
    t.after(() => server.close());
    const first = testRuntime(t, join(folder, 'state'), server.url);
    const tasks = ['a', 'b'].map((note) => ({ note, prompt: note }));
    const started = await first.runAgents({
      agents: { tasks, maxConcurrency: 1 },
      permission: 'read-only',
      cwd: folder,
      roots: [folder],
    });
    assert.ok(started.ok);
    await asked.promise;
    await first.dispose();
    isClosed = true;
    const second = testRuntime(t, join(folder, 'state'), server.url);
    const state = await second.openSession(started.sessionId);
    assert.equal(hasInterruption(state), true);
    if (what === 'resumed') await (await second.resume(state.id)).settled;
    else await second.dismiss(state.id);
    assert.equal(isUnresolved(state), false);
    const statuses = taskRecords(state, state.taskLists[0] ?? assert.fail()).map(({ status }) => status);
    assert.deepEqual(statuses, what === 'resumed' ? ['completed', 'completed'] : ['interrupted', 'skipped']);
  });
