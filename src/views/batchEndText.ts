/** What a person is told at the end of a batch that did not go as its file asks. */
import type { Call, SessionState } from '../core/states.ts';
import { callRowId } from './rowIds.ts';
import type { RowId } from './rowIds.ts';
import { summaryText, countOutcomes } from './counts.ts';
import { callName } from './callName.ts';
import { callStanding } from './callStanding.ts';
import { oneLine } from './plainText.ts';

export interface BatchEnd {
  readonly message: string;
  /** The row of the first call that failed. */
  readonly rowId: RowId;
}

/** Undefined if all succeeded, or did not for no other cause than a person's. */
export function batchEnd(state: SessionState): BatchEnd | undefined {
  const calls = [...state.calls.values()].filter(({ batchId }) => isOwn(state, batchId));
  const failed = calls.find(isFault);
  if (!failed) return undefined;
  const summary =
    calls.length === 1
      ? `${callName(state, failed.id)} ${callStanding(state, failed).text}`
      : summaryText(countOutcomes(calls));
  return { message: `${oneLine(state.title, 60)}: ${summary}.`, rowId: callRowId(state, failed.id) };
}

function isOwn({ batches }: SessionState, batchId: string): boolean {
  return batches.get(batchId)?.source.kind !== 'call';
}

function isFault({ state }: Call): boolean {
  if (state.status === 'denied') return state.by !== 'person';
  return state.status === 'failed' || state.status === 'timedOut';
}
