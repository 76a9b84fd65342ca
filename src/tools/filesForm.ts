/** Writes a replacement as its file does: what it keeps of the old text stays as it is there; pure. */
import { fold } from './foldedText.ts';
import { keptInLines } from './keptParts.ts';

/** The part of a file that an edit replaces. */
export interface Region {
  /** As it is in the file. */
  readonly raw: string;
  /** The line end that the file has there, for lines that are new. */
  readonly lineEnd: string;
}

interface Replacement {
  readonly oldText: string;
  readonly newText: string;
}

/**
 * The new text with the line ends of the region. Where `oldText` was found by characters that look alike, those that the
 * edit keeps stay the file's own. Undefined where old text and region can't be laid side by side.
 */
export function inFilesForm(region: Region, { oldText, newText }: Replacement): string | undefined {
  const { raw, lineEnd } = region;
  const ends = new Set(raw.match(/\r\n|\n/g));
  const [onlyEnd = lineEnd] = ends;
  const isSame = withLf(raw) === withLf(oldText);
  if (isSame && ends.size <= 1) return newText.replace(/\r\n|\n/g, onlyEnd);
  const [old, now] = [tokensOf(withLf(oldText)), tokensOf(withLf(newText))];
  const places = placesOf(old.flat(), raw);
  return places && rewritten(old, now, { raw, places, lineEnd: onlyEnd });
}

// What can be folded into one character must not be cut in two.
const token = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|\.{3}|\P{M}\p{M}*|[^]/gu;

/** Those of each line, with its end. */
function tokensOf(text: string): readonly (readonly string[])[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.map((line) => line.match(token) ?? []);
}

function withLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Where in the region each token begins, and where the last one ends. */
function placesOf(tokens: readonly string[], raw: string): readonly number[] | undefined {
  const folded = fold(raw, 'characters');
  const places: number[] = [];
  let at = 0;
  for (const each of ['', ...tokens]) {
    at += fold(each, 'characters').text.length;
    const place = folded.place(at);
    if (place === undefined) return undefined;
    places.push(place);
  }
  return places.at(-1) === raw.length ? places : undefined;
}

interface Laid extends Region {
  readonly places: readonly number[];
}

function rewritten(
  oldLines: readonly (readonly string[])[],
  nowLines: readonly (readonly string[])[],
  { raw, places, lineEnd }: Laid,
): string {
  const now = nowLines.flat();
  const parts: string[] = [];
  let end = lineEnd;
  const own = (index: number): string => {
    const part = raw.slice(places[index], places[index + 1]);
    if (part.endsWith('\n')) end = part;
    return part;
  };
  let nextNew = 0;
  for (const kept of [...keptInLines(oldLines, nowLines), { old: 0, now: now.length, count: 0 }]) {
    for (; nextNew < kept.now; nextNew += 1) parts.push(now[nextNew] === '\n' ? end : (now[nextNew] ?? ''));
    for (let count = 0; count < kept.count; count += 1) parts.push(own(kept.old + count));
    nextNew += kept.count;
  }
  return parts.join('');
}
