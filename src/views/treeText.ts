/** The tree as text, for the terminal and the tests: the same rows as in the editor. */
import type { SessionState } from '../core/states.ts';
import { durationText } from './duration.ts';
import { targetOf } from './rowIds.ts';
import { childRows } from './rows.ts';
import type { Row } from './row.ts';
import { sessionRow } from './sessionRow.ts';

const marks: Readonly<Record<string, string>> = { pass: '✓', error: '✗' };

/** Every row of a session, one a line, indented by its depth. `now` dates what still runs. */
export function treeText(state: SessionState, now: number): string {
  return [...lines(state, sessionRow(state), 0, now)].join('\n');
}

function* lines(state: SessionState, row: Row, depth: number, now: number): Iterable<string> {
  const description = [row.description, elapsedText(state, row, now)].filter(Boolean).join(' · ');
  const mark = row.contextValue.startsWith('call.') ? `${marks[row.icon.name] ?? '·'} ` : '';
  yield `${'  '.repeat(depth)}${mark}${row.label}${description && `  ${description}`}`;
  for (const child of childRows(state, row.id)) yield* lines(state, child, depth + 1, now);
}

function elapsedText(state: SessionState, row: Row, now: number): string {
  const target = targetOf(state, row.id);
  const call = target?.kind === 'call' ? state.calls.get(target.callId) : undefined;
  return call?.state.status === 'running' ? durationText(now - call.state.startedAt) : '';
}
