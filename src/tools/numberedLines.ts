/** A file's lines with their numbers, as the model sees them; pure. */
import type { CallError } from '../core/calls.ts';
import { cutBefore } from '../core/shorten.ts';
import type { ToolResult } from '../core/tools.ts';

const maxShownChars = 256 * 1024;

export interface ReadText {
  /** How the file is called in the result. */
  readonly name: string;
  readonly text: string;
  readonly bytes: number;
  readonly isUnsaved: boolean;
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
  const lines = splitLines(file.text);
  const unsaved = file.isUnsaved ? ', with unsaved changes of the editor' : '';
  if (lines.length === 0 && startLine === 1) {
    return { ok: true, output: { text: `${file.name}: empty file (0 bytes)${unsaved}`, bytes: 0 } };
  }
  if (startLine > lines.length) {
    return failure(
      `${file.name} has ${lines.length} lines${unsaved}; line ${startLine} is beyond its end. ` +
        'Ask for a range inside it.',
    );
  }
  const wanted = lines.slice(startLine - 1, endLine);
  const { shown, count, rest } = fit(wanted, startLine);
  const last = startLine + count - 1;
  const lineEnds = file.text.includes('\r\n') ? ', CRLF line ends' : '';
  const header =
    `${file.name}: ${range(startLine, last)} of ${lines.length} ` +
    `(the file has ${file.bytes} bytes${lineEnds}${unsaved})`;
  const text = [header, shown, ...rest].join('\n');
  return { ok: true, output: { text, bytes: Buffer.byteLength(wanted.join('\n')) } };
}

interface Fitted {
  readonly shown: string;
  readonly count: number;
  /** What is said of the lines that did not fit. */
  readonly rest: readonly string[];
}

function fit(lines: readonly string[], startLine: number): Fitted {
  const shown: string[] = [];
  let chars = 0;
  for (const [index, line] of lines.entries()) {
    const numbered = `${String(startLine + index).padStart(6)}\t${line}`;
    chars += numbered.length + 1;
    if (chars > maxShownChars) break;
    shown.push(numbered);
  }
  if (shown.length === lines.length) return { shown: shown.join('\n'), count: lines.length, rest: [] };
  if (shown.length > 0)
    return { shown: shown.join('\n'), count: shown.length, rest: [follows(lines, startLine, shown.length)] };
  return cutLine(lines, startLine);
}

function cutLine(lines: readonly string[], startLine: number): Fitted {
  const line = lines[0] ?? '';
  const part = line.slice(0, cutBefore(line, maxShownChars));
  const rest = [`[line ${startLine} has ${line.length} characters; only the first ${part.length} are shown]`];
  if (lines.length > 1) rest.push(follows(lines, startLine, 1));
  return { shown: `${String(startLine).padStart(6)}\t${part}`, count: 1, rest };
}

function follows(lines: readonly string[], startLine: number, count: number): string {
  const first = startLine + count;
  const last = startLine + lines.length - 1;
  return `[${range(first, last)} did not fit and follow here; ask for them with startLine ${first}]`;
}

function range(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  // The end of the last line begins no further one.
  if (text.endsWith('\n')) lines.pop();
  return lines;
}

function failure(message: string): { ok: false; error: CallError } {
  return { ok: false, error: { kind: 'invalidInput', message } };
}
