/** The row of a task that has no agent of its own here: it waits, was skipped, or goes on with an earlier conversation. */
import { isSettled } from '../core/calls.ts';
import type { CallId } from '../core/calls.ts';
import type { SessionState, TaskList } from '../core/states.ts';
import { agentsOfTasks, endingOf, tasksGoOn } from '../core/taskLists.ts';
import { callLook, runLook } from './looks.ts';
import type { Look } from './looks.ts';
import { manyLines, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { parentRowId } from './parentRows.ts';
import { rowIdOf } from './rowIds.ts';
import type { RowId, TaskTarget } from './rowIds.ts';

/** A task's note, and why no agent works on it. */
export function taskRow(state: SessionState, target: TaskTarget): Row | undefined {
  const list = listOf(state, target.callId);
  const note = list?.notes[target.index];
  if (!list || note === undefined) return undefined;
  const { look, reason } = standingOf(state, list, target.index);
  const label = oneLine(note) || `Task ${target.index + 1}`;
  const parentId = parentRowId(state, target);
  return {
    id: rowIdOf(state, target),
    label,
    description: joined(look.word, oneLine(reason, 80)),
    tooltip: [`${label}: ${look.word}`, manyLines(reason, 600)].filter(Boolean).join('\n'),
    icon: look.icon,
    contextValue: 'task',
    isExpandable: false,
    accessibilityLabel: ['Task', label, look.word].join(', '),
    ...(parentId !== undefined && { parentId }),
  };
}

/** The rows of a list's tasks, in order: those of their agents, else their own. */
export function taskRowIds(state: SessionState, callId: CallId | undefined): readonly RowId[] {
  const list = listOf(state, callId);
  if (!list) return [];
  const agents = agentsOfTasks(state, list);
  const asked = callId === undefined ? {} : { callId };
  return [...list.notes.keys()].map((index) => {
    const agentId = agents.get(index)?.id;
    if (agentId !== undefined) return rowIdOf(state, { kind: 'agent', sessionId: state.id, agentId });
    return rowIdOf(state, { kind: 'task', sessionId: state.id, index, ...asked });
  });
}

function listOf({ taskLists }: SessionState, callId: CallId | undefined): TaskList | undefined {
  return taskLists.find((list) => list.callId === callId);
}

interface Standing {
  readonly look: Look;
  /** May be empty. */
  readonly reason: string;
}

function standingOf(state: SessionState, list: TaskList, index: number): Standing {
  const skipped = state.skippedTasks.find((task) => task.callId === list.callId && task.index === index);
  if (skipped) return { look: callLook('skipped'), reason: skipped.reason };
  const continued = list.continued.get(index);
  if (continued) {
    const ending = endingOf(state, continued);
    const look = runLook(ending ? { ...ending, endedAt: 0 } : { status: 'running' });
    return { look, reason: 'goes on with an earlier conversation' };
  }
  const { word, icon } = runLook({ status: 'queued' });
  return { look: { word: goesOn(state, list) ? word : 'not started', icon }, reason: '' };
}

function goesOn(state: SessionState, { callId }: TaskList): boolean {
  if (callId === undefined) return tasksGoOn(state);
  const call = state.calls.get(callId);
  return call !== undefined && !isSettled(call.state);
}
