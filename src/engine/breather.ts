/** Lets the event loop run in the midst of long work: an editor whose extension host is busy for 50 ms stutters. */

const longestStretchMs = 8;

export class Breather {
  private since = performance.now();

  /** Whether it is time for a pause. */
  get isDue(): boolean {
    return performance.now() - this.since >= longestStretchMs;
  }

  /** Settles in a later turn of the event loop. */
  async pause(): Promise<void> {
    await new Promise(setImmediate);
    this.since = performance.now();
  }
}
