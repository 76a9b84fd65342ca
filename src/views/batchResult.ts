/** The result object of a batch, with which `--json` output ends. */
import type { CallRecord } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { Batch, SessionState } from '../core/states.ts';
import { unrecordedCalls, unrecordedInSession } from '../core/unrecordedCalls.ts';
import { callRecord } from './callRecord.ts';
import { countOutcomes, type OutcomeCounts } from './counts.ts';

export interface BatchResult extends OutcomeCounts {
  readonly type: 'result';
  readonly kind: 'batch';
  readonly sessionId: SessionId;
  /** In the order of the file. */
  readonly calls: readonly CallRecord[];
}

/**
 * The result of a session's batch as it stands at the time `now`, in epoch milliseconds. Without a batch: of one that its
 * program had no time to record.
 */
export function batchResult(state: SessionState, batch: Batch | undefined, now: number): BatchResult {
  const calls = (batch?.callIds ?? []).flatMap((id) => state.calls.get(id) ?? []);
  const unrecorded = batch ? unrecordedCalls(state, batch) : unrecordedInSession(state);
  return {
    type: 'result',
    kind: 'batch',
    sessionId: state.id,
    ...countOutcomes(calls, unrecorded),
    calls: calls.map((call) => callRecord(call, now)),
  };
}
