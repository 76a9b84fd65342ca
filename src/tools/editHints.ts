/** Tells a model why the old text of its edit is not in the file, in words that lead to an edit that fits; pure. */
import { visibleJson } from '../core/visibleText.ts';
import { foldedPlaces, isFolded, lineAt, placesOf, type SearchedText, type TextRange } from './editPlaces.ts';
import { differencesIn } from './lineDifferences.ts';

const longestJson = 2000;

/** The old text is nowhere in the file. */
export function hintFor(searched: SearchedText, oldText: string): string {
  return (
    numbersHint(oldText) ??
    endHint(searched, oldText) ??
    alikeHint(searched, oldText) ??
    escapesHint(searched, oldText) ??
    caseHint(searched, oldText) ??
    beginningHint(searched, oldText) ??
    `${isFolded(searched, 'loose') ? 'Nothing like it is there.' : 'The file is too long to look for what is alike.'} It must match exactly, with blanks; read the lines again and copy them without their numbers.`
  );
}

function numbersHint(oldText: string): string | undefined {
  if (!/^ *\d+\t/.test(oldText)) return undefined;
  return 'oldText begins with a line number of read_file; leave the numbers and the tab after them out.';
}

/** A line end is asked for where the file begins or ends without one. */
function endHint(searched: SearchedText, oldText: string): string | undefined {
  const { text } = searched;
  const begun = oldText.replace(/^[\r\n]+/, '');
  const core = begun.replace(/[\r\n]+$/, '');
  if (core === '' || core === oldText) return undefined;
  const place = placesOf(searched, core).at(-1);
  if (place === undefined) return undefined;
  const line = lineAt(text, place.start);
  if (begun !== core && /^[\r\n]*$/.test(text.slice(place.end)))
    return `The file ends ${lineEndsText(text.slice(place.end))} its last line, ${lineAt(text, place.end)}; oldText has more line ends there. Leave them out at the end of oldText, and of newText.`;
  if (begun !== oldText && /^[\r\n]*$/.test(text.slice(0, place.start)))
    return `The text begins in line ${line}, and oldText has more line ends before it than the file. Leave them out.`;
  return `From line ${line} the same stands there, with other empty lines or blanks before or after it. Leave the line ends at the beginning and the end of oldText out.`;
}

function lineEndsText(rest: string): string {
  const count = rest.match(/\n/g)?.length ?? 0;
  return count === 0
    ? 'with no line end (newline) after'
    : `with ${count} ${count === 1 ? 'line end' : 'line ends'} after`;
}

/** A level of escapes too many, or one too few. */
function escapesHint(searched: SearchedText, oldText: string): string | undefined {
  const unescaped = oldText.replace(/\\(["'`\\/nt])/g, (_, character: string) =>
    character === 'n' ? '\n' : character === 't' ? '\t' : character,
  );
  if (unescaped !== oldText && placesOf(searched, unescaped).length > 0)
    return `It stands there without the backslashes of oldText, in line ${firstLine(searched, unescaped)}: oldText is escaped once too often.`;
  const escaped = JSON.stringify(oldText).slice(1, -1);
  if (escaped !== oldText && placesOf(searched, escaped).length > 0)
    return `It stands there with backslashes, in line ${firstLine(searched, escaped)}: ${jsonOf(escaped)} as JSON. Escape oldText once more.`;
  return undefined;
}

function firstLine(searched: SearchedText, part: string): number {
  return lineAt(searched.text, placesOf(searched, part)[0]?.start ?? 0);
}

/** The same but for blanks, characters that look alike, and what can't be seen. */
function alikeHint(searched: SearchedText, oldText: string): string | undefined {
  const core = oldText.replace(/^[\r\n]+|[\r\n]+$/g, '');
  const seen = core.replace(unseenAround, '');
  if (seen === '')
    return 'It has nothing but blanks and line ends. Give text that can be seen before or after them.';
  const places = foldedPlaces(searched, seen, 'loose');
  const [place] = places;
  if (place === undefined) return undefined;
  return withLines(searched.text, withBlanks(searched.text, place, core), core, places.length);
}

const unseenAround =
  /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]+|[\s\p{Cf}\p{Default_Ignorable_Code_Point}]+$/gu;

function caseHint({ text }: SearchedText, oldText: string): string | undefined {
  const [lower, wanted] = [text.toLowerCase(), oldText.toLowerCase()];
  const start = lower.length === text.length ? lower.indexOf(wanted) : -1;
  if (start === -1) return undefined;
  return withLines(text, { start, end: start + wanted.length }, oldText, 1);
}

/** The range with the blanks around it, where the wanted text has some there. */
function withBlanks(text: string, { start, end }: TextRange, wanted: string): TextRange {
  const before = /^\s/.test(wanted) ? (/[^\S\r\n]*$/.exec(text.slice(0, start))?.[0].length ?? 0) : 0;
  const after = /\s$/.test(wanted) ? (/^[^\S\r\n]*/.exec(text.slice(end))?.[0].length ?? 0) : 0;
  return { start: start - before, end: end + after };
}

function withLines(text: string, range: TextRange, wanted: string, count: number): string {
  const told = differencesIn(text, range, wanted);
  const [first, last] = [lineAt(text, range.start), lineAt(text, Math.max(range.start, range.end - 1))];
  const lines = text
    .split('\n')
    .slice(first - 1, last)
    .join('\n')
    .replaceAll('\r\n', '\n')
    .replace(/\r$/, '');
  const where =
    told.length > 0
      ? `Almost the same is there: ${told.join('; ')}.`
      : `From line ${first} the same is there with other blank lines.`;
  const others = count > 1 ? ` It is alike in ${count} places, of which this is the first.` : '';
  const json = jsonOf(lines);
  const named = first === last ? `line ${first} is` : `lines ${first}-${last} are`;
  const exact =
    json.length <= longestJson ? ` As JSON ${named} ${json}` : ` Read lines ${first}-${last} again`;
  return `${where}${others}${exact}: take oldText from there.`;
}

/** The old text begins as lines of the file do, and goes on otherwise. */
function beginningHint({ text }: SearchedText, oldText: string): string | undefined {
  const want = oldText.split(/\r?\n/).map((line) => line.trim());
  const from = want.findIndex((line) => line !== '');
  if (want.length - from < 2) return undefined;
  const have = text.split(/\r?\n/).map((line) => line.trim());
  let best = { at: -1, same: 0 };
  for (let at = 0; at < have.length; at += 1) {
    let same = 0;
    while (from + same < want.length && have[at + same] === want[from + same]) same += 1;
    if (same > best.same) best = { at, same };
  }
  if (best.at === -1) return undefined;
  const line = best.at + best.same;
  const next = have[line] === undefined ? 'the file ends' : `line ${line + 1} is ${jsonOf(have[line])}`;
  return `It begins as line ${best.at + 1} does, but then ${next} where oldText has ${jsonOf(want[from + best.same] ?? '')}. Read the lines from there again.`;
}

function jsonOf(text: string): string {
  return visibleJson(JSON.stringify(text));
}
