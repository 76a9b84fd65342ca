/** Applies exact replacements to a text, all or none; pure. */
import type { CallError } from '../core/calls.ts';
import { lineOfAlike } from './alikeText.ts';
import { splitMark } from './byteOrderMark.ts';

/** One replacement; `oldText` must stand exactly once in the text as it is before all of them. */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
}

/** `setsMark`: the text is to begin with a byte order mark, which is not in it. */
export type Edited =
  | { readonly ok: true; readonly text: string; readonly setsMark: boolean }
  | { readonly ok: false; readonly error: CallError };

interface Found extends Edit {
  readonly start: number;
  readonly number: number;
}

/** Where the text has CRLF line ends throughout, edits may be written with LF. `name` is the file's, for messages. */
export function applyEdits(text: string, edits: readonly Edit[], name: string): Edited {
  const inTheFilesLineEnds = hasOnlyCrlf(text) ? edits.map(withCrlf) : edits;
  const found: Found[] = [];
  for (const [index, edit] of inTheFilesLineEnds.entries()) {
    const beginning = atBeginning(text, edit);
    if (beginning !== undefined) {
      found.push({ ...beginning, start: 0, number: index + 1 });
      continue;
    }
    const start = text.indexOf(edit.oldText);
    const problem = placeProblem(text, edit, start, name);
    if (problem !== undefined) return failure(`${nameOf(index + 1, edits.length)}${problem}`);
    found.push({ ...edit, start, number: index + 1 });
  }
  found.sort((a, b) => a.start - b.start);
  const overlap = found.findIndex((edit, at) => edit.start < endOf(found[at - 1]));
  if (overlap > 0) {
    const [first, second] = [found[overlap - 1], found[overlap]];
    return failure(`Edits ${first?.number} and ${second?.number} overlap in ${name}; make them one edit.`);
  }
  const { edits: unmarked, setsMark } = takeMark(found);
  const edited = replaceAll(text, unmarked);
  if (edited === text && !setsMark) return { ok: false, error: changesNothing(name) };
  if (!edited.isWellFormed())
    return failure(`The edits would leave half a character (a lone surrogate) in ${name}.`);
  return { ok: true, text: edited, setsMark };
}

/** The error for edits that would leave the file as it is. */
export function changesNothing(name: string): CallError {
  const message = `The edits would change nothing in ${name}. Nothing was changed.`;
  return { kind: 'invalidInput', message };
}

/** An edit whose old text begins with the file's byte order mark, which is not in the text; without that mark. */
function atBeginning(text: string, { oldText, newText }: Edit): Edit | undefined {
  const { text: old, hasMark } = splitMark(oldText);
  if (!hasMark || text === '' || text.includes(oldText) || !text.startsWith(old)) return undefined;
  return { oldText: old, newText };
}

/** A mark that an edit puts before the text is the file's, unless the mark that it replaces was text. */
function takeMark(found: readonly Found[]): { readonly edits: readonly Found[]; readonly setsMark: boolean } {
  const [first, ...others] = found;
  if (first?.start !== 0 || splitMark(first.oldText).hasMark) return { edits: found, setsMark: false };
  const { text: newText, hasMark: setsMark } = splitMark(first.newText);
  return { edits: [{ ...first, newText }, ...others], setsMark };
}

function placeProblem(text: string, { oldText }: Edit, start: number, name: string): string | undefined {
  if (oldText === '') return 'oldText is empty. Give the text that is to be replaced.';
  if (text === '') return `${name} is empty. Use write_file.`;
  if (start === -1) return `oldText does not stand in ${name}. ${whatToTry(text, oldText)}`;
  const count = text.split(oldText).length - 1;
  const isTwice = text.indexOf(oldText, start + 1) !== -1;
  if (!isTwice) return undefined;
  return `oldText stands ${Math.max(count, 2)} times in ${name}, first in ${linesOf(text, oldText)}. Give more of the text around it, so that it stands once.`;
}

function whatToTry(text: string, oldText: string): string {
  if (/^ *\d+\t/.test(oldText))
    return 'oldText begins with a line number of read_file; leave the numbers and the tab after them out.';
  const line = lineOfAlike(text, oldText);
  if (line !== undefined)
    return `From line ${line} the same stands there with other blanks. Read those lines and copy them exactly.`;
  return 'It must match exactly, with blanks and line ends; read the lines again and copy them without their numbers.';
}

function linesOf(text: string, part: string): string {
  const lines: number[] = [];
  for (let at = text.indexOf(part); at !== -1 && lines.length < 3; at = text.indexOf(part, at + 1))
    lines.push(text.slice(0, at).split('\n').length);
  return `lines ${lines.join(', ')}`;
}

function replaceAll(text: string, found: readonly Found[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of found) {
    parts.push(text.slice(from, edit.start), edit.newText);
    from = endOf(edit);
  }
  return parts.join('') + text.slice(from);
}

function endOf(edit: Found | undefined): number {
  return edit === undefined ? 0 : edit.start + edit.oldText.length;
}

function hasOnlyCrlf(text: string): boolean {
  return text.includes('\r\n') && !/(?<!\r)\n/.test(text);
}

function withCrlf({ oldText, newText }: Edit): Edit {
  return { oldText: crlf(oldText), newText: crlf(newText) };
}

function crlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

function nameOf(number: number, count: number): string {
  return count === 1 ? '' : `Edit ${number} of ${count}: `;
}

function failure(message: string): Edited {
  return { ok: false, error: { kind: 'invalidInput', message: `${message} Nothing was changed.` } };
}
