/** The transitions of task lists. */
import { UnexpectedEventError, mapOf, push, type Draft, type EventOf } from './drafts.ts';
import type { SessionEvent } from './events.ts';
import type { ContinuedTask, SessionState, TaskList } from './states.ts';

export function skipTask(state: SessionState, event: EventOf<'task.skipped'>): void {
  const { callId, index, note, reason } = event;
  push(state.skippedTasks, { index, note, reason, ...(callId !== undefined && { callId }) });
}

export function queueTasks(state: SessionState, event: EventOf<'tasks.queued'>): void {
  const { callId, saveFile, debugStatistics, requests, readsInstructions, warnings } = event;
  push(state.taskLists, {
    ...(callId !== undefined && { callId }),
    notes: event.notes,
    maxConcurrency: event.maxConcurrency,
    failFast: event.failFast,
    ...(saveFile !== undefined && { saveFile }),
    ...(debugStatistics && { debugStatistics }),
    ...(requests && { requests }),
    ...(event.isMasked && { isMasked: true }),
    ...(readsInstructions && { readsInstructions }),
    ...(warnings && { warnings }),
    continued: new Map(),
  });
}

export function continueTask(state: SessionState, event: EventOf<'task.continued'>): void {
  mapOf(tasksOf(state, event).continued).set(event.index, { ...event.continues });
}

export function endTask(state: SessionState, event: EventOf<'task.ended'>): void {
  const task: Draft<ContinuedTask> | undefined = tasksOf(state, event).continued.get(event.index);
  if (!task) throw new UnexpectedEventError(event, `task ${event.index} continues nothing`);
  task.ending = event.ending;
}

const listEnds = {
  'tasks.interrupted': 'interrupted',
  'tasks.dismissed': 'dismissed',
  'tasks.ended': 'ended',
} as const;

export function endTasks(state: SessionState, event: EventOf<keyof typeof listEnds>): void {
  const list = ownTasksOf(state, event);
  list.end = listEnds[event.type];
  if (event.type === 'tasks.interrupted' && event.unsaved) list.unsaved = event.unsaved;
  if (event.type === 'tasks.ended') delete list.unsaved;
}

export function resumeTasks(state: SessionState, event: EventOf<'tasks.resumed'>): void {
  const list = ownTasksOf(state, event);
  delete list.end;
  delete list.unsaved;
}

/** The list that no call asked for; a session has one at most. */
function ownTasksOf(state: SessionState, event: SessionEvent): Draft<TaskList> {
  const list = state.taskLists.find(({ callId }) => callId === undefined);
  if (!list) throw new UnexpectedEventError(event, 'no such tasks');
  return list;
}

function tasksOf(state: SessionState, event: SessionEvent & { readonly callId?: string }): TaskList {
  const list = state.taskLists.find(({ callId }) => callId === event.callId);
  if (!list) throw new UnexpectedEventError(event, 'no such tasks');
  return list;
}
