/** Which agents a caller can see and steer: those below it, and no other. */
import type { AgentId } from '../core/agents.ts';
import type { CallError, ErrorKind } from '../core/calls.ts';
import type { Agent, SessionState } from '../core/states.ts';
import type { AgentCaller } from '../core/subAgents.ts';
import { isBelow, lineOf } from '../agents/familyTree.ts';

/** All agents below the caller, in the order of their creation. */
export function agentsBelow(state: SessionState, { agentId }: AgentCaller): readonly Agent[] {
  return [...state.agents.values()].filter(({ id }) => isBelow(state, id, agentId));
}

/** Why the caller can do nothing with that agent; undefined where it can. */
export function reachProblem(
  state: SessionState,
  agentId: AgentId,
  caller: AgentCaller,
): CallError | undefined {
  const yours = agentsBelow(state, caller).map(({ id }) => id);
  if (yours.includes(agentId)) return undefined;
  const which = yours.length === 0 ? 'You have none' : `Yours are: ${yours.join(', ')}`;
  const what = state.agents.has(agentId) ? `${agentId} is not below you` : `There is no agent ${agentId}`;
  return problem('notFound', `${what}. ${which}.`);
}

/** Why the caller can't wait for that agent: above all because that one waits for the caller. */
export function waitProblem(
  state: SessionState,
  agentId: AgentId,
  caller: AgentCaller,
): CallError | undefined {
  const line = caller.agentId === undefined ? [] : lineOf(state, caller.agentId);
  if (line[0]?.id === agentId)
    return problem('cycle', `${agentId} is you: waiting for yourself would never end.`);
  if (line.some(({ id }) => id === agentId))
    return problem(
      'cycle',
      `${agentId} is above you and waits for your answer: waiting for it would never end.`,
    );
  return reachProblem(state, agentId, caller);
}

function problem(kind: ErrorKind, message: string): CallError {
  return { kind, message };
}
