/** Aborts a request that shows no life. */
import type { Disposable } from '../core/emitter.ts';
import type { Clock } from '../core/ports.ts';

/** One for each request. `stop` it when the request is over. */
export class IdleWatchdog {
  private readonly clock: Clock;
  private readonly controller = new AbortController();
  private timer: Disposable | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Aborts when the request has been without life for too long. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits so long for the request's first event. */
  start(limitMs: number): void {
    this.stop();
    this.timer = this.clock.after(limitMs, () => this.controller.abort());
  }

  stop(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  /**
   * Passes the events on; `limitAfter` says how long the one after each may take. The time that the reader takes for
   * one is not the request's and doesn't count.
   */
  async *watch<T>(events: AsyncIterable<T>, limitAfter: (event: T) => number): AsyncGenerator<T, void> {
    for await (const event of events) {
      this.stop();
      yield event;
      this.start(limitAfter(event));
    }
  }
}
