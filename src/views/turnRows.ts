/** The turns of an agent that have rows. */
import type { TurnId } from '../core/agents.ts';
import { latestRun, hasEnded } from '../core/states.ts';
import type { Agent, SessionState } from '../core/states.ts';

/** In their order. An answer without any call is all in the conversation, so it needs no row below that of its agent. */
export function turnsWithRows(state: SessionState, agent: Agent): readonly TurnId[] {
  const ids = agent.runs.flatMap(({ turnIds }) => turnIds);
  const [only] = ids;
  const run = latestRun(agent);
  if (only === undefined || ids.length > 1 || run?.state.status !== 'completed') return ids;
  const turn = state.turns.get(only);
  return turn?.state.status === 'ended' && turn.batchId === undefined ? [] : ids;
}

/** As a turn's row: open from the start, though the first turn is to come. */
export function hasTurnRows(state: SessionState, agent: Agent): boolean {
  const run = latestRun(agent);
  return (run !== undefined && !hasEnded(run)) || turnsWithRows(state, agent).length > 0;
}
