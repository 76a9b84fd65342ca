/** The lanes: one p-queue each, with its own concurrency. */
import PQueue from 'p-queue';
import type { Lane } from '../core/tools.ts';

export const laneNames = ['io', 'process', 'model'] as const satisfies readonly Lane[];

export class Lanes {
  private readonly queues: Readonly<Record<Lane, PQueue>>;
  private widths: Readonly<Record<Lane, number>>;
  private readonly limits: Partial<Record<Lane, number>> = {};

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
   * an abort later is the work's own affair.
   */
  run<T>(lane: Lane | 'none', signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (lane === 'none') return work();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    // p-queue gets no signal: it would free the slot of running work. What left is passed over when its turn comes.
    void this.queues[lane].add(async () => {
      if (signal.aborted) return;
      signal.removeEventListener('abort', leave);
      await work().then(resolve, reject);
    });
    if (signal.aborted) leave();
    return promise;
  }

  private applyWidth(lane: Lane): void {
    this.queues[lane].concurrency = Math.min(this.widths[lane], this.limits[lane] ?? Infinity);
  }
}
