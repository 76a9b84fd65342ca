/** The machine's clock. */
import type { Clock } from '../../core/ports.ts';

/** Timers keep the program alive until they fire or are disposed. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};
