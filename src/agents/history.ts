/** An agent's messages as a function of the session's state: nothing else remembers a conversation. */
import type { AgentId, TurnBlock } from '../core/agents.ts';
import type { Message, ToolUseBlock } from '../core/models.ts';
import type { Call, Run, SessionState, Turn } from '../core/states.ts';
import { toolResults } from '../core/callOutcomeText.ts';

/** Every run's prompt, turns and results, in order; always a request that the API accepts. */
export function messagesOf(state: SessionState, agentId: AgentId): readonly Message[] {
  const runs = state.agents.get(agentId)?.runs ?? [];
  return mergeNeighbours(runs.flatMap((run) => messagesOfRun(state, run)));
}

/** The calls of a turn in the order of its blocks. */
export function callsOf(state: SessionState, turn: Turn): readonly Call[] {
  const ids = (turn.batchId !== undefined && state.batches.get(turn.batchId)?.callIds) || [];
  return ids.flatMap((id) => state.calls.get(id) ?? []);
}

/** In the place of a blank prompt, which the API refuses. */
const promptWithoutWords = 'Go on.';

function messagesOfRun(state: SessionState, run: Run): readonly Message[] {
  const text = run.prompt.trim() === '' ? promptWithoutWords : run.prompt;
  const prompt: Message = { role: 'user', content: [{ type: 'text', text }] };
  return [prompt, ...run.turnIds.flatMap((id) => messagesOfTurn(state, state.turns.get(id)))];
}

function messagesOfTurn(state: SessionState, turn: Turn | undefined): readonly Message[] {
  // What a cut or discarded turn left is never sent back.
  if (turn?.state.status !== 'ended') return [];
  // Only where the turn ended for its calls were they run.
  const calls = turn.state.stopReason === 'tool_use' ? callsOf(state, turn) : [];
  const content = assistantContent(turn, calls);
  if (!content.some((block) => block.type === 'text' || block.type === 'tool_use')) return [];
  const said: Message = { role: 'assistant', content };
  return calls.length > 0 ? [said, { role: 'user', content: toolResults(calls) }] : [said];
}

function assistantContent(turn: Turn, calls: readonly Call[]): readonly (TurnBlock | ToolUseBlock)[] {
  const blocks = turn.blocks.filter(({ block }) => block.type !== 'text' || block.text.trim() !== '');
  const uses = calls.map((call) => ({
    index: call.index,
    block: { type: 'tool_use', id: call.id, name: call.tool, input: call.input } as const,
  }));
  return [...blocks, ...uses].sort((a, b) => a.index - b.index).map(({ block }) => block);
}

/** A prompt that follows results stands after them in one message, and what follows a pause after what came before it. */
function mergeNeighbours(messages: readonly Message[]): readonly Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last?.role === 'user' && message.role === 'user')
      merged[merged.length - 1] = { role: 'user', content: [...last.content, ...message.content] };
    else if (last?.role === 'assistant' && message.role === 'assistant')
      merged[merged.length - 1] = { role: 'assistant', content: [...last.content, ...message.content] };
    else merged.push(message);
  }
  return merged;
}
