/** What is to be said of a turn beside its calls: that it goes on, or why it came to no end. */
import type { EndedStatus, RunEnding } from '../core/agents.ts';
import type { SessionState, Turn } from '../core/states.ts';
import { runLook, workingIcon } from './looks.ts';
import type { Icon } from './looks.ts';
import { endingDetails, endingTitle } from './personText.ts';
import { endingInTurn, runOf } from '../core/unfinishedReply.ts';

export interface TurnStanding {
  /** A few words; empty for a turn that came to its end. */
  readonly word: string;
  /** Why; may be empty. */
  readonly reason: string;
  readonly icon?: Icon;
}

const nothingToSay: TurnStanding = { word: '', reason: '' };

/** How a turn stands. */
export function turnStanding(state: SessionState, turn: Turn): TurnStanding {
  const ending = endingInTurn(state, turn) ?? endingWithoutWord(state, turn);
  if (ending) return endedStanding(ending);
  switch (turn.state.status) {
    case 'streaming':
      return { word: 'the model is writing', reason: '', icon: workingIcon };
    case 'discarded':
      return {
        word: 'discarded',
        reason: turn.state.reason,
        icon: { name: 'discard', color: 'testing.iconSkipped' },
      };
    case 'ended':
      return nothingToSay;
  }
}

const words: Readonly<Record<EndedStatus, string>> = {
  completed: '',
  incomplete: 'incomplete',
  interrupted: 'cut off',
  failed: 'failed',
  cancelled: 'cancelled',
};

function endedStanding(ending: RunEnding): TurnStanding {
  const word = ending.status === 'cancelled' ? endingTitle(ending).toLowerCase() : words[ending.status];
  return { word, reason: endingDetails(ending), icon: runLook({ ...ending, endedAt: 0 }).icon };
}

/** How the run ended with this turn, though the turn came to its own end: it was cut at a limit, or refused. */
function endingWithoutWord(state: SessionState, turn: Turn): RunEnding | undefined {
  const run = runOf(state, turn);
  if (!run || !('endedAt' in run.state) || run.turnIds.at(-1) !== turn.id) return undefined;
  const isTold = run.state.status === 'completed' || run.state.status === 'cancelled';
  return isTold || turn.batchId !== undefined ? undefined : run.state;
}
