/** How far each agent of a session has come. */
import type { AgentId } from '../core/agents.ts';
import type { SessionState } from '../core/states.ts';

/** The number of turns of each agent that came to their end, for the agents that have any. */
export function endedTurns({ turns }: SessionState): ReadonlyMap<AgentId, number> {
  const ended = new Map<AgentId, number>();
  for (const { agentId, state } of turns.values())
    if (state.status === 'ended') ended.set(agentId, (ended.get(agentId) ?? 0) + 1);
  return ended;
}
