/** The lanes: one p-queue each, with its own concurrency. */
import PQueue from 'p-queue';
import type { Lane } from '../core/tools.ts';

export const laneNames = ['io', 'process', 'model'] as const satisfies readonly Lane[];

export class Lanes {
  private readonly queues: Readonly<Record<Lane, PQueue>>;

  constructor(concurrency: Readonly<Record<Lane, number>>) {
    this.queues = {
      io: new PQueue({ concurrency: concurrency.io }),
      process: new PQueue({ concurrency: concurrency.process }),
      model: new PQueue({ concurrency: concurrency.model }),
    };
  }

  /** Changes the widths; running work goes on. */
  resize(concurrency: Readonly<Record<Lane, number>>): void {
    for (const name of laneNames) this.queues[name].concurrency = concurrency[name];
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
}
