/** Applies replacements to a text, all or none; pure. */
import type { CallError } from '../core/calls.ts';
import { splitMark } from './byteOrderMark.ts';
import { hintFor } from './editHints.ts';
import {
  apart,
  foldedPlaces,
  lineAt,
  placesOf,
  searchedText,
  type SearchedText,
  type TextRange,
} from './editPlaces.ts';
import { inFilesForm } from './filesForm.ts';
import { differencesIn } from './lineDifferences.ts';

/** One replacement; `oldText` must be in the text once, as it is before all of them, or is replaced everywhere. */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean | undefined;
}

/** `setsMark`: the text is to begin with a byte order mark, which is not in it. `notes`: what the model is to know. */
export type Edited =
  | {
      readonly ok: true;
      readonly text: string;
      readonly setsMark: boolean;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly error: CallError };

/** A range of the text, and what takes its place. */
interface Found extends TextRange {
  readonly newText: string;
  /** Of the edit, counted from 1. */
  readonly number: number;
}

type Located =
  | { readonly ok: true; readonly found: readonly Found[]; readonly note?: string }
  | { readonly ok: false; readonly problem: string };

/** `name` is the file's, for messages. Line ends match whatever they are, and stay what they are in the file. */
export function applyEdits(text: string, edits: readonly Edit[], name: string): Edited {
  const searched = searchedText(text);
  const found: Found[] = [];
  const notes: string[] = [];
  for (const [index, edit] of edits.entries()) {
    const located = locate(searched, edit, index + 1, name);
    const prefix = nameOf(index + 1, edits.length);
    if (!located.ok) return failure(`${prefix}${located.problem}`);
    for (const each of located.found) found.push(each);
    if (located.note !== undefined) notes.push(`[${prefix}${located.note}]`);
  }
  found.sort((a, b) => a.start - b.start);
  const overlap = found.findIndex((edit, at) => edit.start < (found[at - 1]?.end ?? 0));
  if (overlap > 0) {
    const [first, second] = [found[overlap - 1], found[overlap]];
    return failure(`Edits ${first?.number} and ${second?.number} overlap in ${name}; make them one edit.`);
  }
  const { edits: unmarked, setsMark } = takeMark(found, text);
  const edited = replaced(text, unmarked);
  if (edited === text && !setsMark) return { ok: false, error: changesNothing(name, edits) };
  if (!edited.isWellFormed())
    return failure(`The edits would leave half a character (a lone surrogate) in ${name}.`);
  return { ok: true, text: edited, setsMark, notes };
}

/** The error for edits that would leave the file as it is. */
export function changesNothing(name: string, edits: readonly Edit[] = []): CallError {
  const isOfLineEnds = edits.some(({ oldText, newText }) => oldText !== newText);
  const why = isOfLineEnds
    ? ' It keeps the line ends of a file; a command in the terminal can change those.'
    : '';
  const message = `The edits would change nothing in ${name}.${why} Nothing was changed.`;
  return { kind: 'invalidInput', message };
}

function locate(searched: SearchedText, edit: Edit, number: number, name: string): Located {
  const { text } = searched;
  const { oldText, replaceAll = false } = edit;
  if (oldText === '') return problem('oldText is empty. Give the text that is to be replaced.');
  const marked = atBeginning(searched, edit);
  if (marked) return { ok: true, found: [{ ...marked, number }] };
  if (text === '') return problem(`${name} is empty. Use write_file.`);
  const places = placesOf(searched, oldText);
  if (places.length === 0) return alike(searched, edit, number, name);
  if (places.length > 1 && !replaceAll) return problem(isAmbiguous(text, places, name));
  const found: Found[] = [];
  for (const place of apart(places)) {
    const written = writtenAt(searched, place, edit);
    if (written === undefined) return problem(`${isMissing(name)} ${hintFor(searched, oldText)}`);
    found.push({ ...place, newText: written, number });
  }
  if (!replaceAll) return { ok: true, found };
  return { ok: true, found, note: found.length === 1 ? 'replaced once' : `replaced ${found.length} times` };
}

/** The one place that differs from the old text in characters that look alike, or why there is none. */
function alike(searched: SearchedText, edit: Edit, number: number, name: string): Located {
  const { text } = searched;
  const { oldText, replaceAll } = edit;
  const places = apart(foldedPlaces(searched, oldText, 'characters'));
  const [place] = places;
  const written = place && writtenAt(searched, place, edit);
  if (place === undefined || written === undefined || places.length > 1 || replaceAll)
    return problem(`${isMissing(name)} ${hintFor(searched, oldText)}`);
  const differences = differencesIn(text, place, oldText);
  const note = `found by characters that look alike: ${differences.join('; ')}. What was not replaced stays as it is in the file`;
  return { ok: true, found: [{ ...place, newText: written, number }], note };
}

function writtenAt({ text }: SearchedText, place: TextRange, edit: Edit): string | undefined {
  return inFilesForm({ raw: text.slice(place.start, place.end), lineEnd: lineEndAt(text, place) }, edit);
}

/** The end of the line that a range ends in, or of the one before if it is the last. */
function lineEndAt(text: string, { start, end }: TextRange): string {
  if (!text.includes('\n')) return text.includes('\r') ? '\r' : '\n';
  const next = text.indexOf('\n', end);
  const at = next === -1 ? text.lastIndexOf('\n', start) : next;
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** An edit whose old text begins with the file's byte order mark, which is not in the text; without that mark. */
function atBeginning(
  searched: SearchedText,
  { oldText, newText }: Edit,
): (TextRange & { readonly newText: string }) | undefined {
  const { text } = searched;
  const { text: old, hasMark } = splitMark(oldText);
  if (!hasMark || text === '' || text.includes(oldText)) return undefined;
  if (old === '') return { start: 0, end: 0, newText };
  const [place] = placesOf(searched, old);
  const written = place?.start === 0 ? writtenAt(searched, place, { oldText: old, newText }) : undefined;
  return place && written !== undefined ? { ...place, newText: written } : undefined;
}

/** A mark that an edit puts before the text is the file's, unless the mark that it replaces was text. */
function takeMark(
  found: readonly Found[],
  text: string,
): {
  readonly edits: readonly Found[];
  readonly setsMark: boolean;
} {
  const [first, ...others] = found;
  if (first?.start !== 0 || splitMark(text.slice(0, first.end)).hasMark)
    return { edits: found, setsMark: false };
  const { text: newText, hasMark: setsMark } = splitMark(first.newText);
  return { edits: [{ ...first, newText }, ...others], setsMark };
}

function isMissing(name: string): string {
  return `oldText does not stand in ${name}.`;
}

function isAmbiguous(text: string, places: readonly TextRange[], name: string): string {
  const lines = firstLines(text, places);
  const where = lines.length === 1 ? `in line ${lines[0]}` : `first in lines ${lines.join(', ')}`;
  return (
    `oldText stands ${places.length} times in ${name}, ${where}. ` +
    'Give more of the text around it, so that it stands once, or set replaceAll to replace it everywhere.'
  );
}

const mostLines = 3;

function firstLines(text: string, places: readonly TextRange[]): readonly number[] {
  const lines: number[] = [];
  let behind = 0;
  for (const { start } of places) {
    if (start < behind) continue;
    if (lines.push(lineAt(text, start)) === mostLines) break;
    const end = text.indexOf('\n', start);
    behind = end === -1 ? text.length : end + 1;
  }
  return lines;
}

function replaced(text: string, found: readonly Found[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, newText } of found) {
    parts.push(text.slice(from, start), newText);
    from = end;
  }
  return parts.join('') + text.slice(from);
}

function nameOf(number: number, count: number): string {
  return count === 1 ? '' : `Edit ${number} of ${count}: `;
}

function problem(message: string): Located {
  return { ok: false, problem: message };
}

function failure(message: string): Edited {
  return { ok: false, error: { kind: 'invalidInput', message: `${message} Nothing was changed.` } };
}
