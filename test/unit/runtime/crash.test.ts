/** A program that is killed at every boundary of its journal, and what the next one finds. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { listProcesses, membersOf } from '../../../src/adapters/node/linuxProcesses.ts';
import { findProcess } from '../../../src/adapters/node/processIdentity.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { leftProcesses } from '../../../src/store/leftProcesses.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import {
  buildCrashChild,
  runUntilBoundary,
  runUntilSeen,
  type CrashedRun,
  type CrashPlace,
} from '../../fixtures/crash/crashHarness.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const files = { 'a.txt': 'first\n', 'large.txt': `${'x'.repeat(79)}\n`.repeat(500) };

/** What the model says depends on the history alone, so that whoever goes on is answered alike. */
function scripted({ messages }: MessagesBody): ServerReply {
  const results = messages.filter(({ content }) => content.some(({ type }) => type === 'tool_result')).length;
  switch (results) {
    case 0:
      return calls(
        ['r1', 'read_file', { path: 'large.txt' }],
        ['c1', 'terminal', { command: 'echo ran >> effects.txt' }],
      );
    case 1:
      return calls(['c2', 'terminal', { command: 'echo again >> effects.txt; cat effects.txt' }]);
    default:
      return { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.')) };
  }
}

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
  return { root, baseUrl: server.url, files };
}

/** The events of a journal, and that they are those that were handed to it, from the first one on. */
async function assertPrefix({
  stateDir,
  sessionId = '',
  handed,
}: CrashedRun): Promise<readonly SessionEvent[]> {
  const folders = new SessionFolders(stateDir);
  const content = await readJournal(folders.journal(sessionId), folders.blobs(sessionId));
  assert.deepEqual(content.losses, []);
  const bytes = await readFile(folders.journal(sessionId));
  const whole = bytes.subarray(0, content.dropped?.wholeBytes ?? bytes.length).toString();
  const lines = whole === '' ? [] : whole.trimEnd().split('\n');
  assert.deepEqual(lines, handed.slice(0, lines.length));
  assert.equal(lines.length, content.events.length);
  return content.events;
}

/** Nobody was told of an outcome or an ending that is not on disk, and no effect came before its intent. */
async function assertNothingLost(
  { told, workspace }: CrashedRun,
  events: readonly SessionEvent[],
): Promise<void> {
  const onDisk = new Map(events.map((event) => [event.seq, event]));
  for (const event of told)
    if (event.type === 'call.settled' || event.type === 'run.ended')
      assert.deepEqual(onDisk.get(event.seq), event);
  const intents = events.flatMap((event) => (event.type === 'call.started' ? [event.callId] : []));
  const effects = (await readFile(path.join(workspace, 'effects.txt'), 'utf8').catch(() => '')).split('\n');
  assert.ok(!effects.includes('ran') || intents.includes('c1'));
  assert.ok(!effects.includes('again') || intents.includes('c2'));
}

/** What the next program makes of it: outcomes stand, what ran and the run are interrupted, and all of it is saved. */
async function assertTakenOver(
  t: TestContext,
  run: CrashedRun,
  before: readonly SessionEvent[],
): Promise<SessionState> {
  const log = { ...strictLog, warn: () => undefined };
  const runtime = testRuntime(t, run.stateDir, 'http://127.0.0.1:9', { log });
  const state = await runtime.openSession(run.sessionId ?? '');
  for (const event of before)
    if (event.type === 'call.settled')
      assert.equal(state.calls.get(event.callId)?.state.status, event.outcome.status);
  for (const call of state.calls.values()) assert.notEqual(call.state.status, 'running');
  for (const agent of state.agents.values())
    for (const { state: ending } of agent.runs)
      assert.ok('endedAt' in ending && ['interrupted', 'completed'].includes(ending.status));
  await runtime.dispose();
  const folders = new SessionFolders(run.stateDir);
  const after = await readJournal(folders.journal(run.sessionId ?? ''), folders.blobs(run.sessionId ?? ''));
  assert.equal(after.dropped, undefined);
  assert.deepEqual(after.events.slice(0, before.length), before);
  return state;
}

test(
  'killed at any boundary of its journal, a session loses nothing that was told',
  { timeout: 240_000 },
  async (t) => {
    const where = await place(t, scripted);
    let boundary = 1;
    for (; ; boundary += 1) {
      const run = await runUntilBoundary(boundary, where);
      const events = await assertPrefix(run);
      await assertNothingLost(run, events);
      if (!run.wasKilled) {
        assert.equal(events.at(-1)?.type, 'run.ended');
        assert.equal(await readFile(path.join(run.workspace, 'effects.txt'), 'utf8'), 'ran\nagain\n');
        break;
      }
      if (events.length > 0) await assertTakenOver(t, run, events);
    }
    assert.ok(boundary > 20, `${boundary} boundaries`);
  },
);

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
    assert.deepEqual(await findProcess(left.pid), left, 'it outlives its program');
    const state = await assertTakenOver(t, run, await assertPrefix(run));
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
  const state = await assertTakenOver(t, run, await assertPrefix(run));
  const ending = state.agents.get('agent-1')?.runs[0]?.state;
  assert.ok(ending && 'endedAt' in ending);
  assert.deepEqual([ending.status, ending.terminationReason], ['interrupted', 'hostExit']);
  assert.equal(ending.text, 'Half a sentence, and');
  const partial = new SessionFolders(run.stateDir).partialTexts(run.sessionId ?? '');
  assert.deepEqual(await readdir(partial).catch(() => []), []);
});
