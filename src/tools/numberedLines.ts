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
  const found = findLines(file.text, startLine, endLine ?? Infinity);
  const unsaved = file.isUnsaved ? ', with unsaved changes of the editor' : '';
  if (found.total === 0 && startLine === 1) {
    return { ok: true, output: { text: `${file.name}: empty file (0 bytes)${unsaved}`, bytes: 0 } };
  }
  if (startLine > found.total) {
    return failure(
      `${file.name} has ${found.total} lines${unsaved}; line ${startLine} is beyond its end. ` +
        'Ask for a range inside it.',
    );
  }
  const { shown, count, rest } = fit(file.text, found, startLine);
  const last = startLine + count - 1;
  const lineEnds = file.text.includes('\r\n') ? ', CRLF line ends' : '';
  const header =
    `${file.name}: ${range(startLine, last)} of ${found.total} ` +
    `(the file has ${file.bytes} bytes${lineEnds}${unsaved})`;
  const text = [header, ...shown, ...rest].join('\n');
  return { ok: true, output: { text, bytes: Buffer.byteLength(file.text.slice(found.start, found.end)) } };
}

/** Where the wanted lines are in a text; a file can have millions of lines, so none is taken out of it yet. */
interface FoundLines {
  readonly total: number;
  readonly wanted: number;
  readonly start: number;
  /** Before the line feed of the last. */
  readonly end: number;
}

const lineFeed = 10;

function findLines(text: string, first: number, last: number): FoundLines {
  let [total, start, end] = [0, text.length, text.length];
  const take = (lineStart: number, lineEnd: number): void => {
    total += 1;
    if (total === first) start = lineStart;
    if (total >= first && total <= last) end = lineEnd;
  };
  let lineStart = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) !== lineFeed) continue;
    take(lineStart, at);
    lineStart = at + 1;
  }
  // The end of the last line begins no further one.
  if (lineStart < text.length) take(lineStart, text.length);
  return { total, wanted: Math.min(total, last) - first + 1, start, end };
}

interface Fitted {
  readonly shown: readonly string[];
  readonly count: number;
  /** What is said of the lines that did not fit. */
  readonly rest: readonly string[];
}

function fit(text: string, found: FoundLines, startLine: number): Fitted {
  const shown: string[] = [];
  let chars = 0;
  for (let at = found.start; shown.length < found.wanted;) {
    const { line, next } = lineAt(text, at);
    const numbered = numberLine(startLine + shown.length, line);
    chars += numbered.length + 1;
    if (chars > maxShownChars) break;
    shown.push(numbered);
    at = next;
  }
  if (shown.length === found.wanted) return { shown, count: shown.length, rest: [] };
  if (shown.length === 0) return cutLine(lineAt(text, found.start).line, found, startLine);
  return { shown, count: shown.length, rest: [follows(found, startLine, shown.length)] };
}

function lineAt(text: string, start: number): { readonly line: string; readonly next: number } {
  const found = text.indexOf('\n', start);
  const end = found === -1 ? text.length : found;
  const line = text.slice(start, end);
  return { line: line.endsWith('\r') ? line.slice(0, -1) : line, next: end + 1 };
}

function numberLine(number: number, line: string): string {
  return `${String(number).padStart(6)}\t${line}`;
}

function cutLine(line: string, found: FoundLines, startLine: number): Fitted {
  const part = line.slice(0, cutBefore(line, maxShownChars));
  const rest = [`[line ${startLine} has ${line.length} characters; only the first ${part.length} are shown]`];
  if (found.wanted > 1) rest.push(follows(found, startLine, 1));
  return { shown: [numberLine(startLine, part)], count: 1, rest };
}

function follows({ wanted }: FoundLines, startLine: number, count: number): string {
  const first = startLine + count;
  const last = startLine + wanted - 1;
  return `[${range(first, last)} did not fit and follow here; ask for them with startLine ${first}]`;
}

function range(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

function failure(message: string): { ok: false; error: CallError } {
  return { ok: false, error: { kind: 'invalidInput', message } };
}
