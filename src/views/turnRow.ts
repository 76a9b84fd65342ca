/** The row of a turn. */
import { isSettled } from '../core/calls.ts';
import { callsOfTurn, hasEnded, latestRun } from '../core/states.ts';
import type { Call, SessionState, Turn } from '../core/states.ts';
import { allOnRecord, unrecordedCalls, type UnrecordedCalls } from '../core/unrecordedCalls.ts';
import { callsPhrase, callsSummary } from './callsPhrase.ts';
import type { Icon } from './looks.ts';
import { askingLook, interruptedLook, workingIcon } from './looks.ts';
import { manyLines, oneLine } from './plainText.ts';
import { previewWords } from './previewWords.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { revertContext, revertedWord } from './revertedWord.ts';
import { agentRowId } from './shownAgents.ts';
import { turnStanding } from './turnStanding.ts';
import { textsOf } from '../core/unfinishedReply.ts';

/** A turn: its number, the count of its calls and the first words of its text. */
export function turnRow(state: SessionState, turn: Turn): Row {
  const calls = callsOfTurn(state, turn);
  const unrecorded = unrecordedOfTurn(state, turn);
  const phrase = callsPhrase(state, calls, unrecorded);
  const { word, reason, icon } = turnStanding(state, turn);
  const standing = [word, oneLine(reason, 80)].filter(Boolean).join(': ');
  const reverted = revertedWord(state, { kind: 'turn', turnId: turn.id });
  const words = previewWords(textsOf(turn).join('\n\n'), 60);
  const label = `Turn ${turnNumber(state, turn)}`;
  return {
    id: `${state.id}/${turn.agentId}/${turn.id}`,
    label,
    description: joined(phrase, standing, reverted, words),
    tooltip: [
      joined(label, phrase, [word, manyLines(reason, 600)].filter(Boolean).join(': '), reverted),
      `Model: ${oneLine(turn.model)}`,
      turn.attempt > 1 ? `Attempt: ${turn.attempt}` : '',
      manyLines(textsOf(turn).join('\n\n'), 600),
    ]
      .filter(Boolean)
      .join('\n'),
    icon: icon ?? callsIcon(calls, isAtWork(state, turn)),
    contextValue: contextOf(state, turn, calls),
    // VS Code keeps a row closed that was drawn without children, so one that may get calls is open from the start.
    isExpandable: turn.batchId !== undefined || turn.state.status === 'streaming',
    accessibilityLabel: [label, callsSummary(state, calls, unrecorded), standing, reverted, words]
      .filter(Boolean)
      .join(', '),
    parentId: agentRowId(state, turn.agentId),
  };
}

/** The place of a turn among all turns of its agent, from 1. */
export function turnNumber(state: SessionState, turn: Turn): number {
  const turnIds = (state.agents.get(turn.agentId)?.runs ?? []).flatMap((run) => run.turnIds);
  return turnIds.indexOf(turn.id) + 1;
}

/** The calls that its reply asked for and that are not on record. */
export function unrecordedOfTurn(state: SessionState, { batchId = '' }: Turn): UnrecordedCalls {
  const batch = state.batches.get(batchId);
  return batch ? unrecordedCalls(state, batch) : allOnRecord;
}

function contextOf(state: SessionState, turn: Turn, calls: readonly Call[]): string {
  if (!isAtWork(state, turn)) {
    const target = { kind: 'turn', turnId: turn.id } as const;
    return `turn${revertContext(state, target, turn.hasEdits === true)}`;
  }
  return calls.some(isOpen) ? 'turn.working' : 'turn';
}

function isOpen(call: Call): boolean {
  return !isSettled(call.state);
}

/** A run that follows one that was cut off brings the last turn's calls to their ends. */
function isAtWork(state: SessionState, turn: Turn): boolean {
  const agent = state.agents.get(turn.agentId);
  const run = agent && latestRun(agent);
  return run !== undefined && !hasEnded(run);
}

/** Nothing turns where all that is left waits for a person. */
function openIcon(calls: readonly Call[]): Icon {
  const open = calls.filter(isOpen);
  const isAsking = open.some(({ state }) => state.status === 'awaitingApproval');
  return isAsking && !open.some(({ state }) => state.status === 'running') ? askingLook.icon : workingIcon;
}

function callsIcon(calls: readonly Call[], isAtWork: boolean): Icon {
  if (calls.some(isOpen)) return isAtWork ? openIcon(calls) : interruptedLook.icon;
  if (calls.length === 0) return { name: 'comment' };
  const allSucceeded = calls.every((call) => call.state.status === 'succeeded');
  return allSucceeded
    ? { name: 'pass', color: 'testing.iconPassed' }
    : { name: 'warning', color: 'notificationsWarningIcon.foreground' };
}
