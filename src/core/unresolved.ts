/** What of a session has no last word yet: it goes on, or it was interrupted and nobody has resumed or dismissed it. */
import { isSettled } from './calls.ts';
import { hasEnded, latestRun, type Agent, type Batch, type SessionState } from './states.ts';
import { interruptedTasks, tasksGoOn } from './taskLists.ts';
import { unrecordedInSession } from './unrecordedCalls.ts';

/** Whether the agent's newest run was interrupted, and a person has not dismissed it. */
export function isInterrupted(agent: Agent): boolean {
  const run = latestRun(agent);
  return run?.state.status === 'interrupted' && !run.isDismissed;
}

/** The agents that are interrupted, in the order of their creation. */
export function interruptedAgents(state: SessionState): readonly Agent[] {
  return [...state.agents.values()].filter(isInterrupted);
}

/** The batches that no turn and no call asked for, whose host died, and that nobody has dismissed. */
export function interruptedBatches(state: SessionState): readonly Batch[] {
  return [...state.batches.values()].filter(({ cutOff }) => cutOff === 'interrupted');
}

/** Whether the agent's newest run ended well and something has come for it since: then its next run is due. */
export function isToBeWoken(agent: Agent): boolean {
  const status = latestRun(agent)?.state.status;
  if (status !== 'completed' && status !== 'incomplete') return false;
  return agent.messages.some(({ state }) => state.status === 'queued' || state.status === 'placed');
}

/** The agents whose host died before it could wake them, and that a person has not dismissed. */
export function agentsToWake(state: SessionState): readonly Agent[] {
  return [...state.agents.values()].filter((agent) => isToBeWoken(agent) && !latestRun(agent)?.isDismissed);
}

/** Finds a journal that ends before anything that the session was started for. */
export function hasNothingOnRecord({ agents, batches, taskLists }: SessionState): boolean {
  return agents.size + batches.size + taskLists.length === 0;
}

/** Whether anything of the session was interrupted, a wake too, and is neither resumed nor dismissed. */
export function hasInterruption(state: SessionState): boolean {
  if (state.cutOff === 'interrupted' || interruptedTasks(state)) return true;
  return interruptedAgents(state).length + interruptedBatches(state).length + agentsToWake(state).length > 0;
}

/** Whether a person or a later host still has something to do with the session. */
export function isUnresolved(state: SessionState): boolean {
  const runGoesOn = [...state.agents.values()].some((agent) => {
    const run = latestRun(agent);
    return run !== undefined && !hasEnded(run);
  });
  return runGoesOn || hasInterruption(state) || batchGoesOn(state) || tasksGoOn(state);
}

/** Whether a batch of its own, and no turn's, has calls without an outcome, and goes on. */
export function batchGoesOn(state: SessionState): boolean {
  const { kind, batches, calls } = state;
  if (kind !== 'batch' || [...batches.values()].some(({ cutOff }) => cutOff !== undefined)) return false;
  return unrecordedInSession(state).open > 0 || [...calls.values()].some((call) => !isSettled(call.state));
}
