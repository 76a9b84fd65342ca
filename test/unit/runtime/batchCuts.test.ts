/** A batch whose program died at any line of its journal: it is whole, or what is missing is named. */
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { isSettled } from '../../../src/core/calls.ts';
import type { Batch, SessionState } from '../../../src/core/states.ts';
import { unrecordedInSession } from '../../../src/core/unrecordedCalls.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { batchResult } from '../../../src/views/batchResult.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { accountOfBatch, accountOfCounts, assertAccounted } from '../../fixtures/crash/accounts.ts';
import { journalCuts, leaveCut, type JournalCut } from '../../fixtures/crash/journalCuts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { wholeSession, type WholeSession } from './cutSession.ts';
import { testRuntime } from './testRuntime.ts';

const notes = (id: string) => ({ tool: 'terminal', input: { command: `echo ${id} >> notes.txt` } });
const inner = [
  { id: 'x', tool: 'read_file', input: { path: 'a.txt' } },
  { id: 'y', ...notes('y'), after: ['x'] },
];
const calls = [
  { id: 'a', ...notes('a') },
  { id: 'b', tool: 'read_file', input: { path: 'a.txt' } },
  { id: 'c', tool: 'run_batch', input: { calls: inner } },
];

interface Played extends WholeSession {
  readonly folder: string;
}

/** The batch as it goes where nothing disturbs it, of a file or of a program. */
async function undisturbed(t: TestContext, source: 'file' | 'api'): Promise<Played> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'alpha\n');
  const stateDir = await temporaryFolder(t);
  const runtime = testRuntime(t, stateDir);
  const { sessionId, settled } = await runtime.runBatch({
    batch: { version: 1, calls },
    ...(source === 'file' && { file: join(folder, 'three.batch.json') }),
    permission: 'unlimited',
    cwd: folder,
    roots: [folder],
  });
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    ['succeeded', 'succeeded', 'succeeded'],
  );
  await runtime.dispose();
  return { ...(await wholeSession(stateDir, sessionId)), folder };
}

/** Returns the next program's view of a session that died at the cut. */
async function taken(t: TestContext, played: Played, cut: JournalCut) {
  const stateDir = await temporaryFolder(t);
  await leaveCut(played, cut, stateDir);
  await writeFile(join(played.folder, 'notes.txt'), '');
  const runtime = testRuntime(t, stateDir);
  const state = await runtime.openSession(played.sessionId);
  const isMarked = (): Promise<boolean> => {
    const session = dirname(new SessionFolders(stateDir).journal(played.sessionId));
    return stat(join(session, 'unresolved')).then(
      () => true,
      () => false,
    );
  };
  return { runtime, state, stateDir, isMarked };
}

/** Undefined where it resumed, to its end; else why it could not be. */
async function resumed(runtime: Runtime, sessionId: string): Promise<string | undefined> {
  try {
    await (
      await runtime.resume(sessionId)
    ).settled;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function batchOf(state: SessionState): Batch | undefined {
  return [...state.batches.values()].find(({ source }) => source.kind !== 'call');
}

/** Of the batch, as its result counts it, and of those inside of its calls. */
function assertAllAccounted(state: SessionState, where: string): void {
  const result = batchResult(state, batchOf(state), state.lastAt);
  assert.equal(result.total, calls.length, where);
  assertAccounted(calls.length, accountOfCounts(result), where);
  for (const batch of state.batches.values())
    if (batch.source.kind === 'call')
      assertAccounted(inner.length, accountOfBatch(state, batch), `${where}: inside`);
}

/** Nothing whose start is on record runs again. */
async function assertNothingTwice({ folder }: Played, before: string, where: string): Promise<void> {
  const ran = (await readFile(join(folder, 'notes.txt'), 'utf8')).trim().split('\n').filter(Boolean);
  assert.equal(new Set(ran).size, ran.length, where);
  const startedBefore = (id: string): boolean =>
    before.includes(`"type":"call.started","callId":"${id === 'y' ? 'c/y' : id}"`);
  for (const id of ran) assert.equal(startedBefore(id), false, `${where}: ${id} ran again`);
}

void suite('J1: a batch that was cut at any line of its journal', () => {
  for (const source of ['file', 'api'] as const)
    test(`resumes as a whole or names what is missing: ${source}`, { timeout: 120_000 }, async (t) => {
      const played = await undisturbed(t, source);
      const lastQueued = played.events.findIndex((event) => 'callId' in event && event.callId === 'c') + 1;
      for (const cut of journalCuts(played.lines)) {
        const { where, wholeLines } = cut;
        const { runtime, state, isMarked } = await taken(t, played, cut);
        const problem = await resumed(runtime, played.sessionId);
        assertAllAccounted(state, where);
        await assertNothingTwice(played, cut.text, where);
        const onRecord = Math.max(0, Math.min(calls.length, wholeLines - 2));
        if (wholeLines >= lastQueued) assert.equal(unrecordedInSession(state).missing, 0, where);
        else {
          const missing = calls.length - onRecord;
          const words = `${missing} of 3 calls were not on record; run the ${source === 'file' ? 'file' : 'batch'} again.`;
          assert.ok(problem?.startsWith(words), `${where}: ${problem}`);
          assert.match(
            treeText(state, state.lastAt),
            new RegExp(`interrupted · 0 of 3 .*${missing} not on record`),
          );
          assert.equal(await readFile(join(played.folder, 'notes.txt'), 'utf8'), '', where);
        }
        await runtime.dispose();
        assert.equal(await isMarked(), wholeLines < lastQueued, where);
      }
    });

  test('resumes as a whole where its resume was cut, too', { timeout: 120_000 }, async (t) => {
    const played = await undisturbed(t, 'file');
    const started = played.events.findIndex((event) => event.type === 'call.started') + 1;
    const first = journalCuts(played.lines).find(({ wholeLines }) => wholeLines === started);
    assert.ok(first);
    const { runtime, stateDir } = await taken(t, played, first);
    assert.equal(await resumed(runtime, played.sessionId), undefined);
    await runtime.dispose();
    const again = { ...played, ...(await wholeSession(stateDir, played.sessionId)) };
    for (const cut of journalCuts(again.lines).filter(({ wholeLines }) => wholeLines > started)) {
      const next = await taken(t, again, cut);
      await resumed(next.runtime, played.sessionId);
      assertAllAccounted(next.state, cut.where);
      assert.equal(unrecordedInSession(next.state).missing, 0, cut.where);
      assert.equal(hasOpenCalls(next.state), false, cut.where);
      await assertNothingTwice(again, cut.text, cut.where);
      await next.runtime.dispose();
    }
  });

  test(
    'of which any line was changed accounts for all, and repeats no command',
    { timeout: 120_000 },
    async (t) => {
      const played = await undisturbed(t, 'file');
      for (let at = 1; at < played.lines.length; at += 1) {
        const lines = played.lines.with(at, (played.lines[at] ?? '').replace('"at":1', '"at":2'));
        const where = `line ${at + 1} changed`;
        const text = lines.map((line) => `${line}\n`).join('');
        const { runtime, state } = await taken(t, played, { where, wholeLines: at, text });
        await resumed(runtime, played.sessionId);
        assertAllAccounted(state, where);
        const ran = await readFile(join(played.folder, 'notes.txt'), 'utf8');
        assert.equal(ran, '', `${where}: what may have run ran again`);
        await runtime.dispose();
      }
    },
  );

  test(
    'is dismissed with what is missing still named, and its mark goes',
    { timeout: 120_000 },
    async (t) => {
      const played = await undisturbed(t, 'file');
      for (const cut of journalCuts(played.lines).filter(({ wholeLines }) => wholeLines < 5)) {
        const { runtime, state, isMarked } = await taken(t, played, cut);
        await runtime.dismiss(played.sessionId);
        assertAllAccounted(state, cut.where);
        assert.equal(hasOpenCalls(state), false, cut.where);
        assert.equal(unrecordedInSession(state).missing, Math.min(3, 5 - cut.wholeLines), cut.where);
        await runtime.dispose();
        assert.equal(await isMarked(), false, cut.where);
      }
    },
  );

  test(
    'has nothing open once it is read back, where its dismissal was cut',
    { timeout: 120_000 },
    async (t) => {
      const played = await undisturbed(t, 'file');
      const whole = journalCuts(played.lines).find(({ wholeLines }) => wholeLines === 5);
      assert.ok(whole);
      const { runtime, stateDir } = await taken(t, played, whole);
      await runtime.dismiss(played.sessionId);
      await runtime.dispose();
      const dismissed = { ...played, ...(await wholeSession(stateDir, played.sessionId)) };
      const first = dismissed.events.findIndex(({ type }) => type === 'batch.dismissed') + 1;
      for (const cut of journalCuts(dismissed.lines).filter(({ wholeLines }) => wholeLines >= first)) {
        const { runtime: next, state } = await taken(t, dismissed, cut);
        assert.equal(hasOpenCalls(state), false, cut.where);
        assertAllAccounted(state, cut.where);
        await next.dispose();
      }
    },
  );
});

function hasOpenCalls({ calls: all }: SessionState): boolean {
  return [...all.values()].some((call) => !isSettled(call.state));
}
