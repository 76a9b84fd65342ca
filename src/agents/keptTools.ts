/** What an agent is told of its tools, kept in the journal by its hash: a newer program sends the agent the same. */
import { createHash } from 'node:crypto';
import type { AgentId } from '../core/agents.ts';
import type { Recorder } from '../core/ports.ts';
import type { Agent, SessionState } from '../core/states.ts';
import type { ToolDescription } from '../core/tools.ts';

/** Journals the agent's tools before its first request; later nothing happens. Settles when the state has them. */
export async function keepTools(
  agentId: AgentId,
  tools: readonly ToolDescription[],
  recorder: Recorder,
): Promise<void> {
  const agent = recorder.state.agents.get(agentId);
  if (!agent || agent.toolsHash !== undefined) return;
  const described = ownTools(agent, tools).map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  const toolsHash = createHash('sha256').update(JSON.stringify(described)).digest('hex');
  const isKnown = recorder.state.toolSets.has(toolsHash);
  await recorder.record(
    { type: 'tools.described', agentId, toolsHash, ...(!isKnown && { tools: described }) },
    'buffered',
  );
}

/** As the agent was told of them first. */
export function toolsOf(
  state: SessionState,
  agent: Agent,
  tools: readonly ToolDescription[],
): readonly ToolDescription[] {
  return state.toolSets.get(agent.toolsHash ?? '') ?? ownTools(agent, tools);
}

function ownTools(agent: Agent, tools: readonly ToolDescription[]): readonly ToolDescription[] {
  return tools.filter(({ name }) => agent.tools.includes(name));
}
