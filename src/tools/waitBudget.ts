/** Time that may be spent on waiting: it runs out while anyone waits, once however many do, and comes back while nobody does. */
import type { Clock } from '../core/ports.ts';

/** How much of the time in which nobody waits comes back. */
const regained = 0.5;

export class WaitBudget {
  private readonly clock: Clock;
  private readonly fullMs: number;
  private leftMs: number;
  private waiting = 0;
  private at: number;

  constructor(clock: Clock, fullMs: number) {
    this.clock = clock;
    this.fullMs = fullMs;
    this.leftMs = fullMs;
    this.at = clock.monotonicMs();
  }

  /** Hands what is left to `wait`, in milliseconds, and counts until that is over. */
  async spend(wait: (longestMs: number) => Promise<void>): Promise<void> {
    this.settle();
    this.waiting += 1;
    try {
      await wait(Math.floor(this.leftMs));
    } finally {
      this.settle();
      this.waiting -= 1;
    }
  }

  private settle(): void {
    const now = this.clock.monotonicMs();
    const passed = now - this.at;
    this.at = now;
    const change = this.waiting > 0 ? -passed : passed * regained;
    this.leftMs = Math.min(this.fullMs, Math.max(0, this.leftMs + change));
  }
}
