/** The lanes: one p-queue each, with its own concurrency. */
import PQueue from 'p-queue';
import type { Lane } from '../core/tools.ts';
import type { StopSignal } from './stopping.ts';

export const laneNames = ['io', 'process', 'model'] as const satisfies readonly Lane[];

/** Calls that may be astray beside the narrowest lane. One hung read must not stop a lane of one slot. */
const leastStrays = 2;

/** So much work that can't be stopped is under way beside the lane that nothing more may start in it. */
export class LaneStuckError extends Error {
  constructor(lane: Lane, count: number) {
    super(
      `${count} calls that were stopped may still run beside the lane ${lane}, so nothing more starts in it. ` +
        'Wait until they have ended, or restart the host.',
    );
    this.name = 'LaneStuckError';
  }
}

export class Lanes {
  private readonly queues: Readonly<Record<Lane, PQueue>>;
  private widths: Readonly<Record<Lane, number>>;
  private readonly limits: Partial<Record<Lane, number>> = {};
  /** Work that was stopped, has given up its slot, and may still run. */
  private readonly strays: Record<Lane, number> = { io: 0, process: 0, model: 0 };

  constructor(concurrency: Readonly<Record<Lane, number>>) {
    this.widths = concurrency;
    this.queues = {
      io: new PQueue({ concurrency: concurrency.io }),
      process: new PQueue({ concurrency: concurrency.process }),
      model: new PQueue({ concurrency: concurrency.model }),
    };
  }

  /** Changes the widths; running work goes on. */
  resize(concurrency: Readonly<Record<Lane, number>>): void {
    this.widths = concurrency;
    for (const name of laneNames) this.applyWidth(name);
  }

  /** The width that the user set. */
  widthOf(lane: Lane): number {
    return this.widths[lane];
  }

  /** Keeps the lane narrower than its width, until the next limit; running work goes on. */
  limit(lane: Lane, width: number): void {
    this.limits[lane] = width;
    this.applyWidth(lane);
  }

  /** Starts nothing more in the lane until `resume`; running work goes on. */
  pause(lane: Lane): void {
    this.queues[lane].pause();
  }

  resume(lane: Lane): void {
    this.queues[lane].start();
  }

  /**
   * Runs `work` in a slot of the lane, which is freed when the work is over and not before.
   * An abort while it waits rejects with the signal's reason at once, and the work never starts;
   * an abort later is the work's own affair. Rejects with LaneStuckError where too much work is astray.
   * Of what waits, the most urgent starts first, and of that what came first.
   */
  run<T>(lane: Lane | 'none', signal: StopSignal, work: () => Promise<T>, urgency = 0): Promise<T> {
    if (lane === 'none') return work();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    // p-queue gets no signal: it would free the slot of running work. What left is passed over when its turn comes.
    const start = async (): Promise<void> => {
      if (signal.aborted) return;
      signal.removeEventListener('abort', leave);
      if (this.strays[lane] >= Math.max(this.widths[lane], leastStrays))
        reject(new LaneStuckError(lane, this.strays[lane]));
      else await work().then(resolve, reject);
    };
    void this.queues[lane].add(start, { priority: urgency });
    if (signal.aborted) leave();
    return promise;
  }

  /** Counts work that gave up its slot and may still run, until it is over. */
  goAstray(lane: Lane, over: Promise<unknown>): void {
    this.strays[lane] += 1;
    const end = (): void => void (this.strays[lane] -= 1);
    over.then(end, end);
  }

  private applyWidth(lane: Lane): void {
    this.queues[lane].concurrency = Math.min(this.widths[lane], this.limits[lane] ?? Infinity);
  }
}
