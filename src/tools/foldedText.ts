/** Texts in which spellings that a reader takes for the same are one; each place leads back to the text. Pure. */

/**
 * The differences that are folded away. `lineEnds`: CRLF and LF. `lineEndsOfReturns`: these and CR, for a text whose lines
 * end with CR alone. `characters`: CRLF and LF, and characters that look alike, such as blanks, quotes and dashes.
 * `loose`: all these, the number of blanks and empty lines, what can't be seen, and HTML's names of characters.
 */
export type Folding = 'lineEnds' | 'lineEndsOfReturns' | 'characters' | 'loose';

export interface FoldedText {
  readonly text: string;
  /** The place in the original where a character of the folded text begins; undefined inside of what was folded as one. */
  place(at: number): number | undefined;
}

const blanks = '[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]';
const singleQuotes = '[\\u2018-\\u201b\\u2032]';
const doubleQuotes = '[\\u201c-\\u201f\\u2033]';
const dashes = '[\\u2010-\\u2015\\u2212]';
/** Letters that are put together of several characters, which Unicode also has as one. */
const composed = '\\p{L}\\p{M}+|[\\u1100-\\u1112][\\u1161-\\u1175][\\u11a8-\\u11c2]?';
const alike = `(${blanks})|(${singleQuotes})|(${doubleQuotes})|(${dashes})|(\\u2026)|(${composed})`;

const anyBlank = `(?:[ \\t]|${blanks})`;
const unseen = '\\p{Default_Ignorable_Code_Point}|\\p{Cf}';
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
};
const named = Object.keys(entities).join('|');
const soft = `(?:${anyBlank}|${unseen})`;
// Each alternative takes a whole run, so that a long one is gone through once.
const looseRuns = `((?:${soft}*(?:\\r\\n?|\\n)${soft}*)+)|((?:${unseen})*${anyBlank}${soft}*)|((?:${unseen})+)`;

const patterns: Readonly<Record<Folding, RegExp>> = {
  lineEnds: /(\r\n)/g,
  lineEndsOfReturns: /(\r\n?)/g,
  characters: new RegExp(`(\\r\\n)|${alike}`, 'gu'),
  loose: new RegExp(`${looseRuns}|(${named})|${alike}`, 'gu'),
};

const replacements: Readonly<Record<Folding, readonly string[]>> = {
  lineEnds: ['\n'],
  lineEndsOfReturns: ['\n'],
  characters: ['\n', ' ', "'", '"', '-', '...'],
  loose: ['\n', ' ', '', 'entity', ' ', "'", '"', '-', '...'],
};

export function fold(text: string, folding: Folding): FoldedText {
  const pieces: string[] = [];
  const runs = new Runs();
  let from = 0;
  let length = 0;
  for (const match of text.matchAll(patterns[folding])) {
    const [raw] = match;
    const folded = foldedOf(match, folding);
    if (folded === raw) continue;
    pieces.push(text.slice(from, match.index), folded);
    length += match.index - from;
    runs.add(length, folded.length, match.index, raw.length);
    length += folded.length;
    from = match.index + raw.length;
  }
  if (pieces.length === 0) return { text, place: (at) => at };
  pieces.push(text.slice(from));
  return { text: pieces.join(''), place: (at) => runs.place(at) };
}

function foldedOf(match: RegExpExecArray, folding: Folding): string {
  const [raw, ...groups] = match;
  const folded = replacements[folding][groups.findIndex((group) => group !== undefined)];
  if (folded === undefined) return raw.normalize('NFC');
  return folded === 'entity' ? (entities[raw] ?? raw) : folded;
}

/** What was folded, in order: where it is in the folded text and in the original. */
class Runs {
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly rawStarts: number[] = [];
  private readonly rawLengths: number[] = [];

  add(start: number, length: number, rawStart: number, rawLength: number): void {
    this.starts.push(start);
    this.lengths.push(length);
    this.rawStarts.push(rawStart);
    this.rawLengths.push(rawLength);
  }

  place(at: number): number | undefined {
    const last = this.lastAtOrBefore(at);
    if (last === -1) return at;
    const [start = 0, length = 0, raw = 0, rawLength = 0] = [
      this.starts[last],
      this.lengths[last],
      this.rawStarts[last],
      this.rawLengths[last],
    ];
    const inside = at - start;
    if (inside === 0 && length > 0) return raw;
    return inside < length ? undefined : raw + rawLength + inside - length;
  }

  private lastAtOrBefore(at: number): number {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
