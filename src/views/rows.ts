/** A session's state as rows of a tree: session > agent > turn > call, or batch session > call. */
import type { AgentId, TurnId } from '../core/agents.ts';
import type { CallId } from '../core/calls.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { agentRow } from './agentRow.ts';
import { callRow } from './callRow.ts';
import type { Row } from './row.ts';
import { batchRowId, callRowId, rangesOf, rowIdOf, targetOf } from './rowIds.ts';
import { callsOfRange, rangeRow } from './rangeRow.ts';
import type { RowId } from './rowIds.ts';
import { sessionRow } from './sessionRow.ts';
import { taskRow, taskRowIds } from './taskRow.ts';
import { turnRow } from './turnRow.ts';

/** One row for each session, the newest first. */
export function rootRows(sessions: readonly SessionState[]): readonly Row[] {
  return sessions.toSorted((a, b) => b.startedAt - a.startedAt).map(sessionRow);
}

/** The row of an id; undefined where the session has no such thing. */
export function rowOf(state: SessionState, rowId: RowId): Row | undefined {
  const target = targetOf(state, rowId);
  switch (target?.kind) {
    case undefined:
      return undefined;
    case 'session':
      return sessionRow(state);
    case 'agent':
      return found(state.agents.get(target.agentId), (agent) => agentRow(state, agent));
    case 'turn':
      return found(state.turns.get(target.turnId), (turn) => turnRow(state, turn));
    case 'call':
      return found(state.calls.get(target.callId), (call) => callRow(state, call));
    case 'range':
      return rangeRow(state, target);
    case 'task':
      return taskRow(state, target);
  }
}

/** The ids of the rows directly below a row, in the order in which they came. */
export function childRowIds(state: SessionState, rowId: RowId): readonly RowId[] {
  const target = targetOf(state, rowId);
  switch (target?.kind) {
    case undefined:
      return [];
    case 'session':
      return [...workersBelow(state, rowId), ...callsBelow(state, rowId)];
    case 'agent':
      return turnIdsOf(state, target.agentId).map((turnId) => `${rowId}/${turnId}`);
    case 'turn':
      return callsBelow(state, rowId);
    case 'call':
      return [...callsBelow(state, rowId), ...workersBelow(state, rowId, target.callId)];
    case 'range':
      return callsOfRange(state, target).map(({ id }) => callRowId(state, id));
    case 'task':
      return [];
  }
}

/** The rows directly below a row. */
export function childRows(state: SessionState, rowId: RowId): readonly Row[] {
  return childRowIds(state, rowId).flatMap((id) => rowOf(state, id) ?? []);
}

/** Agents, and the tasks that have none, in the order of their list. */
function workersBelow(state: SessionState, rowId: RowId, callId?: CallId): readonly RowId[] {
  const tasks = taskRowIds(state, callId);
  const listed = new Set(tasks);
  return [...agentsBelow(state, rowId).filter((id) => !listed.has(id)), ...tasks];
}

function agentsBelow(state: SessionState, rowId: RowId): readonly RowId[] {
  const isBelow = ({ parent }: Agent): boolean =>
    (parent ? callRowId(state, parent.callId) : state.id) === rowId;
  return [...state.agents.values()].filter(isBelow).map(({ id }) => `${state.id}/${id}`);
}

function callsBelow(state: SessionState, rowId: RowId): readonly RowId[] {
  return [...state.batches.values()]
    .filter((batch) => batchRowId(state, batch.id) === rowId)
    .flatMap(({ id, callIds }) => {
      const ranges = rangesOf(state, id);
      return ranges
        ? ranges.map((range) => rowIdOf(state, range))
        : callIds.map((callId) => callRowId(state, callId));
    });
}

function turnIdsOf(state: SessionState, agentId: AgentId): readonly TurnId[] {
  return (state.agents.get(agentId)?.runs ?? []).flatMap((run) => run.turnIds);
}

function found<T>(thing: T | undefined, row: (thing: T) => Row): Row | undefined {
  return thing === undefined ? undefined : row(thing);
}

export type { Row, RowId };
