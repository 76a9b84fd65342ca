/** The row of some neighbouring calls of a batch that has too many for one list. */
import type { Call, SessionState } from '../core/states.ts';
import { isSettled } from '../core/calls.ts';
import { callsPhrase, callsSummary } from './callsPhrase.ts';
import { callLook, workingIcon, type Icon } from './looks.ts';
import type { Row } from './row.ts';
import { parentRowId } from './parentRows.ts';
import { callsInRange, rowIdOf, type CallRange } from './rowIds.ts';

/** Its calls' places, counted from 1, and how they ended. Closed until a person opens it. */
export function rangeRow(state: SessionState, range: CallRange): Row {
  const calls = callsOfRange(state, range);
  const last = Math.max(range.first, ...calls.map(({ index }) => index));
  const label = `Calls ${range.first + 1} to ${last + 1}`;
  const description = callsPhrase(state, calls);
  const parentId = parentRowId(state, range);
  return {
    id: rowIdOf(state, range),
    label,
    description,
    tooltip: `${label}: ${description}`,
    icon: iconOf(calls),
    contextValue: 'range',
    isExpandable: true,
    startsClosed: true,
    accessibilityLabel: `${label}, ${callsSummary(state, calls)}`,
    ...(parentId !== undefined && { parentId }),
  };
}

/** In the order in which they were asked for. */
export function callsOfRange(state: SessionState, { batchId, first }: CallRange): readonly Call[] {
  const callIds = state.batches.get(batchId)?.callIds ?? [];
  return callIds
    .flatMap((id) => state.calls.get(id) ?? [])
    .filter(({ index }) => index >= first && index < first + callsInRange);
}

/** What needs a person first, then what goes on, then what did not succeed. */
function iconOf(calls: readonly Call[]): Icon {
  const statuses = new Set(calls.map(({ state }) => state.status));
  if (statuses.has('awaitingApproval')) return callLook('awaitingApproval').icon;
  if (statuses.has('running')) return workingIcon;
  if (calls.some(({ state }) => !isSettled(state))) return callLook('queued').icon;
  return callLook(statuses.size === 1 && statuses.has('succeeded') ? 'succeeded' : 'failed').icon;
}
