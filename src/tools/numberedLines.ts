/** A file's lines with their numbers, as the model sees them; pure. */
import type { CallError } from '../core/calls.ts';
import type { FileLines } from '../core/filePorts.ts';
import { readFormText, type ReadForm } from '../core/textForm.ts';
import { isMostlyUnreadable, withVisibleNuls } from '../core/unreadable.ts';
import { cutBefore } from '../core/shorten.ts';
import type { ToolResult } from '../core/tools.ts';
import { unseenNote } from './unseenCharacters.ts';

const maxShownChars = 256 * 1024;

export interface ReadText {
  /** How the file is called in the result. */
  readonly name: string;
  readonly lines: FileLines;
  readonly bytes: number;
  readonly isUnsaved: boolean;
  readonly form?: ReadForm;
}

/** Counted from 1, both ends shown; no end means the file's. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number | undefined;
}

/** The lines of the range below a line that says what is shown; an error where there are none. */
export function showLines(file: ReadText, { startLine, endLine }: LineRange): ToolResult {
  if (endLine !== undefined && endLine < startLine) {
    return failure(`endLine ${endLine} is before startLine ${startLine}.`);
  }
  const { lines } = file;
  const unsaved = file.isUnsaved ? ', with unsaved changes of the editor' : '';
  if (lines.total === 0 && startLine === 1) {
    return { ok: true, output: { text: `${file.name}: empty file (0 bytes)${unsaved}`, bytes: 0 } };
  }
  if (startLine > lines.total) {
    return failure(
      `${file.name} has ${countOfLines(lines.total)}${unsaved}; line ${startLine} is beyond its end. ` +
        'Ask for a range inside it.',
    );
  }
  const lastWanted = Math.min(lines.total, endLine ?? Infinity);
  const { shown, count, rest } = fit(lines, startLine, lastWanted);
  if (isMostlyUnreadable(shown.join('\n'))) return binary(file, startLine, lastWanted);
  const last = startLine + count - 1;
  const form = readFormText(file.form);
  const header =
    `${file.name}: ${range(startLine, last)} of ${lines.total} ` +
    `(the file has ${file.bytes} bytes${lineEndsText(lines)}${unsaved}${form === undefined ? '' : `, ${form}`})`;
  const text = [header, ...shown.map(withVisibleNuls), ...rest, ...unseenNote(shown)].join('\n');
  return { ok: true, output: { text, bytes: lines.bytesOf(startLine, lastWanted) } };
}

function countOfLines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

/** What the lines below don't show of how they end. */
function lineEndsText({ total, crlfEnds, loneReturns, endsClosed }: FileLines): string {
  const lfEnds = total - (endsClosed ? 0 : 1) - crlfEnds;
  const parts: string[] = [];
  if (crlfEnds > 0)
    parts.push(lfEnds === 0 ? 'CRLF line ends' : `mixed line ends: ${crlfEnds} CRLF, ${lfEnds} LF`);
  if (loneReturns > 0) parts.push(`${loneReturns} carriage returns (\\r) without a line feed`);
  if (!endsClosed) parts.push('no newline at the end of the file');
  return parts.map((part) => `, ${part}`).join('');
}

interface Fitted {
  readonly shown: readonly string[];
  readonly count: number;
  /** What is said of the lines that did not fit. */
  readonly rest: readonly string[];
}

/** As many of the lines as fit, both ends wanted. */
function fit(lines: FileLines, first: number, last: number): Fitted {
  const shown: string[] = [];
  let chars = 0;
  for (const line of lines.from(first)) {
    const number = first + shown.length;
    const numbered = numberLine(number, line);
    chars += numbered.length + 1;
    if (chars > maxShownChars) {
      if (shown.length === 0) return cutLine(line, first, last);
      return { shown, count: shown.length, rest: [follows(number, last)] };
    }
    shown.push(numbered);
    if (number === last) break;
  }
  return { shown, count: shown.length, rest: [] };
}

function numberLine(number: number, line: string): string {
  return `${String(number).padStart(6)}\t${line}`;
}

function cutLine(line: string, first: number, last: number): Fitted {
  const part = line.slice(0, cutBefore(line, maxShownChars));
  const rest = [`[line ${first} has ${line.length} characters; only the first ${part.length} are shown]`];
  if (last > first) rest.push(follows(first + 1, last));
  return { shown: [numberLine(first, part)], count: 1, rest };
}

function follows(first: number, last: number): string {
  return `[${range(first, last)} did not fit and follow here; ask for them with startLine ${first}]`;
}

function range(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

function binary({ name }: ReadText, first: number, last: number): ToolResult {
  const message = `${name} has binary data in ${range(first, last)}, which can't be shown as text. Ask for other lines, or run a program that understands its format.`;
  return { ok: false, error: { kind: 'binary', message } };
}

function failure(message: string): { ok: false; error: CallError } {
  return { ok: false, error: { kind: 'invalidInput', message } };
}
