/** What an agent does, and what it did last. */
import { isSettled } from '../core/calls.ts';
import { callsOfTurn, type Agent, type Call, type SessionState, type Turn } from '../core/states.ts';
import { callArgument } from './callArgument.ts';
import { standingText } from './callStanding.ts';
import { middleCut, oneLine } from './plainText.ts';

import { textsOf } from '../core/unfinishedReply.ts';

/** The call that runs, or that the model is writing; empty if the agent waits for something else. */
export function presentActivity(state: SessionState, agent: Agent): string {
  const turn = turnsOf(state, agent).at(-1);
  const running = turn && callsOfTurn(state, turn).findLast((call) => call.state.status === 'running');
  if (running) return callText(running);
  return turn?.state.status === 'streaming' ? 'the model is writing' : '';
}

/** A call that runs or has ended, else the last words that the agent wrote. */
export function lastActivity(state: SessionState, agent: Agent): string {
  const turn = turnsOf(state, agent).findLast(
    (candidate) => candidate.blocks.length > 0 || candidate.batchId !== undefined,
  );
  if (!turn) return '';
  const calls = callsOfTurn(state, turn);
  const call =
    calls.findLast(({ state: { status } }) => status === 'running') ??
    calls.findLast((candidate) => isSettled(candidate.state)) ??
    calls.at(-1);
  if (!call) return oneLine(textsOf(turn).join(' '), 60);
  return callText(call).concat(': ', standingText(call.state));
}

function turnsOf(state: SessionState, { runs }: Agent): readonly Turn[] {
  return runs.flatMap((run) => run.turnIds).flatMap((id) => state.turns.get(id) ?? []);
}

function callText({ tool, input }: Call): string {
  return `${oneLine(tool)} ${middleCut(callArgument(tool, input, 400), 40)}`.trim();
}
