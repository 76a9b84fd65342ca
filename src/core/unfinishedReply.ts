/** The reply that a run ended in: what of it is in no block, because it never came to an end. */
import type { RunEnding } from './agents.ts';
import type { Run, SessionState, Turn } from './states.ts';

/** How the run of this turn ended, where it ended before the turn did. */
export function endingInTurn(state: SessionState, turn: Turn): RunEnding | undefined {
  const run = runOf(state, turn);
  if (!run || !('endedAt' in run.state) || run.turnIds.at(-1) !== turn.id) return undefined;
  return turn.state.status === 'ended' ? undefined : run.state;
}

/** The text of the reply that the run ended in, without the blocks that are complete. */
export function unfinishedText(state: SessionState, turn: Turn): string {
  const ending = endingInTurn(state, turn);
  const run = runOf(state, turn);
  if (!ending || !run) return '';
  const earlier = run.turnIds.slice(0, -1).flatMap((id) => state.turns.get(id) ?? []);
  // Where nothing arrived of this reply, the ending carries the one before.
  if (earlier.flatMap(textsOf).join('\n\n').trim().endsWith(ending.text)) return '';
  return without(ending.text, [...pausedBefore(earlier), turn].flatMap(textsOf));
}

/** The whole blocks of text of a turn. */
export function textsOf(turn: Turn): readonly string[] {
  return turn.blocks.flatMap(({ block }) => (block.type === 'text' ? [block.text] : []));
}

/** The run that a turn is part of. */
export function runOf(state: SessionState, turn: Turn): Run | undefined {
  return state.agents.get(turn.agentId)?.runs.find(({ id }) => id === turn.runId);
}

/** A paused turn and the one that resumes it are one reply. */
function pausedBefore(turns: readonly Turn[]): readonly Turn[] {
  const lastOther = turns.findLastIndex(
    ({ state }) => state.status !== 'ended' || state.stopReason !== 'pause_turn',
  );
  return turns.slice(lastOther + 1);
}

function without(text: string, blocks: readonly string[]): string {
  return blocks.reduce((rest, block) => {
    const complete = block.trim();
    return rest.startsWith(complete) ? rest.slice(complete.length).trimStart() : rest;
  }, text.trim());
}
