/** Lets the event loop run in the midst of long work: an editor whose extension host is busy for 50 ms stutters. */
import type { Clock } from '../core/ports.ts';

const longestStretchMs = 8;

export class Breather {
  private readonly clock: Clock;
  private since: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.since = clock.monotonicMs();
  }

  /** Whether it is time for a pause. */
  get isDue(): boolean {
    return this.clock.monotonicMs() - this.since >= longestStretchMs;
  }

  /** Settles in a later turn of the event loop. */
  async pause(): Promise<void> {
    await new Promise(setImmediate);
    this.since = this.clock.monotonicMs();
  }
}
