/** Aborts a request that shows no life. */
import type { Disposable } from '../core/emitter.ts';
import type { Clock } from '../core/ports.ts';

/** How long a request may show no life, in milliseconds. */
export interface IdleLimits {
  /** Until the first event: a long prompt is read before the model begins. */
  readonly firstEventMs: number;
  readonly betweenEventsMs: number;
}

/** One for each request. `stop` it when the request is over. */
export class IdleWatchdog {
  private readonly clock: Clock;
  private readonly limits: IdleLimits;
  private readonly controller = new AbortController();
  private timer: Disposable | undefined;

  constructor(clock: Clock, limits: IdleLimits) {
    this.clock = clock;
    this.limits = limits;
  }

  /** Aborts when the request has been without life for too long. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for the request's first event. */
  start(): void {
    this.wait(this.limits.firstEventMs);
  }

  stop(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  /** Passes the events on. The time that the reader takes for one is not the request's and doesn't count. */
  async *watch<T>(events: AsyncIterable<T>): AsyncGenerator<T, void> {
    for await (const event of events) {
      this.stop();
      yield event;
      this.wait(this.limits.betweenEventsMs);
    }
  }

  private wait(delayMs: number): void {
    this.stop();
    this.timer = this.clock.after(delayMs, () => this.controller.abort());
  }
}
