/** Reads from a session's events what the model said in each turn of each agent. */
import type { AgentId, TurnBlock, Usage } from '../core/agents.ts';
import type { SessionEvent } from '../core/events.ts';
import type { ToolUseBlock } from '../core/models.ts';
import { fold } from '../core/reduce.ts';
import type { SessionState, Turn } from '../core/states.ts';

/** What the model said in one turn. */
export interface RecordedTurn {
  /** Calls included, in the order of their index. */
  readonly blocks: readonly { readonly index: number; readonly block: TurnBlock | ToolUseBlock }[];
  /** Absent where the turn was cut. */
  readonly end?: { readonly stopReason: string | null; readonly usage: Usage };
}

/**
 * Each agent's turns in the order of the journal, the agents in the order of their creation. Of a turn that was asked
 * again only the last attempt counts, and a turn that ended discarded doesn't.
 */
export function recordedTurns(
  events: readonly SessionEvent[],
): ReadonlyMap<AgentId, readonly RecordedTurn[]> {
  const state = fold(events);
  const turns = new Map<AgentId, RecordedTurn[]>();
  if (!state) return turns;
  for (const agentId of state.agents.keys()) turns.set(agentId, []);
  for (const turn of state.turns.values())
    if (turn.state.status !== 'discarded') turns.get(turn.agentId)?.push(recordedTurn(state, turn));
  return turns;
}

function recordedTurn(state: SessionState, turn: Turn): RecordedTurn {
  const blocks = [...turn.blocks, ...callsOf(state, turn)].sort((a, b) => a.index - b.index);
  if (turn.state.status !== 'ended') return { blocks };
  return { blocks, end: { stopReason: turn.state.stopReason, usage: turn.state.usage } };
}

function callsOf(state: SessionState, turn: Turn): { index: number; block: ToolUseBlock }[] {
  const batch = turn.batchId === undefined ? undefined : state.batches.get(turn.batchId);
  return (batch?.callIds ?? []).flatMap((id) => {
    const call = state.calls.get(id);
    if (!call) return [];
    return [
      { index: call.index, block: { type: 'tool_use' as const, id, name: call.tool, input: call.input } },
    ];
  });
}
