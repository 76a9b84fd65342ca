/** Queues again the calls of a container that a further attempt of the container repeats. */
import { isSettled, type Outcome } from '../core/calls.ts';
import type { Recorder } from '../core/ports.ts';
import type { Call } from '../core/states.ts';
import { consentCovers } from './retry.ts';

/**
 * The container is at a further attempt because an earlier one failed. After a host's death it goes on with the
 * attempt that was cut off instead.
 */
export function isRepeat(container: Call | undefined): boolean {
  const last = container?.failedAttempts.at(-1);
  return last !== undefined && last.error.kind !== 'hostExit';
}

/** At least one of the calls can end in another way if the container is attempted again. */
export function canRepeat(calls: readonly Call[]): boolean {
  return calls.some(({ state }) => isSettled(state) && consentCovers(state));
}

/** Queues the failed calls and their consequences again. A success and a person's word are final. */
export async function repeatInnerCalls(calls: readonly Call[], recorder: Recorder): Promise<void> {
  for (const { id, state } of calls)
    if (isSettled(state) && isRepeated(state))
      await recorder.record({ type: 'call.requeued', callId: id }, 'buffered');
}

function isRepeated(outcome: Outcome): boolean {
  if (outcome.status === 'skipped') return true;
  return (outcome.status === 'cancelled' && outcome.by === 'parent') || consentCovers(outcome);
}
