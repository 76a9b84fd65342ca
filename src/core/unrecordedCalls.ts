/**
 * The calls that a batch was asked for beyond those on record: its program may have died while it journalled
 * them.
 */
import { isSettled } from './calls.ts';
import type { Batch, SessionState } from './states.ts';

/**
 * `open`: they are still to come. `missing`: they never will, because nothing goes on with the batch as it
 * is.
 */
export interface UnrecordedCalls {
  readonly open: number;
  readonly missing: number;
}

export const allOnRecord: UnrecordedCalls = { open: 0, missing: 0 };

/** Those of one batch; none where an older program noted no number. */
export function unrecordedCalls(state: SessionState, batch: Batch): UnrecordedCalls {
  const { callCount = 0, callIds } = batch;
  return asUnrecorded(callCount - callIds.length, isLeft(state, batch));
}

/** Those of all batches of a session, also of the one that its program had no time to record. */
export function unrecordedInSession(state: SessionState): UnrecordedCalls {
  const { asked, batches, cutOff } = state;
  if (batches.size === 0) return asUnrecorded(asked?.callCount ?? 0, cutOff !== undefined);
  return [...batches.values()]
    .map((batch) => unrecordedCalls(state, batch))
    .reduce((sum, { open, missing }) => ({ open: sum.open + open, missing: sum.missing + missing }));
}

function asUnrecorded(count: number, isBatchLeft: boolean): UnrecordedCalls {
  if (count <= 0) return allOnRecord;
  return isBatchLeft ? { open: 0, missing: count } : { open: count, missing: 0 };
}

/** Tells a batch that gets no further calls. */
function isLeft({ calls }: SessionState, { source, cutOff }: Batch): boolean {
  switch (source.kind) {
    case 'file':
    case 'api':
      return cutOff !== undefined;
    case 'call': {
      const container = calls.get(source.callId);
      return container !== undefined && isSettled(container.state);
    }
    case 'turn': // Its calls are counted at the end of the reply, when all of them have come.
      return true;
  }
}
