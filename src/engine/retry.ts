/** Whether and when a failed attempt is followed by another. */
import type { ErrorKind, Outcome } from '../core/calls.ts';

/** Failures that a further attempt with the same input can't mend. */
const lasting: ReadonlySet<ErrorKind> = new Set(['invalidInput', 'outsideWorkspace', 'refused', 'badResult']);

/** An author's `retries` is the consent to repeat the call, whatever its effects. */
export function shouldRetry(outcome: Outcome, attempts: number, retries: number): boolean {
  if (attempts > retries) return false;
  if (outcome.status === 'timedOut') return !outcome.mayStillRun;
  return outcome.status === 'failed' && !lasting.has(outcome.error.kind);
}

/** Milliseconds to wait after the n-th attempt: 250, 500, 1000, ... at most 10 s. */
export function retryDelayMs(attempt: number): number {
  return Math.min(250 * 2 ** (attempt - 1), 10_000);
}
