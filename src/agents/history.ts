/** An agent's messages as a function of the session's state: nothing else remembers a conversation. */
import type { AgentId, TurnBlock, TurnId } from '../core/agents.ts';
import type { Message, ToolUseBlock } from '../core/models.ts';
import {
  callsOfTurn,
  type Agent,
  type AgentMessage,
  type Call,
  type Run,
  type SessionState,
  type Turn,
} from '../core/states.ts';
import { toolResults } from '../core/callOutcomeText.ts';
import { runsCalls } from './endings.ts';
import { halfReply } from './halfReply.ts';
import { sinceCompaction } from './sinceCompaction.ts';

/**
 * Every run's prompt, turns and results, in order, each message right before the turn that it was placed at; always a
 * request that the API accepts.
 */
export function messagesOf(state: SessionState, agentId: AgentId): readonly Message[] {
  const agent = state.agents.get(agentId);
  if (!agent) return [];
  const placed = placedTexts(agent);
  const { summary, runs } = sinceCompaction(agent);
  const messages: Message[] = summary === undefined ? [] : [userText(summary)];
  for (const [index, run] of runs.entries()) {
    messages.push(...promptOf(run, messages, placed));
    for (const id of run.turnIds)
      messages.push(...(placed.get(id) ?? []), ...messagesOfTurn(state, state.turns.get(id)));
    // Without words of its own the next run asks for the cut reply again.
    if (runs[index + 1]?.prompt.trim()) messages.push(...halfReply(state, run));
  }
  return mergeNeighbours([...messages, ...(placed.get(nextTurn) ?? [])]);
}

/** The turn that is about to be asked for: nothing but what is placed before it is known of it. */
const nextTurn = Symbol('next turn');

type Placed = ReadonlyMap<TurnId | typeof nextTurn, readonly Message[]>;

function placedTexts(agent: Agent): Placed {
  const known = new Set(agent.runs.flatMap((run) => run.turnIds));
  const placed = new Map<TurnId | typeof nextTurn, Message[]>();
  for (const message of agent.messages) {
    const turnId = placeOf(message);
    if (turnId === undefined) continue;
    const place = known.has(turnId) ? turnId : nextTurn;
    placed.set(place, [...(placed.get(place) ?? []), userText(message.text)]);
  }
  return placed;
}

function placeOf({ state }: AgentMessage): TurnId | undefined {
  return state.status === 'placed' || state.status === 'accepted' ? state.turnId : undefined;
}

/** In the place of a blank prompt, where the history would not end with words for the model. */
const promptWithoutWords = 'Go on.';

function promptOf(run: Run, before: readonly Message[], placed: Placed): readonly Message[] {
  if (run.prompt.trim() !== '') return [userText(run.prompt)];
  if (before.at(-1)?.role === 'user' || placed.has(run.turnIds[0] ?? nextTurn)) return [];
  return [userText(promptWithoutWords)];
}

function userText(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function messagesOfTurn(state: SessionState, turn: Turn | undefined): readonly Message[] {
  // What a cut or discarded turn left is void; halfReply tells of the last one.
  if (turn?.state.status !== 'ended') return [];
  // The calls of a reply that was cut or refused were not run, and are not sent back.
  const calls = runsCalls(turn.state.stopReason) ? callsOfTurn(state, turn) : [];
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
