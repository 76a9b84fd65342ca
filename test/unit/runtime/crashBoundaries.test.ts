/** A program that is killed at every boundary of its journal, and what the next one makes of its session. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import { isSettled } from '../../../src/core/calls.ts';
import type { SessionState } from '../../../src/core/states.ts';
import {
  assertGoesOnFrom,
  assertPrefix,
  assertTakenOver,
  assertToldIsSaved,
} from '../../fixtures/crash/crashChecks.ts';
import {
  buildCrashChild,
  runUntilBoundary,
  type CrashedRun,
  type CrashPlace,
} from '../../fixtures/crash/crashHarness.ts';
import { commandLogs, scriptedReply, scriptFiles, writtenFiles } from '../../fixtures/crash/crashScript.ts';
import { resumeToEnd } from '../../fixtures/crash/resumeToEnd.ts';
import { scriptId, sessionEnd, type SessionEnd } from '../../fixtures/crash/sessionEnd.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

test(
  'killed at any boundary of its journal and resumed, a session ends as if nothing had happened',
  { timeout: 300_000 },
  async (t) => {
    const server = await startMessagesServer(scriptedReply);
    t.after(() => server.close());
    const root = await temporaryFolder(t);
    await buildCrashChild(root);
    const place: CrashPlace = { root, baseUrl: server.url, files: scriptFiles };
    const undisturbed = await endUndisturbed(place);
    let next = 1;
    let isOver = false;
    const untilOver = async (): Promise<void> => {
      while (!isOver) {
        const boundary = next++;
        const hadBoundary = await recovers(t, boundary, place, undisturbed).catch((error: unknown) => {
          isOver = true;
          throw error;
        });
        if (!hadBoundary) isOver = true;
      }
    };
    for (const end of await Promise.allSettled([untilOver(), untilOver()]))
      if (end.status === 'rejected') throw end.reason;
    assert.ok(next > 100, `${next} boundaries`);
  },
);

async function endUndisturbed(place: CrashPlace): Promise<SessionEnd> {
  const run = await runUntilBoundary(Infinity, place);
  const state = fold(await assertPrefix(run));
  assert.ok(state);
  const end = await sessionEnd(state, run.workspace);
  assert.deepEqual(end.files, writtenFiles);
  return end;
}

/** False where the session had no such boundary any more. */
async function recovers(
  t: TestContext,
  boundary: number,
  place: CrashPlace,
  undisturbed: SessionEnd,
): Promise<boolean> {
  const run = await runUntilBoundary(boundary, place);
  try {
    if (run.wasKilled) await assertRecovers(t, run, place, undisturbed);
    return run.wasKilled;
  } catch (error) {
    throw new Error(`After boundary ${boundary}, where the journal had ${run.handed.length} events`, {
      cause: error,
    });
  }
}

async function assertRecovers(
  t: TestContext,
  run: CrashedRun,
  { baseUrl }: CrashPlace,
  undisturbed: SessionEnd,
): Promise<void> {
  const before = run.sessionId === undefined ? [] : await assertPrefix(run);
  assertToldIsSaved(run, before);
  const left = fold(before);
  if (!left?.agents.get('agent-1')?.runs.length) return assertNothingDone(run);
  await assertIntended(run, left);
  const runtime = testRuntime(t, run.stateDir, baseUrl, { log: { ...strictLog, warn: () => undefined } });
  const state = await runtime.openSession(left.id);
  assertTakenOver(state, before);
  await resumeToEnd(runtime, left.id);
  await runtime.dispose();
  const after = await assertGoesOnFrom(run, before);
  assertNothingTwice(left, after.slice(before.length));
  assertSameEnd(left, state, await sessionEnd(state, run.workspace), undisturbed);
}

async function assertNothingDone({ workspace }: CrashedRun): Promise<void> {
  assert.deepEqual((await readdir(workspace)).toSorted(), Object.keys(scriptFiles).toSorted());
}

/** No effect came before its intent was on disk. */
async function assertIntended({ workspace }: CrashedRun, { calls }: SessionState): Promise<void> {
  const started = [...calls.values()].filter(({ state }) => state.status === 'running' || isSettled(state));
  const ids = new Set(started.map(({ id }) => id));
  for (const [name, id] of Object.entries(commandLogs)) {
    const text = await readFile(path.join(workspace, name), 'utf8').catch(() => '');
    assert.ok(text === '' || ids.has(id), `${id} had run before the journal knew of it`);
  }
}

/** What has an outcome is not started again, and gets no second one. */
function assertNothingTwice({ calls }: SessionState, resumed: readonly SessionEvent[]): void {
  const settled = new Set([...calls.values()].filter(({ state }) => isSettled(state)).map(({ id }) => id));
  for (const event of resumed) {
    if (event.type === 'call.started') assert.ok(!settled.has(event.callId), `${event.callId} ran again`);
    if (event.type !== 'call.settled' || event.outcome.status === 'interrupted') continue;
    assert.ok(!settled.has(event.callId), `${event.callId} has a second outcome`);
    settled.add(event.callId);
  }
}

/** Only of a command and of a started sub-agent can it be unknown what they did; all else ends as it always does. */
function assertSameEnd(
  left: SessionState,
  { calls }: SessionState,
  end: SessionEnd,
  undisturbed: SessionEnd,
): void {
  const lost = [...calls.values()].filter(({ state }) => state.status === 'interrupted');
  for (const { id, tool } of lost) {
    assert.ok(['terminal', 'spawn_agent'].includes(tool), `${id} is interrupted`);
    assert.equal(left.calls.get(id)?.state.status, 'running');
  }
  const lostIds = new Set(lost.map(({ id }) => scriptId(id)));
  const wanted = {
    ...undisturbed,
    calls: mapValues(undisturbed.calls, (text, id) => (lostIds.has(id) ? 'interrupted' : text)),
    files: mapValues(undisturbed.files, (text, name) => {
      const mayLack = lostIds.has(commandLogs[name] ?? '') && end.files[name] === undefined;
      return mayLack ? undefined : text;
    }),
  };
  assert.deepEqual(end, wanted);
}

/** Without those that become undefined. */
function mapValues(
  record: Readonly<Record<string, string>>,
  map: (value: string, key: string) => string | undefined,
): Readonly<Record<string, string>> {
  const mapped = Object.entries(record).map(([key, value]) => [key, map(value, key)] as const);
  return Object.fromEntries(mapped.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
