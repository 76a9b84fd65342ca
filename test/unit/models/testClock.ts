/** A clock that stands still until the test moves it. */
import type { Clock } from '../../../src/core/ports.ts';

export class TestClock implements Clock {
  /** The delay of every timer that was ever set, in order. */
  readonly delays: number[] = [];
  private nowMs = Date.UTC(2026, 0, 1);
  private readonly timers = new Set<{ readonly dueAt: number; readonly callback: () => void }>();

  now(): number {
    return this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, callback: () => void): { dispose(): void } {
    const timer = { dueAt: this.nowMs + delayMs, callback };
    this.delays.push(delayMs);
    this.timers.add(timer);
    return { dispose: () => void this.timers.delete(timer) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Moves on and calls back what has become due, the earliest first. */
  advance(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt);
      if (!next) break;
      this.timers.delete(next);
      this.nowMs = next.dueAt;
      next.callback();
    }
    this.nowMs = until;
  }
}
