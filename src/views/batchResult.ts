/** The result object of a batch, with which `--json` output ends. */
import type { CallRecord } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { Batch, SessionState } from '../core/states.ts';
import { callRecord } from './callRecord.ts';
import { countOutcomes, type OutcomeCounts } from './counts.ts';

export interface BatchResult extends OutcomeCounts {
  readonly type: 'result';
  readonly kind: 'batch';
  readonly sessionId: SessionId;
  /** In the order of the file. */
  readonly calls: readonly CallRecord[];
}

/** The result of a batch as it stands at the time `now`, in epoch milliseconds. */
export function batchResult(state: SessionState, batch: Batch, now: number): BatchResult {
  const calls = batch.callIds.flatMap((id) => state.calls.get(id) ?? []);
  return {
    type: 'result',
    kind: 'batch',
    sessionId: state.id,
    ...countOutcomes(calls),
    calls: calls.map((call) => callRecord(call, now)),
  };
}
