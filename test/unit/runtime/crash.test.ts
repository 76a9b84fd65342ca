/** A program that is killed while something of it is under way, and what the next one finds. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { listProcesses, membersOf } from '../../../src/adapters/node/linuxProcesses.ts';
import { findProcess } from '../../../src/adapters/node/processIdentity.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { leftProcesses } from '../../../src/store/leftProcesses.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { assertGoesOnFrom, assertPrefix, assertTakenOver } from '../../fixtures/crash/crashChecks.ts';
import {
  buildCrashChild,
  runUntilSeen,
  type CrashedRun,
  type CrashPlace,
} from '../../fixtures/crash/crashHarness.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

function calls(...wanted: readonly (readonly [string, string, object])[]): ServerReply {
  const blocks = wanted.map(([id, tool, input], index) =>
    sse.toolUseBlock(index, id, tool, JSON.stringify(input)),
  );
  return { events: sse.wholeMessage('tool_use', ...blocks) };
}

async function place(t: TestContext, reply: (body: MessagesBody) => ServerReply): Promise<CrashPlace> {
  const server = await startMessagesServer(reply);
  t.after(() => server.close());
  const root = await temporaryFolder(t);
  await buildCrashChild(root);
  return { root, baseUrl: server.url, files: {} };
}

/** What the next program makes of it: outcomes stand, what ran and the run are interrupted, and all of it is saved. */
async function takeOver(
  t: TestContext,
  run: CrashedRun,
  before: readonly SessionEvent[],
): Promise<SessionState> {
  const log = { ...strictLog, warn: () => undefined };
  const runtime = testRuntime(t, run.stateDir, 'http://127.0.0.1:9', { log });
  const state = await runtime.openSession(run.sessionId ?? '');
  assertTakenOver(state, before);
  await runtime.dispose();
  await assertGoesOnFrom(run, before);
  return state;
}

test(
  'a command that a killed program left running is ended when its session is taken over',
  { timeout: 60_000 },
  async (t) => {
    const where = await place(t, () =>
      calls(['c1', 'terminal', { command: 'echo ready; sleep 1000 & sleep 1000' }]),
    );
    const run = await runUntilSeen('output', where);
    const folders = new SessionFolders(run.stateDir);
    const [left] = await leftProcesses(folders.running(run.sessionId ?? ''));
    assert.ok(left);
    t.after(() => {
      try {
        process.kill(-left.pid, 'SIGKILL');
      } catch {
        // As it should be.
      }
    });
    const { pid, start } = left;
    assert.deepEqual(await findProcess(pid), { pid, start }, 'it outlives its program');
    const state = await takeOver(t, run, await assertPrefix(run));
    assert.equal(state.calls.get('c1')?.state.status, 'interrupted');
    assert.equal(await findProcess(left.pid), undefined);
    if (process.platform === 'linux')
      assert.deepEqual(
        [...membersOf(new Set([left.pid]), listProcesses())],
        [],
        'nothing of its group lives',
      );
  },
);

test('the text that a reply had when its program was killed is shown', { timeout: 60_000 }, async (t) => {
  const where = await place(t, () => ({
    events: [
      sse.messageStart(),
      sse.blockStart(0, { type: 'text', text: '' }),
      sse.blockDelta(0, { type: 'text_delta', text: 'Half a sentence, and' }),
    ],
    then: 'stall',
  }));
  const run = await runUntilSeen('partialText', where);
  const state = await takeOver(t, run, await assertPrefix(run));
  const ending = state.agents.get('agent-1')?.runs[0]?.state;
  assert.ok(ending && 'endedAt' in ending);
  assert.deepEqual([ending.status, ending.terminationReason], ['interrupted', 'hostExit']);
  assert.equal(ending.text, 'Half a sentence, and');
  const partial = new SessionFolders(run.stateDir).partialTexts(run.sessionId ?? '');
  assert.deepEqual(await readdir(partial).catch(() => []), []);
});
