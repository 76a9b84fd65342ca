/** Aborts a request that shows no life. */
import type { Disposable } from '../core/emitter.ts';
import type { Clock } from '../core/ports.ts';

/** One for each request. `stop` it when the request is over. */
export class IdleWatchdog {
  private readonly clock: Clock;
  private readonly controller = new AbortController();
  /** On the monotonic clock; infinite while the time is not the request's. */
  private dueAt = Infinity;
  private timer: (Disposable & { readonly firesAt: number }) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Aborts when the request has been without life for too long. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits so long for the request's next sign of life. */
  allow(limitMs: number): void {
    this.dueAt = this.clock.monotonicMs() + limitMs;
    // Events come by the thousand: a timer that fires too early looks again, and need not be set anew for each.
    if (this.timer && this.timer.firesAt <= this.dueAt) return;
    this.timer?.dispose();
    this.setTimer(limitMs);
  }

  /** The time that the reader takes for an event is not the request's, and doesn't count. */
  pause(): void {
    this.dueAt = Infinity;
  }

  stop(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private setTimer(delayMs: number): void {
    const firesAt = this.clock.monotonicMs() + delayMs;
    this.timer = { firesAt, ...this.clock.after(delayMs, () => this.look()) };
  }

  private look(): void {
    this.timer = undefined;
    const leftMs = this.dueAt - this.clock.monotonicMs();
    if (leftMs <= 0) this.controller.abort();
    else if (Number.isFinite(leftMs)) this.setTimer(leftMs);
  }
}
