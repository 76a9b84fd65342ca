/** A session's state as rows of a tree: session > turn > call, or batch session > call; sub-agents hang below their calls. */
import type { CallId } from '../core/calls.ts';
import type { AgentId } from '../core/agents.ts';
import type { Agent, Call, SessionState } from '../core/states.ts';
import { waitingApprovals } from '../core/waitingApprovals.ts';
import { agentRow, agentUrgency } from './agentRow.ts';
import { callRow } from './callRow.ts';
import { parentRowId } from './parentRows.ts';
import type { Row } from './row.ts';
import { batchRowId, callRowId, rangesOf, rowIdOf, targetOf } from './rowIds.ts';
import { callsOfRange, rangeRow } from './rangeRow.ts';
import type { RowId, RowTarget } from './rowIds.ts';
import { sessionRow } from './sessionRow.ts';
import { agentRowId, agentShownBy, startedBy } from './shownAgents.ts';
import { taskRow, taskRowIds } from './taskRow.ts';
import { turnRow } from './turnRow.ts';
import { turnsWithRows } from './turnRows.ts';

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
      return found(state.calls.get(target.callId), (call) => rowOfCall(state, call));
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
      return [...turnsBelow(state, target), ...workersBelow(state, rowId), ...callsBelow(state, rowId)];
    case 'agent':
      return turnsBelow(state, target);
    case 'turn':
      return callsBelow(state, rowId);
    case 'call':
      return [
        ...turnsBelow(state, target),
        ...callsBelow(state, rowId),
        ...workersBelow(state, rowId, target.callId),
      ];
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

/** An agent that a call started is shown in place of that call. */
function rowOfCall(state: SessionState, call: Call): Row {
  const agent = startedBy(state, call);
  const row = callRow(state, call);
  if (!agent) return row;
  const { id, parentId } = row;
  const shown = agentRow(state, agent);
  return {
    ...shown,
    id,
    contextValue: `${shown.contextValue}.call`,
    ...(parentId !== undefined && { parentId }),
  };
}

function turnsBelow(state: SessionState, target: RowTarget): readonly RowId[] {
  const agent = target.kind === 'agent' ? state.agents.get(target.agentId) : agentShownBy(state, target);
  return agent ? turnsWithRows(state, agent).map((turnId) => `${state.id}/${agent.id}/${turnId}`) : [];
}

/** Agents, and the tasks that have none: what needs a person, what is at work, then the rest, each in the order of the list. */
function workersBelow(state: SessionState, rowId: RowId, callId?: CallId): readonly RowId[] {
  const tasks = taskRowIds(state, callId);
  const listed = new Set(tasks);
  const ids = [...agentsBelow(state, rowId).filter((id) => !listed.has(id)), ...tasks];
  const asking = new Set(waitingApprovals(state).map(({ agentId }) => agentId));
  const ranks = new Map(ids.map((id) => [id, urgencyOf(state, id, asking)]));
  return ids.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

function urgencyOf(state: SessionState, rowId: RowId, asking: ReadonlySet<AgentId | undefined>): number {
  const target = targetOf(state, rowId);
  const agent = target?.kind === 'agent' ? state.agents.get(target.agentId) : undefined;
  return agent ? agentUrgency(agent, asking.has(agent.id)) : 3;
}

function agentsBelow(state: SessionState, rowId: RowId): readonly RowId[] {
  const isBelow = (agent: Agent): boolean => {
    const target = { kind: 'agent', sessionId: state.id, agentId: agent.id } as const;
    return agentRowId(state, agent.id) === rowIdOf(state, target) && parentRowId(state, target) === rowId;
  };
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

function found<T>(thing: T | undefined, row: (thing: T) => Row): Row | undefined {
  return thing === undefined ? undefined : row(thing);
}

export type { Row, RowId };
