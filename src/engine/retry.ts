/** Whether a failed attempt is followed by another. */
import type { ErrorKind, Outcome } from '../core/calls.ts';
import { onlyReads } from '../core/effects.ts';
import type { CheckedCall } from './checkCall.ts';

/** How many further attempts a call gets, and for which failures. */
export interface AllowedRetries {
  readonly count: number;
  readonly covers: (outcome: Outcome) => boolean;
}

/** Passing failures: the machine was short of something for a moment, or a connection was lost. */
const passing: ReadonlySet<ErrorKind> = new Set(['busy', 'connection']);

/** Failures that a further attempt with the same input can't mend. */
const lasting: ReadonlySet<ErrorKind> = new Set([
  'invalidInput',
  'unparsableInput',
  'unknownTool',
  'outsideWorkspace',
  'refused',
  'badResult',
]);

/** Attempts that nobody asked for, of a call that changes nothing. */
const unaskedRetries = 2;

/** The same of one that its tool lets be repeated: what it met is a lock of another program, which is held for seconds. */
const retriesPastLocks = 5;

/**
 * An author's `retries` is the consent to repeat the call, whatever its effects, and covers timeouts and exit codes
 * too. Unasked, a call is repeated only where it changes nothing or its tool says that it may be, and only after a passing failure.
 */
export function allowedRetries(call: CheckedCall, asked: number | undefined): AllowedRetries {
  if (asked !== undefined) return { count: asked, covers: consentCovers };
  const mayBeRepeated = call.tool.mayBeRepeated?.(call.input) ?? false;
  const unasked = onlyReads(call.effects) ? unaskedRetries : 0;
  return { count: mayBeRepeated ? retriesPastLocks : unasked, covers: isPassing };
}

export function shouldRetry(outcome: Outcome, attempts: number, { count, covers }: AllowedRetries): boolean {
  return attempts <= count && covers(outcome);
}

/** An author's consent to repeat covers this outcome. */
export function consentCovers(outcome: Outcome): boolean {
  if (outcome.status === 'timedOut') return !outcome.mayStillRun;
  return outcome.status === 'failed' && !lasting.has(outcome.error.kind);
}

function isPassing(outcome: Outcome): boolean {
  return outcome.status === 'failed' && passing.has(outcome.error.kind);
}
