/** How full a model's context window is by an agent's history. */
import type { AgentId, Usage } from '../core/agents.ts';
import { toolResults } from '../core/callOutcomeText.ts';
import { callsOfTurn, type Agent, type SessionState, type Turn } from '../core/states.ts';

/** A cautious guess: English prose has about four, code and other scripts have fewer. */
const charsPerToken = 3;

/** Beside the reply's own tokens: room for what comes with the next request, and for being asked for a summary. */
const roomTokens = 10_000;

/** Turns that a compaction must bring before there is another: one that brings less would be made at every turn. */
const fewestTurns = 3;

/** Whether the next request would leave too little room in the window for the reply. False before the first turn. */
export function isNearWindow(
  state: SessionState,
  agentId: AgentId,
  windowTokens: number,
  maxTokens: number,
): boolean {
  const agent = state.agents.get(agentId);
  const turns = agent ? turnsSinceCompaction(state, agent) : [];
  const last = turns.at(-1);
  if (!agent || last?.state.status !== 'ended') return false;
  if (agent.compacted && turns.length < fewestTurns) return false;
  return tokensOf(last.state.usage) + tokensAfter(state, agent, last) > fullTokens(windowTokens, maxTokens);
}

/** Half of the window is always used, whatever a reply may take. */
function fullTokens(windowTokens: number, maxTokens: number): number {
  return Math.max(windowTokens / 2, windowTokens - maxTokens - roomTokens);
}

function turnsSinceCompaction(state: SessionState, { runs, compacted }: Agent): readonly Turn[] {
  const ids = runs.flatMap((run) => run.turnIds);
  const start = compacted ? ids.indexOf(compacted.beforeTurnId) : 0;
  if (start === -1) return [];
  return ids.slice(start).flatMap((id) => {
    const turn = state.turns.get(id);
    return turn?.state.status === 'ended' ? [turn] : [];
  });
}

function tokensOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}

/** What the API has not counted yet: the turn's results, and the texts that come after it. */
function tokensAfter(state: SessionState, { runs, messages }: Agent, turn: Turn): number {
  const results = toolResults(callsOfTurn(state, turn)).reduce((sum, { text }) => sum + text.length, 0);
  const newest = runs.at(-1);
  const prompt = newest && newest.id !== turn.runId ? newest.prompt.length : 0;
  const queued = messages.filter((message) => message.state.status === 'queued');
  const texts = queued.reduce((sum, { text }) => sum + text.length, 0);
  return (results + prompt + texts) / charsPerToken;
}
