/** The agent that a person starts: what it is told, and what it is called. */
import type { AgentId } from '../core/agents.ts';
import type { EventBody } from '../core/events.ts';
import { notificationRules } from '../agents/subAgentPrompt.ts';
import { instructionsRead, type Instructions } from './instructions.ts';
import { systemPrompt, type SystemPromptFacts } from '../agents/systemPrompt.ts';

export interface RootAgent {
  readonly prompt: string;
  readonly label: string;
  readonly model: string;
  readonly facts: Omit<SystemPromptFacts, 'instructions'>;
  /** Undefined where they were not to be read. */
  readonly instructions: Instructions | undefined;
  /** Marks what AllSettled itself tells the agent. */
  readonly nonce: string;
  readonly tools: readonly string[];
}

/** The event that makes the agent, before its first run. */
export function rootAgent(
  agentId: AgentId,
  { prompt, label, model, facts, instructions, nonce, tools }: RootAgent,
): Extract<EventBody, { type: 'agent.created' }> {
  const known = { ...facts, ...(instructions && { instructions: instructions.text }) };
  return {
    type: 'agent.created',
    agentId,
    label,
    model,
    permission: facts.permission,
    systemPrompt: `${systemPrompt(known)}\n\n${notificationRules(nonce)}`,
    ...(instructions && { instructions: instructionsRead(instructions) }),
    tools,
    firstRun: { prompt },
  };
}

/** The name of an agent that was given none. */
export function firstWords(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
