/** The work that a call holds as a table of text: how each part stands, its name, how long it took and its first words. */
import { isSettled } from '../core/calls.ts';
import { latestRun } from '../core/states.ts';
import type { Call, SessionState } from '../core/states.ts';
import { callName, deedText } from './callName.ts';
import { innerCalls } from './callParts.ts';
import { callStanding } from './callStanding.ts';
import { durationText, spentText } from './duration.ts';
import { callProblem } from './personText.ts';
import { oneLine } from './plainText.ts';
import { previewWords } from './previewWords.ts';
import { taskRecords } from './taskRecords.ts';
import type { TaskRecord } from './taskRecords.ts';

const longestName = 30;
const longestWords = 100;

/** One line for each task or call, in the order of the list; empty for a call that holds none. */
export function partsTable(state: SessionState, call: Call): string {
  const list = state.taskLists.find(({ callId }) => callId === call.id);
  const rows = list
    ? taskRecords(state, list).map((record) => taskCells(state, record))
    : innerCalls(state, call).map((inner) => callCells(state, inner));
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) => lineOf(row, widths)).join('\n');
}

type Cells = readonly [standing: string, name: string, spent: string, words: string];

function lineOf(row: Cells, widths: readonly number[]): string {
  const cells = row.map(
    (cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)),
  );
  return cells.join('  ').trimEnd();
}

function taskCells(
  state: SessionState,
  { status, note, agentId = '', message, text = '' }: TaskRecord,
): Cells {
  const agent = state.agents.get(agentId);
  const run = agent && latestRun(agent);
  const spent = run && 'endedAt' in run.state ? durationText(run.state.endedAt - run.startedAt) : '';
  const words =
    status === 'completed' ? previewWords(text, longestWords) : oneLine(message ?? '', longestWords);
  return [status, oneLine(note, longestName), spent, words];
}

function callCells(state: SessionState, call: Call): Cells {
  const spent = isSettled(call.state) ? spentText(call.state) : '';
  const words = [deedText(call), callProblem(call) ?? ''].filter(Boolean).join(': ');
  const name = oneLine(callName(state, call.id), longestName);
  return [callStanding(state, call).text, name, spent, oneLine(words, longestWords)];
}
