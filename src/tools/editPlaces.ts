/** Finds where the old text of an edit is in a file, as a reader of the file saw it; pure. */
import { fold, type FoldedText, type Folding } from './foldedText.ts';

/** A part of a text, by the places of its first character and the one behind its last. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A text in which many edits are looked for. */
export interface SearchedText {
  readonly text: string;
  /** What a reader can't tell apart at the end of a line. */
  readonly lineEnds: Folding;
  folded(folding: Folding): FoldedText;
}

export function searchedText(text: string): SearchedText {
  const known = new Map<Folding, FoldedText>();
  return {
    text,
    lineEnds: text.includes('\n') ? 'lineEnds' : 'lineEndsOfReturns',
    folded(folding) {
      const folded = known.get(folding) ?? fold(text, folding);
      known.set(folding, folded);
      return folded;
    },
  };
}

/**
 * Each place where the part begins, also those that overlap. A carriage return that the part names counts as it is, if the
 * part is in the text so; else line ends of all kinds are the same.
 */
export function placesOf(searched: SearchedText, part: string): readonly TextRange[] {
  const { text, lineEnds } = searched;
  if (!part.includes('\r')) return foldedPlaces(searched, part, lineEnds);
  const exact = startsOf(text, part).map((start) => ({ start, end: start + part.length }));
  return exact.length > 0 ? exact : foldedPlaces(searched, part, lineEnds);
}

/** To fold more would keep other work waiting for longer than a second. */
const mostFolded: Readonly<Record<Folding, number>> = {
  lineEnds: Infinity,
  lineEndsOfReturns: Infinity,
  characters: 2_000_000,
  loose: 1_000_000,
};

/** False for a text that is too long for it. */
export function isFolded({ text }: SearchedText, folding: Folding): boolean {
  return text.length <= mostFolded[folding];
}

/** The places of texts that differ from the part in nothing but what is folded away; none in very long texts. */
export function foldedPlaces(searched: SearchedText, part: string, folding: Folding): readonly TextRange[] {
  if (!isFolded(searched, folding)) return [];
  const folded = searched.folded(folding);
  const wanted = fold(part, folding).text;
  if (wanted === '') return [];
  return startsOf(folded.text, wanted).flatMap((at) => {
    const [start, end] = [folded.place(at), folded.place(at + wanted.length)];
    return start === undefined || end === undefined ? [] : [{ start, end }];
  });
}

/** The ranges that can be replaced at once: of those that overlap the first. */
export function apart(ranges: readonly TextRange[]): readonly TextRange[] {
  const kept: TextRange[] = [];
  for (const range of ranges) if (range.start >= (kept.at(-1)?.end ?? 0)) kept.push(range);
  return kept;
}

/** The line, counted from 1, that a place is in. */
export function lineAt(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < place; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function startsOf(text: string, part: string): readonly number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) starts.push(at);
  return starts;
}
