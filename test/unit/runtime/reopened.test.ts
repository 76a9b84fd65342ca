/** Sessions whose host is gone, or is somebody else. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventBody } from '../../../src/core/events.ts';
import type { Settings } from '../../../src/core/ports.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { findProcess } from '../../../src/adapters/node/processIdentity.ts';
import { sealed } from '../../../src/store/journalLine.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { takeSession } from '../../../src/store/sessionOwner.ts';
import { callLines } from '../../../src/cli/callLines.ts';
import { callRecord } from '../../../src/views/callRecord.ts';
import { callRow } from '../../../src/views/callRow.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { resultDocument } from '../../../src/views/resultDocument.ts';
import { treeText } from '../../../src/views/treeText.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesServer } from '../../fixtures/sseServer.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { SessionScript } from '../views/sessionScript.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

interface Left {
  readonly runtime: Runtime;
  readonly stateDir: string;
  readonly journal: string;
  readonly server: MessagesServer & { answerNext(events: readonly sse.SseEvent[]): void };
  readonly warnings: readonly string[];
}

/** A session that a host with this process id left in the middle of a turn of three calls. */
async function left(t: TestContext, pid: number, settings: Partial<Settings> = {}): Promise<Left> {
  const stateDir = await temporaryFolder(t);
  const folders = new SessionFolders(stateDir);
  await folders.create('s1');
  const script = new SessionScript().agent().run('Why?').turn().turnBatch();
  script.call('done', 'read_file', { path: 'a' }, 'b1', 0).call('ran', 'terminal', { command: 'x' }, 'b1', 1);
  script.call('queued', 'terminal', { command: 'y' }, 'b1', 2).turnEnd('tool_use');
  script
    .start('done')
    .settle('done', { status: 'succeeded', output: { text: 'text', bytes: 4 } })
    .start('ran');
  const host = { name: 'test', version: '1', pid };
  const tools = ['read_file', 'terminal'];
  const events = script.events.map((event) => {
    if (event.type === 'session.started') return { ...event, host };
    return event.type === 'agent.created' ? { ...event, tools } : event;
  });
  const journal = folders.journal('s1');
  await mkdir(dirname(journal), { recursive: true });
  await writeFile(journal, events.map((event) => `${sealed(JSON.stringify(event))}\n`).join(''));
  const seen = [sse.messageStart(), ...sse.textBlock(0, 'Seen.'), ...sse.messageEnd('end_turn')];
  const next: (readonly sse.SseEvent[])[] = [];
  const server = await startMessagesServer(() => ({ events: next.shift() ?? seen }));
  t.after(() => server.close());
  const warnings: string[] = [];
  const log = { ...strictLog, warn: (message: string) => void warnings.push(message) };
  const answerNext = (reply: readonly sse.SseEvent[]): void => void next.push(reply);
  const allSettings = { ...testSettings(server.url), ...settings };
  const runtime = testRuntime(t, stateDir, server.url, { log, settings: allSettings });
  return { runtime, stateDir, journal, server: { ...server, answerNext }, warnings };
}

/** The id of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

async function typesIn(journal: string): Promise<readonly string[]> {
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as EventBody).type);
}

test('what a dead host left under way is interrupted, finished calls stand, and a follow-up goes on', async (t) => {
  const { runtime, journal, server } = await left(t, await deadProcess());
  const state = await runtime.openSession('s1');
  const statuses = [...state.calls.values()].map((call) => `${call.id} ${call.state.status}`);
  assert.deepEqual(statuses, ['done succeeded', 'ran interrupted', 'queued queued']);
  const run = state.agents.get('a1')?.runs[0]?.state;
  assert.equal(
    run && 'terminationReason' in run && `${run.status} ${run.terminationReason}`,
    'interrupted hostExit',
  );
  assert.deepEqual((await typesIn(journal)).slice(-3), ['session.reopened', 'call.settled', 'run.ended']);

  assert.equal((await (await runtime.followUp('s1', 'a1', 'Go on.')).ended).text, 'Seen.');
  const results =
    server.requests[0]?.body.messages[2]?.content.map(({ content }) => JSON.stringify(content)) ?? [];
  assert.match(results[0] ?? '', /text/);
  assert.match(results[1] ?? '', /interrupted: .*effect is unknown/);
  assert.match(
    results[2] ?? '',
    /cancelled: .*It had no effect.*1 of 3 calls succeeded; cancelled: queued.*interrupted: ran/,
  );
});

test('a session of a program that still runs is shown, and neither written nor continued', async (t) => {
  const { runtime, journal, stateDir } = await left(t, process.ppid);
  const parent = await findProcess(process.ppid);
  assert.ok(parent);
  const held = await takeSession(new SessionFolders(stateDir).owners('s1'), parent, { find: findProcess });
  assert.equal(held.kind, 'ours');
  const before = await readFile(journal, 'utf8');
  const state = await runtime.openSession('s1');
  assert.equal(state.calls.get('ran')?.state.status, 'running');
  await assert.rejects(runtime.followUp('s1', 'a1', 'Go on.'), /Another window or terminal has this session/);
  assert.equal(await readFile(journal, 'utf8'), before);
  if (held.kind === 'ours') held.release();
  await (
    await runtime.followUp('s1', 'a1', 'Go on.')
  ).ended;
  assert.equal((await typesIn(journal)).at(-1), 'run.ended');
});

test('a torn journal goes on from its whole part, and what was torn is kept beside it', async (t) => {
  const { runtime, journal, warnings } = await left(t, await deadProcess());
  await appendFile(journal, '{"v":1,"seq":14,"at":1,"sess');
  await runtime.openSession('s1');
  assert.match(
    warnings[0] ?? '',
    /goes on from the whole part of its journal\. Line \d+ and all after it: it is not whole\./,
  );
  assert.equal((await readdir(dirname(journal))).filter((name) => name.includes('.damaged-')).length, 1);
  const run = await runtime.followUp('s1', 'a1', 'Go on.');
  await run.ended;
  await runtime.dispose();
  assert.equal((await typesIn(journal)).at(-1), 'run.ended');
});

for (const [how, end] of [
  ['was cut off', ''],
  ['was changed', '\v'],
] as const)
  test(`N1: a command whose start is on record does not run again where the line’s end ${how}`, async (t) => {
    const { runtime, journal } = await left(t, await deadProcess());
    const before = await readFile(journal, 'utf8');
    await writeFile(journal, before.slice(0, -1) + end);
    const state = await runtime.openSession('s1');
    assert.equal(state.calls.get('ran')?.state.status, 'interrupted');
    await (
      await runtime.resume('s1')
    ).settled;
    await runtime.dispose();
    const after = await readFile(journal, 'utf8');
    assert.ok(after.startsWith(before), 'what was there is there, each line with its end');
    assert.doesNotMatch(after.slice(before.length), /"type":"call.started","callId":"ran"/);
  });

test('Z3: a call that was cut off with its program has no time, in no view', async (t) => {
  const { runtime, journal } = await left(t, await deadProcess());
  const state = await runtime.openSession('s1');
  const call = state.calls.get('ran');
  assert.ok(call);
  const { startedAt, durationMs } = callRecord(call, state.lastAt + 5000);
  assert.deepEqual([typeof startedAt, durationMs], ['number', undefined]);
  assert.equal(callRow(state, call).description, 'interrupted · x');
  assert.match(callLines(call), /^ran {2}terminal x {2}interrupted\n/);
  assert.match(resultDocument(call), /^Duration: {2}unknown$/m);
  const told = [
    treeText(state, state.lastAt),
    ...[...state.agents.values()].map((a) => conversation(state, a)),
  ];
  for (const text of told) assert.doesNotMatch(text, /interrupted[^\n]*\d ms/);
  const settled = (await readFile(journal, 'utf8'))
    .split('\n')
    .find((line) => line.includes('"interrupted"'));
  assert.doesNotMatch(settled ?? '', /durationMs/);
});

for (const at of ['first', 'last'] as const)
  test(`Z4: a journal whose ${at} line is of an unknown version is refused, and nothing of it is touched`, async (t) => {
    const { runtime, journal, stateDir } = await left(t, await deadProcess());
    const folders = new SessionFolders(stateDir);
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    const newer = (line: string): string =>
      sealed(line.replace('"v":1', '"v":2').replace(/,"crc":"\w+"/, ''));
    await writeFile(
      journal,
      `${lines.with(at === 'first' ? 0 : -1, newer(lines.at(at === 'first' ? 0 : -1) ?? '')).join('\n')}\n`,
    );
    const command = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
    t.after(() => command.kill('SIGKILL'));
    const noted = await findProcess(command.pid ?? 0);
    assert.ok(noted);
    await mkdir(folders.running('s1'), { recursive: true });
    await writeFile(join(folders.running('s1'), String(noted.pid)), JSON.stringify(noted));
    const before = await filesBelow(dirname(journal));
    await assert.rejects(runtime.openSession('s1'), /of version 2,.*Update AllSettled/);
    assert.deepEqual(await findProcess(noted.pid), noted, 'its command runs on');
    assert.deepEqual(await filesBelow(dirname(journal)), before);
  });

async function filesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}

test('a session that is read back shows the same tree as before', async (t) => {
  const { runtime } = await left(t, await deadProcess());
  const state = await runtime.openSession('s1');
  const again = await runtime.openSession('s1');
  assert.equal(again, state);
  assert.match(treeText(state, state.lastAt), /1 of 3 · 1 interrupted/);
});

test('a call id of a past session is not given again', async (t) => {
  const { runtime, server } = await left(t, await deadProcess());
  await runtime.openSession('s1');
  server.answerNext([
    sse.messageStart(),
    ...sse.toolUseBlock(0, 'done', 'list_files', '{"pattern":"*"}'),
    ...sse.messageEnd('tool_use'),
  ]);
  const state = runtime.session('s1');
  await (
    await runtime.followUp('s1', 'a1', 'Again.')
  ).ended;
  assert.deepEqual([...(state?.calls.keys() ?? [])], ['done', 'ran', 'queued', 'done_2']);
  assert.equal(state?.calls.get('done_2')?.renamedFrom, 'done');
});

for (const [what, goOn] of [
  ['resumed', async (runtime: Runtime) => (await runtime.resume('s1')).settled],
  ['followed up', async (runtime: Runtime) => (await runtime.followUp('s1', 'a1', 'Go on.')).ended],
] as const)
  test(`an agent that is ${what} gets no more than the settings allow by now`, async (t) => {
    const { runtime, server } = await left(t, await deadProcess(), { permission: () => 'read-only' });
    await runtime.openSession('s1');
    const command = sse.toolUseBlock(0, 'late', 'terminal', '{"command":"touch ran"}');
    server.answerNext(sse.wholeMessage('tool_use', command));
    await goOn(runtime);
    const late = runtime.session('s1')?.calls.get('late')?.state;
    assert.match(late?.status === 'denied' ? late.error.message : '', /read-only/);
  });

test('where a line was damaged, a call that may have started behind it is not run again', async (t) => {
  const { runtime, journal, server } = await left(t, await deadProcess());
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n').length;
  const line = (more: object, seq: number): string =>
    sealed(JSON.stringify({ v: 1, seq, at: 1, sessionId: 's1', callId: 'queued', ...more }));
  const started = line({ type: 'call.started', attempt: 1 }, lines + 1).replace('"attempt":1', '"attempt":2');
  const outcome = { status: 'succeeded', output: { text: 'ran', bytes: 3 } };
  const times = { durationMs: 1, attempts: 1 };
  await appendFile(journal, `${started}\n${line({ type: 'call.settled', outcome, times }, lines + 2)}\n`);
  const state = await runtime.openSession('s1');
  assert.equal(state.calls.get('queued')?.state.status, 'interrupted');
  await (
    await runtime.resume('s1')
  ).settled;
  assert.equal(state.calls.get('queued')?.state.status, 'interrupted');
  assert.match(JSON.stringify(server.requests[0]?.body.messages), /interrupted: .*ran.*queued/);
});
