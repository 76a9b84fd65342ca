/**
 * The message for a session that can't be resumed: its journal lacks some or all of what it was started for.
 */
import { unrecordedCalls, unrecordedInSession } from '../core/unrecordedCalls.ts';
import type { BatchSource, SessionKind } from '../core/events.ts';
import type { Batch, SessionState } from '../core/states.ts';
import { interruptedBatches } from '../core/unresolved.ts';

/**
 * For the person: what is missing, and what to do. Undefined where nothing is, or where a person has
 * dismissed it.
 */
export function notOnRecordText(state: SessionState): string | undefined {
  const batch = interruptedBatches(state)[0];
  if (state.cutOff !== 'interrupted' && !batch) return undefined;
  // The calls that a container lacks come back with the container, whose input is on record.
  const { missing } = batch ? unrecordedCalls(state, batch) : unrecordedInSession(state);
  if (missing === 0) return batch ? undefined : `${nothingOf[state.kind]} ${nothingRan}`;
  const total = batch?.callCount ?? missing;
  const { source } = batch ?? state.asked ?? {};
  const what = `${missing} of ${total} calls were not on record; run the ${nameOf(source)} again.`;
  return `${what} ${batch && hasBegun(state, batch) ? mayHaveRun : nothingRan}`;
}

const nothingOf: Readonly<Record<SessionKind, string>> = {
  batch: 'The calls of this batch were not on record; run it again.',
  agent: 'The agent of this session was not on record; start it again.',
  agents: 'The tasks of this session were not on record; run them again.',
};

const nothingRan = 'The program was closed before anything had started.';
const mayHaveRun = 'Some may have run before the end of the record was lost: look at what they did first.';

function nameOf(source: BatchSource | undefined): string {
  return source?.kind === 'file' ? 'file' : 'batch';
}

/**
 * Only where the end of a journal was lost: all calls of a batch are on record before the first of them
 * starts.
 */
function hasBegun({ calls }: SessionState, { callIds }: Batch): boolean {
  return callIds.some((id) => calls.get(id)?.state.status !== 'queued');
}
