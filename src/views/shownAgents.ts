/** Agents that have no row of their own, because the row of their session or of the call that started them shows them. */
import type { AgentId } from '../core/agents.ts';
import type { Agent, Call, SessionState } from '../core/states.ts';
import { callRowId, targetOf } from './rowIds.ts';
import type { RowId, RowTarget } from './rowIds.ts';

/** The agent that the row of a session or a call shows. */
export function agentShownBy(state: SessionState, target: RowTarget): Agent | undefined {
  switch (target.kind) {
    case 'session':
      return rootAgentOf(state);
    case 'call': {
      const call = state.calls.get(target.callId);
      return call && startedBy(state, call);
    }
    default:
      return undefined;
  }
}

/** The agent that a person talks to in a session; a batch and an agents file have none. */
export function rootAgentOf(state: SessionState): Agent | undefined {
  if (state.kind !== 'agent') return undefined;
  for (const agent of state.agents.values()) if (!agent.parent) return agent;
  return undefined;
}

/** The one agent that a call started; parallel agents have rows of their own. */
export function startedBy(state: SessionState, call: Call): Agent | undefined {
  if (call.tool !== 'spawn_agent') return undefined;
  for (const agent of state.agents.values()) if (agent.parent?.callId === call.id) return agent;
  return undefined;
}

/** The row that shows an agent. */
export function agentRowId(state: SessionState, agentId: AgentId): RowId {
  const agent = state.agents.get(agentId);
  if (agent && agent === rootAgentOf(state)) return state.id;
  const call = agent?.parent && state.calls.get(agent.parent.callId);
  return call && startedBy(state, call) === agent ? callRowId(state, call.id) : `${state.id}/${agentId}`;
}

/** The row that the tree has in place of an agent's own, for an agent that is shown elsewhere. */
export function shownRowId(state: SessionState, rowId: RowId): RowId {
  const target = targetOf(state, rowId);
  return target?.kind === 'agent' ? agentRowId(state, target.agentId) : rowId;
}

/** The agent that a row is about: its own, that of a turn, or the one that it shows. */
export function agentOfTarget(state: SessionState, target: RowTarget): Agent | undefined {
  return 'agentId' in target ? state.agents.get(target.agentId) : agentShownBy(state, target);
}
