/** Which rows an event changes, so that the rest of the tree stays as it is. */
import type { SessionEvent } from '../core/events.ts';
import type { RevertId } from '../core/reverts.ts';
import type { SessionState } from '../core/states.ts';
import { parentRowId } from './parentRows.ts';
import { batchRowId, callRowId, targetOf } from './rowIds.ts';
import type { RowId } from './rowIds.ts';
import { agentRowId } from './shownAgents.ts';

type RunEnded = Extract<SessionEvent, { type: 'run.ended' }>;

/** `root`: the list of sessions itself grew. */
export type TouchedRows = 'root' | readonly RowId[];

/**
 * The rows that an event changes, innermost first. The first one changed itself, or has a new child; the
 * others, its ancestors, show a count or a word that may have changed. Call it after the event was folded in.
 */
export function rowIdsTouchedBy(event: SessionEvent, state: SessionState): TouchedRows {
  switch (event.type) {
    case 'session.started':
      return 'root';
    case 'session.interrupted':
    case 'session.dismissed':
      return [state.id];
    case 'agent.created':
      return withAncestors(state, parentRowId(state, { ...event, kind: 'agent' }));
    case 'run.queued':
    case 'run.started':
    case 'run.waiting':
    case 'run.continued':
    case 'run.dismissed':
    case 'worktree.settled':
    case 'turn.started':
      return withAncestors(state, agentRowId(state, event.agentId));
    case 'batch.interrupted':
    case 'batch.resumed':
    case 'batch.dismissed':
      return withAncestors(state, batchRowId(state, event.batchId));
    case 'run.ended':
      return withAncestors(state, lastTurnRowId(state, event) ?? agentRowId(state, event.agentId));
    case 'block.received':
    case 'turn.ended':
    case 'turn.discarded':
      return withAncestors(state, `${state.id}/${event.agentId}/${event.turnId}`);
    case 'batch.started':
      // A row becomes expandable, which its parent's list of rows has to tell.
      return withAncestors(state, batchRowId(state, event.batchId));
    case 'call.queued':
      return withAncestors(state, batchRowId(state, event.batchId));
    case 'call.blocked':
    case 'approval.requested':
    case 'approval.explained':
    case 'approval.answered':
    case 'call.started':
    case 'call.attemptFailed':
    case 'call.requeued':
    case 'call.settled':
      return withAncestors(state, callRowId(state, event.callId));
    case 'revert.started':
    case 'revert.ended':
      return withAncestors(state, revertedRowId(state, event.revertId));
    case 'tasks.queued':
    case 'task.continued':
    case 'task.ended':
    case 'task.skipped':
      return withAncestors(state, event.callId === undefined ? state.id : callRowId(state, event.callId));
    default:
      return [];
  }
}

/** The row whose edits were taken back, or brought back again. */
function revertedRowId(state: SessionState, revertId: RevertId): RowId | undefined {
  const target = state.reverts.find(({ id }) => id === revertId)?.target;
  switch (target?.kind) {
    case undefined:
      return undefined;
    case 'revert':
      return revertedRowId(state, target.revertId);
    case 'agent':
      return agentRowId(state, target.agentId);
    case 'turn':
      return `${state.id}/${state.turns.get(target.turnId)?.agentId}/${target.turnId}`;
  }
}

/** The turn that a run ended with shows why. */
function lastTurnRowId(state: SessionState, { agentId, runId }: RunEnded): RowId | undefined {
  const run = state.agents.get(agentId)?.runs.find(({ id }) => id === runId);
  const turnId = run?.turnIds.at(-1);
  return turnId === undefined ? undefined : `${state.id}/${agentId}/${turnId}`;
}

function withAncestors(state: SessionState, rowId: RowId | undefined): readonly RowId[] {
  const rows: RowId[] = [];
  for (let id = rowId; id !== undefined;) {
    rows.push(id);
    const target = targetOf(state, id);
    id = target && parentRowId(state, target);
  }
  return rows;
}
