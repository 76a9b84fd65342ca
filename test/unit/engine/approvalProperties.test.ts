/** What holds for every batch some of whose calls ask, in whatever order answers come, files change and writes reach the disk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSettled, type ApprovalAnswer, type ApprovalRequest } from '../../../src/core/calls.ts';
import type { Effects } from '../../../src/core/effects.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import { fold } from '../../../src/core/reduce.ts';
import type { Call } from '../../../src/core/states.ts';
import type { Lane, Tool } from '../../../src/core/tools.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { Locks, type Lock } from '../../../src/engine/locks.ts';
import { Stopping, type StopSignal } from '../../../src/engine/stopping.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

type Answer = ApprovalAnswer | 'never';

interface Drawn {
  readonly asks: boolean;
  /** Of its first question, its second and so on; the last one counts for all that follow. */
  readonly answers: readonly Answer[];
  /** How often the file that it is bound to changes, some time. */
  readonly changes: number;
  /** Whether its first attempt fails, and it has a second. */
  readonly fails: boolean;
  readonly touch: keyof typeof effects;
}

interface DrawnBatch {
  readonly calls: readonly Drawn[];
  readonly width: number;
  readonly cancelAfter: number | undefined;
}

const effects = {
  nothing: { kind: 'known', reads: [], writes: [] },
  readsA: { kind: 'known', reads: ['file:/w/a'], writes: [] },
  writesA: { kind: 'known', reads: [], writes: ['file:/w/a'] },
  writesB: { kind: 'known', reads: [], writes: ['file:/w/b'] },
  unknown: { kind: 'unknown' },
} as const satisfies Readonly<Record<string, Effects>>;

const answers: fc.Arbitrary<Answer> = fc.constantFrom(
  'allowOnce',
  'allowOnce',
  'allowForSession',
  'allowAlways',
  'deny',
  'nobodyThere',
  'never',
);

const batches: fc.Arbitrary<DrawnBatch> = fc.record({
  calls: fc.array(
    fc.record({
      asks: fc.boolean(),
      answers: fc.array(answers, { minLength: 1, maxLength: 3 }),
      changes: fc.nat(2),
      fails: fc.boolean(),
      touch: fc.constantFrom('nothing', 'readsA', 'writesA', 'writesB', 'unknown'),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  width: fc.integer({ min: 1, max: 3 }),
  cancelAfter: fc.option(fc.nat(30), { nil: undefined }),
});

/** Who is in a slot. */
class WatchedLanes extends Lanes {
  readonly inside = new Set<StopSignal>();

  override run<T>(lane: Lane | 'none', signal: StopSignal, work: () => Promise<T>, urgency = 0): Promise<T> {
    const watched = (): Promise<T> => {
      this.inside.add(signal);
      return work().finally(() => this.inside.delete(signal));
    };
    return super.run(lane, signal, watched, urgency);
  }
}

/** Who holds keys, or waits for them. */
class WatchedLocks extends Locks {
  readonly claims = new Set<string>();

  override acquire(owner: string, wanted: Effects, signal: StopSignal): Lock | Promise<Lock> {
    const lock = super.acquire(owner, wanted, signal);
    this.claims.add(owner);
    const watched = (held: Lock): Lock => ({
      abandon: () => held.abandon(),
      release: () => {
        this.claims.delete(owner);
        held.release();
      },
    });
    return lock instanceof Promise ? lock.then(watched) : watched(lock);
  }
}

/** One drawn batch, and what was wrong while it ran. */
class Play {
  readonly lanes: WatchedLanes;
  readonly locks = new WatchedLocks();
  readonly faults: string[] = [];
  readonly waitingNow = new Set<string>();
  private readonly drawn: DrawnBatch;
  private readonly scheduler: fc.Scheduler;
  private readonly hashes = new Map<string, number>();
  private readonly looked = new Map<string, string>();
  private readonly questions = new Map<string, number>();
  private recorder: Recorder | undefined;

  constructor(drawn: DrawnBatch, scheduler: fc.Scheduler) {
    this.drawn = drawn;
    this.scheduler = scheduler;
    this.lanes = new WatchedLanes({ io: drawn.width, process: 1, model: 1 });
  }

  async start(): Promise<TestBatch> {
    const { drawn, lanes, locks } = this;
    drawn.calls.forEach(({ changes }, index) => {
      for (let change = 0; change < changes; change += 1)
        void this.scheduler.schedule(Promise.resolve(), 'a file changes').then(() => this.change(index));
    });
    return startTestBatch({
      tools: drawn.calls.map((entry, index) => this.tool(entry, index)),
      calls: drawn.calls.map(({ fails }, index) =>
        call(idOf(index), idOf(index), { ...(fails && { retries: 1 }) }),
      ),
      lanes,
      locks,
      recorderBefore: (recorder) => this.slowDisk(recorder),
      judge: (name) => ({ kind: drawn.calls[Number(name.slice(1))]?.asks ? 'ask' : 'allow' }),
      ask: (request, signal) => this.ask(request, signal),
    });
  }

  /** What must be durable takes effect, and settles, when the scheduler lets it. */
  private slowDisk(recorder: Recorder): Recorder {
    this.recorder = {
      state: recorder.state,
      record: async (event, durability) => {
        if (durability === 'durable') await this.scheduler.schedule(Promise.resolve(), event.type);
        await recorder.record(event, durability);
      },
    };
    return this.recorder;
  }

  private change(index: number): void {
    this.hashes.set(idOf(index), (this.hashes.get(idOf(index)) ?? 0) + 1);
  }

  private tool({ asks, fails, touch }: Drawn, index: number): Tool {
    const id = idOf(index);
    let runs = 0;
    return tool(
      id,
      async () => {
        if (asks) this.checkApproval(id);
        await this.scheduler.schedule(Promise.resolve(), `${id} runs`);
        return fails && (runs += 1) === 1 ? failed() : done();
      },
      {
        access: 'command',
        timeoutMs: Infinity,
        effectsAre: effects[touch],
        boundTo: () => {
          const hash = String(this.hashes.get(id) ?? 0);
          this.looked.set(id, hash);
          return Promise.resolve([{ path: `/w/${id}.sh`, hash }]);
        },
      },
    );
  }

  /** It runs: then its approval is on disk, and for what was there when it was looked at last. */
  private checkApproval(id: string): void {
    const approval = this.recorder?.state.calls.get(id)?.approval;
    if (!approval) this.faults.push(`${id} ran without an approval`);
    else if (approval.by === 'person' && !approval.answer.startsWith('allow'))
      this.faults.push(`${id} ran after ${approval.answer}`);
    else if (approval.request.bound?.[0]?.hash !== this.looked.get(id))
      this.faults.push(`${id} ran with another file than was approved`);
  }

  private async ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    const { callId: id } = request;
    const slots = [...this.lanes.inside].filter((held) => held instanceof Stopping && held.signal === signal);
    if (slots.length > 0) this.faults.push(`${id} asks in its slot`);
    if (this.locks.claims.has(id)) this.faults.push(`${id} asks with its locks`);
    const asked = this.questions.get(id) ?? 0;
    this.questions.set(id, asked + 1);
    const given = this.drawn.calls[Number(id.slice(1))]?.answers ?? [];
    const answer = given[asked] ?? given.at(-1) ?? 'never';
    this.waitingNow.add(id);
    try {
      if (answer === 'never') return await untilAborted(signal);
      await this.scheduler.schedule(Promise.resolve(), `${id} is answered`);
      return answer;
    } finally {
      this.waitingNow.delete(id);
    }
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}

function idOf(index: number): string {
  return `c${index}`;
}

/** Ends what nobody answers, once all else is over; what that is must wait for it. */
async function runToEnd(play: Play, drawn: DrawnBatch, scheduler: fc.Scheduler): Promise<TestBatch> {
  const test = await play.start();
  let hasEnded = false;
  void test.batch.ended.then(() => (hasEnded = true));
  for (let step = 0, idle = 0; !hasEnded; step += 1) {
    assert.ok(step < 500, 'the batch does not end');
    await settleDown();
    if (scheduler.count() > 0) idle = 0;
    if (step === drawn.cancelAfter) test.batch.cancel('person');
    else if (scheduler.count() > 0) await scheduler.waitOne();
    else if ((idle += 1) < 5) test.clock.advance(1000);
    else {
      assert.deepEqual(stuck(test, play), [], 'held up by nobody');
      test.batch.cancel('person');
    }
  }
  // An outcome is told a moment before its slot is free.
  while (scheduler.count() > 0) await scheduler.waitOne();
  await settleDown();
  return test;
}

/** The calls without an outcome that neither wait for a person nor for such a call. */
function stuck({ session }: TestBatch, { waitingNow }: Play): readonly string[] {
  const { calls } = session.log.state;
  const waits = (entry: Call | undefined): boolean =>
    entry !== undefined &&
    (waitingNow.has(entry.id) ||
      (entry.state.status === 'blocked' && entry.state.waitsFor.some((id) => waits(calls.get(id)))));
  return [...calls.values()].filter((entry) => !isSettled(entry.state) && !waits(entry)).map(({ id }) => id);
}

test('whoever asks holds nothing, nothing runs without its approval, and every call has one outcome', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.scheduler(), async (drawn, scheduler) => {
      const play = new Play(drawn, scheduler);
      const { session, batch } = await runToEnd(play, drawn, scheduler);
      assert.deepEqual(play.faults, []);
      const settled = session.events.flatMap((event) =>
        event.type === 'call.settled' ? [event.callId] : [],
      );
      assert.deepEqual(settled.toSorted(), [...batch.callIds].toSorted());
      assert.deepEqual([...play.locks.claims, ...play.lanes.inside], []);
      assert.deepEqual(fold(session.events), session.log.state);
    }),
    { numRuns: 300 },
  );
});
