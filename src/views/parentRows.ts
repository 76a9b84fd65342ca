/** The row above each row of the tree. */
import type { CallId } from '../core/calls.ts';
import type { SessionState } from '../core/states.ts';
import { batchRowId, callRowId, firstOfRange, mostCallsInOneList, rangeRowId } from './rowIds.ts';
import type { RowId, RowTarget } from './rowIds.ts';
import { agentRowId } from './shownAgents.ts';

/** The row above; undefined for a session. */
export function parentRowId(state: SessionState, target: RowTarget): RowId | undefined {
  switch (target.kind) {
    case 'session':
      return undefined;
    case 'agent': {
      const parent = state.agents.get(target.agentId)?.parent;
      return parent ? callRowId(state, parent.callId) : state.id;
    }
    case 'turn':
      return agentRowId(state, target.agentId);
    case 'call':
      return rowIdAboveCall(state, target.callId);
    case 'range':
      return batchRowId(state, target.batchId);
    case 'task':
      return target.callId === undefined ? state.id : callRowId(state, target.callId);
  }
}

function rowIdAboveCall(state: SessionState, callId: CallId): RowId {
  const call = state.calls.get(callId);
  const batch = call && state.batches.get(call.batchId);
  if (!batch || batch.callIds.length <= mostCallsInOneList) return batchRowId(state, batch?.id);
  return rangeRowId({
    kind: 'range',
    sessionId: state.id,
    batchId: batch.id,
    first: firstOfRange(call.index),
  });
}
