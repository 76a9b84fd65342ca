/** The machine's clock. */
import type { Clock } from '../../core/ports.ts';

/** A timer of Node can't be set further ahead, and would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Timers keep the program alive until they fire or are disposed. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, longestTimerMs);
      timer = setTimeout(() => (stepMs < leftMs ? wait(leftMs - stepMs) : callback()), stepMs);
    };
    wait(delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};
