/** Who is below whom, how deep, and where in the file system each works. */
import path from 'node:path';
import type { AgentId } from '../core/agents.ts';
import type { Agent, SessionState } from '../core/states.ts';

/** The agents from this one up to its root; itself first. */
export function lineOf(state: SessionState, agentId: AgentId): readonly Agent[] {
  const line: Agent[] = [];
  for (let agent = state.agents.get(agentId); agent && !line.includes(agent);) {
    line.push(agent);
    agent = agent.parent && state.agents.get(agent.parent.agentId);
  }
  return line;
}

/** 0 for a root agent, and for nobody. */
export function depthOf(state: SessionState, agentId: AgentId | undefined): number {
  return agentId === undefined ? 0 : Math.max(0, lineOf(state, agentId).length - 1);
}

/** Whether an agent is below another; below nobody are all. */
export function isBelow(state: SessionState, agentId: AgentId, upper: AgentId | undefined): boolean {
  if (upper === undefined) return true;
  return lineOf(state, agentId)
    .slice(1)
    .some(({ id }) => id === upper);
}

/** The agents that an agent started itself. */
export function childrenOf(state: SessionState, agentId: AgentId): readonly Agent[] {
  return [...state.agents.values()].filter(({ parent }) => parent?.agentId === agentId);
}

/** Where an agent works: a worktree, its own or that of an agent above it, is all that it can reach. */
export function placeOf(
  state: SessionState,
  agentId: AgentId,
): { readonly cwd: string; readonly roots: readonly string[] } {
  const line = lineOf(state, agentId);
  const worktree = line.find((agent) => agent.worktree)?.worktree;
  const roots = worktree ? [worktree.path] : state.roots;
  const cwd = line[0]?.cwd ?? worktree?.path ?? state.cwd;
  return { cwd: path.resolve(cwd), roots };
}
