/** The tasks of a `run_agents` call that an earlier attempt of the call completed. */
import type { CallId } from '../core/calls.ts';
import { latestRun, type SessionState } from '../core/states.ts';
import { agentsOfTasks } from '../core/taskLists.ts';
import type { TaskResult } from '../core/tasks.ts';
import { isRepeat } from '../engine/repeatInnerCalls.ts';

/** By index; undefined if the call is not attempted again. A further attempt takes up the same list. */
export function completedTasks(
  state: SessionState,
  callId: CallId,
): ReadonlyMap<number, TaskResult> | undefined {
  const list = state.taskLists.find((each) => each.callId === callId);
  if (!list || !isRepeat(state.calls.get(callId))) return undefined;
  const completed = new Map<number, TaskResult>();
  for (const [index, { ending, sessionId, agentId }] of list.continued)
    if (ending?.status === 'completed')
      completed.set(index, {
        index,
        note: list.notes[index] ?? '',
        status: 'completed',
        sessionId,
        agentId,
        ending,
      });
  for (const [index, agent] of agentsOfTasks(state, list)) {
    const run = latestRun(agent)?.state;
    if (!agent.task || run?.status !== 'completed') continue;
    completed.set(index, {
      ...agent.task,
      status: 'completed',
      sessionId: state.id,
      agentId: agent.id,
      ending: run,
    });
  }
  return completed;
}
