/** The lists of parallel agents in a session, and which of their tasks have not begun. */
import type { RunEnding } from './agents.ts';
import { latestRun, type Agent, type ContinuedTask, type SessionState, type TaskList } from './states.ts';
import type { TaskStatus, UnsavedAnswers } from './tasks.ts';

/** The list that a person asked for, and no call; undefined in a session of another kind. */
export function ownTaskList(state: SessionState): TaskList | undefined {
  return state.taskLists.find(({ callId }) => callId === undefined);
}

/** The agents that carry out tasks of the list, by index. */
export function agentsOfTasks(state: SessionState, { callId }: TaskList): ReadonlyMap<number, Agent> {
  const agents = new Map<number, Agent>();
  for (const agent of state.agents.values())
    if (agent.task && agent.parent?.callId === callId) agents.set(agent.task.index, agent);
  return agents;
}

/** The tasks that have neither begun nor been skipped, by index. */
export function openTasks(state: SessionState, list: TaskList): readonly number[] {
  const agents = agentsOfTasks(state, list);
  const skipped = new Set(
    state.skippedTasks.filter(({ callId }) => callId === list.callId).map(({ index }) => index),
  );
  return [...list.notes.keys()].filter(
    (index) => !agents.has(index) && !skipped.has(index) && !hasBegun(state, list.continued.get(index)),
  );
}

/** That a task goes on is on record before its run is. Of a run in another session that one's journal tells. */
function hasBegun(state: SessionState, continued: ContinuedTask | undefined): boolean {
  if (!continued || continued.sessionId !== state.id) return continued !== undefined;
  return state.agents.get(continued.agentId)?.runs.some(({ id }) => id === continued.runId) === true;
}

/** How a task that goes on has ended; undefined while it has not. A run of this session can be ahead of its list. */
export function endingOf(state: SessionState, task: ContinuedTask): RunEnding | undefined {
  if (task.ending || task.sessionId !== state.id) return task.ending;
  const run = state.agents.get(task.agentId)?.runs.find(({ id }) => id === task.runId)?.state;
  return run && 'endedAt' in run ? run : undefined;
}

/** A task that did not complete, for a list that is to skip what has not begun by then; undefined if there is none. */
export function failedTask(
  state: SessionState,
  list: TaskList,
): { readonly index: number; readonly status: TaskStatus } | undefined {
  const skipped = state.skippedTasks.find(({ callId }) => callId === list.callId);
  const ended = [
    ...[...agentsOfTasks(state, list)].map(([index, agent]) => ({ index, state: latestRun(agent)?.state })),
    ...[...list.continued].map(([index, { ending }]) => ({ index, state: ending })),
  ];
  for (const { index, state: ending } of ended)
    // A task that the program's end cut off continues.
    if (ending && 'terminationReason' in ending && ending.terminationReason !== 'hostExit')
      if (ending.status !== 'completed') return { index, status: ending.status };
  return skipped && { index: skipped.index, status: 'skipped' };
}

/** Whether the list goes on: no later host has found it, and its own has not ended it. */
export function tasksGoOn(state: SessionState): boolean {
  const list = ownTaskList(state);
  return list?.requests !== undefined && list.end === undefined;
}

/** The list whose host died, and that nobody has resumed or dismissed. */
export function interruptedTasks(state: SessionState): TaskList | undefined {
  const list = ownTaskList(state);
  return list?.end === 'interrupted' ? list : undefined;
}

/** `tasks[0] (first), tasks[2] (third)` */
export function namedTasks({ notes }: Pick<TaskList, 'notes'>, indexes: readonly number[]): string {
  return indexes.map((index) => `tasks[${index}] (${notes[index] ?? ''})`).join(', ');
}

/** `2 answers are not in the save file: tasks[0] (first), tasks[2] (third).` and the reason. */
export function unsavedText(list: Pick<TaskList, 'notes'>, { indexes, why }: UnsavedAnswers): string {
  const { length } = indexes;
  const what = length === 1 ? '1 answer is' : `${length} answers are`;
  return `${what} not in the save file: ${namedTasks(list, indexes)}. ${why}`;
}
