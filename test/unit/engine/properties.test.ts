/** What holds for every batch, whatever its calls do and in whatever order things happen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSettled, type CallRequest, type Dependency } from '../../../src/core/calls.ts';
import type { Effects } from '../../../src/core/effects.ts';
import { fold } from '../../../src/core/reduce.ts';
import type { Tool, ToolContext, ToolResult } from '../../../src/core/tools.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

type Behaviour =
  'succeeds' | 'fails' | 'throws' | 'rejectsUndefined' | 'returnsNothing' | 'hangs' | 'ignoresItsSignal';
type Touch = 'nothing' | 'readsA' | 'writesA' | 'readsTree' | 'writesB' | 'unknown';

interface Drawn {
  readonly behaviour: Behaviour;
  readonly touch: Touch;
  /** Calls that it comes after, as places in the batch; a place of its own or later makes cycles possible. */
  readonly after: readonly { readonly place: number; readonly when: Dependency['when'] }[];
  readonly aborts: boolean;
}

interface DrawnBatch {
  readonly calls: readonly Drawn[];
  readonly width: number;
  readonly failFast: boolean;
  /** After how many steps all is cancelled; never where absent. */
  readonly cancelAfter: number | undefined;
}

const effects: Readonly<Record<Touch, Effects>> = {
  nothing: { kind: 'known', reads: [], writes: [] },
  readsA: { kind: 'known', reads: ['file:/w/a'], writes: [] },
  writesA: { kind: 'known', reads: [], writes: ['file:/w/a'] },
  readsTree: { kind: 'known', reads: ['tree:/w'], writes: [] },
  writesB: { kind: 'known', reads: [], writes: ['file:/w/b'] },
  unknown: { kind: 'unknown' },
};

/** Pairs that may not be under way together, written out by hand from design.md's table. */
const conflicts: ReadonlySet<string> = new Set([
  'readsA writesA',
  'writesA writesA',
  'readsTree writesA',
  'readsTree writesB',
  'writesB writesB',
  'unknown writesA',
  'unknown writesB',
]);

function drawnCall(
  behaviours: readonly Behaviour[],
  isCyclic: boolean,
): (place: number) => fc.Arbitrary<Drawn> {
  return (place) =>
    fc.record({
      behaviour: fc.constantFrom(...behaviours),
      touch: fc.constantFrom<Touch>('nothing', 'readsA', 'writesA', 'readsTree', 'writesB', 'unknown'),
      after: fc.array(
        fc.record({
          place: isCyclic ? fc.nat(8) : fc.nat(Math.max(0, place - 1)),
          when: fc.constantFrom('succeeded' as const, 'settled' as const),
        }),
        { maxLength: !isCyclic && place === 0 ? 0 : 2 },
      ),
      aborts: fc.boolean(),
    });
}

function calls(behaviours: readonly Behaviour[], isCyclic: boolean): fc.Arbitrary<readonly Drawn[]> {
  const drawn = drawnCall(behaviours, isCyclic);
  return fc
    .integer({ min: 1, max: 9 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, place) => drawn(place))));
}

/** Runs a drawn batch to its end; the scheduler decides which tool ends next, the clock moves when none can. */
async function runDrawn(drawn: DrawnBatch, scheduler: fc.Scheduler, watch: Watch): Promise<TestBatch> {
  const test = await startTestBatch({
    tools: drawn.calls.map((entry, place) => drawnTool(entry, place, scheduler, watch)),
    calls: drawn.calls.map((entry, place) => drawnRequest(entry, place, drawn.calls.length)),
    lanes: { io: drawn.width },
    failFast: drawn.failFast,
  });
  let hasEnded = false;
  void test.batch.ended.then(() => (hasEnded = true));
  for (let step = 0; !hasEnded; step += 1) {
    assert.ok(step < 300, 'the batch does not end');
    await settleDown();
    if (step === drawn.cancelAfter) test.batch.cancel('person');
    else if (scheduler.count() > 0) await scheduler.waitOne();
    else test.clock.advance(1000);
  }
  return test;
}

/** Sees what runs together. */
class Watch {
  readonly running = new Map<string, Touch>();
  mostAtOnce = 0;
  overlaps: string[] = [];

  start(id: string, touch: Touch): void {
    for (const [other, otherTouch] of this.running)
      if (conflicts.has([touch, otherTouch].sort().join(' '))) this.overlaps.push(`${other} and ${id}`);
    this.running.set(id, touch);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running.size);
  }

  end(id: string): void {
    this.running.delete(id);
  }
}

function drawnTool({ behaviour, touch }: Drawn, place: number, scheduler: fc.Scheduler, watch: Watch): Tool {
  const name = `call-${place}`;
  const run = async (_input: unknown, { signal }: ToolContext): Promise<ToolResult> => {
    watch.start(name, touch);
    // Who ignores its signal is out of the engine's hands once it was stopped.
    signal.addEventListener('abort', () => watch.end(name));
    if (behaviour === 'ignoresItsSignal') return new Promise(() => undefined);
    if (behaviour === 'hangs') return untilStopped(signal);
    await Promise.race([scheduler.schedule(Promise.resolve(), name), untilStopped(signal)]);
    watch.end(name);
    if (signal.aborted) return failed('stopped');
    return ends[behaviour]();
  };
  return tool(name, run, { effectsAre: effects[touch], timeoutMs: 500 });
}

const ends: Readonly<Record<Exclude<Behaviour, 'hangs' | 'ignoresItsSignal'>, () => ToolResult>> = {
  succeeds: () => done(),
  fails: () => failed(),
  throws: () => {
    throw new Error('thrown');
  },
  rejectsUndefined: () => {
    throw undefined; // eslint-disable-line @typescript-eslint/only-throw-error -- tools can throw anything
  },
  returnsNothing: () => undefined as unknown as ToolResult,
};

function untilStopped(signal: AbortSignal): Promise<ToolResult> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed('stopped'))));
}

function drawnRequest({ after, aborts }: Drawn, place: number, count: number): CallRequest {
  const dependencies = after.map((entry): Dependency => ({
    id: `call-${entry.place % count}`,
    when: entry.when,
  }));
  return call(`call-${place}`, `call-${place}`, {
    after: dependencies,
    ...(aborts && place % 4 === 0 && { onFailure: 'abort' }),
  });
}

const anyBehaviour: readonly Behaviour[] = [
  'succeeds',
  'fails',
  'throws',
  'rejectsUndefined',
  'returnsNothing',
  'hangs',
  'ignoresItsSignal',
];

test('every call has exactly one outcome, in order; lanes and conflicts are kept; a replay gives the same state', async () => {
  const batches = fc.record({
    calls: calls(anyBehaviour, true),
    width: fc.integer({ min: 1, max: 4 }),
    failFast: fc.boolean(),
    cancelAfter: fc.option(fc.nat(20), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(batches, fc.scheduler(), async (drawn, scheduler) => {
      const watch = new Watch();
      const { batch, session } = await runDrawn(drawn, scheduler, watch);
      const ids = drawn.calls.map((_, place) => `call-${place}`);
      assert.deepEqual(batch.callIds, ids);
      const settled = session.events.flatMap((event) =>
        event.type === 'call.settled' ? [event.callId] : [],
      );
      assert.deepEqual(settled.toSorted(), ids.toSorted());
      assert.ok([...session.log.state.calls.values()].every(({ state }) => isSettled(state)));
      assert.ok(watch.mostAtOnce <= drawn.width, `${watch.mostAtOnce} ran in a lane of ${drawn.width}`);
      assert.deepEqual(watch.overlaps, []);
      assert.deepEqual(fold(session.events), session.log.state);
    }),
    { numRuns: 300 },
  );
});

test("a call's outcome depends on itself and its dependencies alone", async () => {
  const batches = fc.record({
    calls: calls(
      anyBehaviour.filter((behaviour) => behaviour !== 'ignoresItsSignal'),
      false,
    ),
    width: fc.integer({ min: 1, max: 4 }),
    failFast: fc.constant(false),
    cancelAfter: fc.constant(undefined),
  });
  await fc.assert(
    fc.asyncProperty(batches, fc.scheduler(), async (drawn, scheduler) => {
      const calm = { ...drawn, calls: drawn.calls.map((entry) => ({ ...entry, aborts: false })) };
      const { session } = await runDrawn(calm, scheduler, new Watch());
      const statuses = drawn.calls.map(
        (_, place) => session.log.state.calls.get(`call-${place}`)?.state.status,
      );
      assert.deepEqual(statuses, expectedStatuses(drawn.calls));
    }),
    { numRuns: 300 },
  );
});

/** Each call judged by itself, dependencies first: they stand before it. */
function expectedStatuses(drawn: readonly Drawn[]): readonly string[] {
  const statuses: string[] = [];
  for (const { behaviour, after } of drawn) {
    const isSkipped = after.some(
      ({ place, when }) => when === 'succeeded' && statuses[place] !== 'succeeded',
    );
    const own = behaviour === 'succeeds' ? 'succeeded' : behaviour === 'hangs' ? 'timedOut' : 'failed';
    statuses.push(isSkipped ? 'skipped' : own);
  }
  return statuses;
}
