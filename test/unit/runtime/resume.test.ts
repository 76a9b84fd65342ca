/** A session whose host died after any event goes on as if nothing had happened, apart from what can't be known. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import { isSettled } from '../../../src/core/calls.ts';
import type { SessionState } from '../../../src/core/states.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { accountOfBatch, assertAccounted } from '../../fixtures/crash/accounts.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type MessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const note = (text: string): string => JSON.stringify({ command: `echo ${text} >> notes.txt` });

/** What the model says in each turn, whatever it is sent. */
const turns: readonly (readonly sse.SseEvent[])[] = [
  [
    sse.messageStart(),
    ...sse.textBlock(0, 'I look, ', 'then I note.'),
    ...sse.toolUseBlock(1, 'c1', 'read_file', '{"path":"a.txt"}'),
    ...sse.toolUseBlock(2, 'c2', 'terminal', note('one')),
    ...sse.toolUseBlock(3, 'c3', 'read_file', '{"path":"no'),
    ...sse.messageEnd('tool_use'),
  ],
  [
    sse.messageStart(),
    ...sse.toolUseBlock(
      0,
      'c4',
      'run_batch',
      JSON.stringify({
        calls: [
          { id: 'x', tool: 'read_file', input: { path: 'a.txt' } },
          { id: 'y', tool: 'terminal', input: JSON.parse(note('two')) as object, after: ['x'] },
        ],
      }),
    ),
    ...sse.messageEnd('tool_use'),
  ],
  [sse.messageStart(), ...sse.textBlock(0, 'Noted.'), ...sse.messageEnd('end_turn')],
];

interface Played {
  readonly folder: string;
  readonly sessionId: string;
  readonly lines: readonly string[];
  readonly events: readonly SessionEvent[];
  readonly server: MessagesServer;
  readonly stateDir: string;
}

async function freshWorkspace(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await writeFile(join(folder, 'a.txt'), 'alpha\n');
}

/** The session as it goes where nothing disturbs it. */
async function undisturbed(t: TestContext): Promise<Played> {
  const folder = join(await temporaryFolder(t), 'workspace');
  const stateDir = await temporaryFolder(t);
  await freshWorkspace(folder);
  const server = await startMessagesServer(({ messages }) => ({
    events: turns[messages.filter(({ role }) => role === 'assistant').length] ?? [],
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, stateDir, server.url);
  const run = await runtime.startAgent({
    prompt: 'Note it.',
    permission: 'unlimited',
    cwd: folder,
    roots: [folder],
  });
  assert.equal((await run.ended).text, 'Noted.');
  await runtime.dispose();
  const journal = await readFile(new SessionFolders(stateDir).journal(run.sessionId), 'utf8');
  const lines = journal.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as SessionEvent);
  return { folder, sessionId: run.sessionId, lines, events, server, stateDir };
}

/** A state folder in which the host died after so many events. */
async function diedAfter(t: TestContext, played: Played, count: number): Promise<string> {
  const stateDir = await temporaryFolder(t);
  const { sessionId, lines } = played;
  const from = dirname(new SessionFolders(played.stateDir).journal(sessionId));
  const journal = new SessionFolders(stateDir).journal(sessionId);
  for (const part of ['blobs', 'outputs'])
    await cp(join(from, part), join(dirname(journal), part), { recursive: true });
  await writeFile(
    journal,
    lines
      .slice(0, count)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return stateDir;
}

/** A request's body as text, without what marks the prompt cache. */
function bytesOf(body: MessagesBody): string {
  const text = JSON.stringify(body, (key, value: unknown) => (key === 'cache_control' ? undefined : value));
  // The server gives a turn that is asked again the same ids; they are taken, where the API's own would be new.
  return text.replace(/\b(c\d)_2\b/g, '$1');
}

/** Says where two texts part, instead of showing both. */
function assertSame(actual: string, wanted: string, where: string): void {
  if (actual === wanted) return;
  let at = 0;
  while (actual[at] === wanted[at]) at += 1;
  assert.equal(
    actual.slice(Math.max(0, at - 60), at + 60),
    wanted.slice(Math.max(0, at - 60), at + 60),
    where,
  );
}

test('after any event: all calls of an ended reply are there (J1), nothing runs twice, the requests are the same bytes, and the end is the same', async (t) => {
  const played = await undisturbed(t);
  const { folder, sessionId, events, server } = played;
  const wanted = server.requests.map(({ body }) => bytesOf(body));
  const first = events.findIndex(({ type }) => type === 'agent.created') + 1;
  const last = events.findIndex(({ type }) => type === 'run.ended');
  assert.ok(first > 0 && last > first);
  for (let count = first; count <= last; count += 1) {
    const where = `after event ${count}, ${events[count - 1]?.type}`;
    const before = fold(events.slice(0, count));
    assert.ok(before);
    await freshWorkspace(folder);
    const runtime = testRuntime(t, await diedAfter(t, played, count), server.url);
    const state = await runtime.openSession(sessionId);
    const requestsBefore = server.requests.length;
    const { started, ended } = watch(runtime);
    const resumed = await runtime.resume(sessionId);
    const [run] = resumed.runs;
    const ending = await run?.ended;
    assert.equal(`${ending?.status} ${ending?.text}`, 'completed Noted.', where);
    assert.deepEqual(unsettled(state), [], where);
    assertCallsAccounted(state, before, where);
    for (const id of settledIn(before)) assert.ok(!started.includes(id), `${where}: ${id} ran again`);
    assert.equal(new Set(ended).size, ended.length, `${where}: an outcome came twice`);
    checkRequests(
      server.requests.slice(requestsBefore).map(({ body }) => body),
      wanted,
      before,
      where,
    );
    assert.equal(await notes(folder), expectedNotes(before), where);
    await runtime.dispose();
  }
});

/**
 * J1: of each reply that has ended, and of each container that ran, all calls are there; a cut reply is
 * named.
 */
function assertCallsAccounted(state: SessionState, before: SessionState, where: string): void {
  for (const batch of state.batches.values()) {
    const { source, callCount } = batch;
    const turn = source.kind === 'turn' ? state.turns.get(source.turnId) : undefined;
    const asked = callCount ?? batch.callIds.length;
    assert.equal(callCount === undefined, turn?.state.status === 'discarded', `${where}: ${batch.id}`);
    assertAccounted(asked, accountOfBatch(state, batch), where);
  }
  for (const { id, state: left, batchId } of before.turns.values()) {
    if (left.status !== 'streaming') continue;
    const now = state.turns.get(id)?.state;
    assert.ok(now?.status === 'discarded', where);
    const begun = before.batches.get(batchId ?? '')?.callIds.some((callId) => hasBegun(before, callId));
    assert.equal(/ of it had begun; it is asked for again\.$/.test(now.reason), begun === true, where);
  }
}

/** A call that was refused at once has its outcome without a start. */
function hasBegun({ calls }: SessionState, callId: string): boolean {
  const status = calls.get(callId)?.state.status;
  return status !== undefined && status !== 'queued';
}

function watch(runtime: Runtime): { readonly started: string[]; readonly ended: string[] } {
  const started: string[] = [];
  const ended: string[] = [];
  runtime.onEvent((event) => {
    if (event.type === 'call.started') started.push(event.callId);
    if (event.type === 'call.settled') ended.push(event.callId);
  });
  return { started, ended };
}

function settledIn(state: SessionState): readonly string[] {
  return [...state.calls.values()].filter((call) => isSettled(call.state)).map(({ id }) => id);
}

function unsettled(state: SessionState): readonly string[] {
  return [...state.calls.values()].filter((call) => !isSettled(call.state)).map(({ id }) => id);
}

/** Commands that ran when the host died: nobody knows what they did. */
function lost(before: SessionState): readonly string[] {
  return [...before.calls.values()]
    .filter(({ tool, state }) => tool === 'terminal' && state.status === 'running')
    .map(({ id }) => id);
}

function checkRequests(
  sent: readonly MessagesBody[],
  wanted: readonly string[],
  before: SessionState,
  where: string,
): void {
  const done = [...before.turns.values()].filter(({ state }) => state.status === 'ended').length;
  assert.equal(sent.length, wanted.length - done, `${where}: requests`);
  sent.forEach((body, index) => {
    const original = wanted[done + index] ?? '';
    if (lost(before).length === 0) return assertSame(bytesOf(body), original, `${where}: request ${index}`);
    const { messages, ...rest } = JSON.parse(original) as MessagesBody;
    const { messages: resent, ...restSent } = JSON.parse(bytesOf(body)) as MessagesBody;
    assert.deepEqual(restSent, rest, where);
    assert.match(JSON.stringify(resent), /effect is unknown: check before you repeat it/, where);
    // All that was sent before the interruption is sent as it was.
    const same = 2 * Math.max(0, before.turns.size - 1) + 1;
    assertSame(JSON.stringify(resent.slice(0, same)), JSON.stringify(messages.slice(0, same)), where);
  });
}

async function notes(folder: string): Promise<string> {
  return readFile(join(folder, 'notes.txt'), 'utf8').catch(() => '');
}

/** A command whose start is journalled was not repeated; the fresh folder has only what ran after the death. */
function expectedNotes(before: SessionState): string {
  const ranBefore = (id: string): boolean => {
    const call = before.calls.get(id);
    // A turn that was cut is asked again, and its calls get ids of their own.
    if (!call || isVoid(before, id)) return false;
    return isSettled(call.state) || call.state.status === 'running';
  };
  return `${ranBefore('c2') ? '' : 'one\n'}${ranBefore('c4/y') ? '' : 'two\n'}`;
}

function isVoid(state: SessionState, callId: string): boolean {
  const source = state.batches.get(state.calls.get(callId)?.batchId ?? '')?.source;
  if (source?.kind === 'call') return isVoid(state, source.callId);
  return source?.kind === 'turn' && state.turns.get(source.turnId)?.state.status !== 'ended';
}
