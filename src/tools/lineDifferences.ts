/** Says in which characters a part of a file differs from the text that was meant to be it; pure. */
import { visibleCode } from '../core/visibleText.ts';
import { lineAt, type TextRange } from './editPlaces.ts';

const mostTold = 3;
const longestQuote = 24;

/** One text for each line that differs, the first few of them; none where only line ends do, or their number. */
export function differencesIn(text: string, range: TextRange, wanted: string): readonly string[] {
  const have = text.slice(range.start, range.end).split(/\r?\n/);
  const want = wanted.split(/\r?\n/);
  if (have.length !== want.length) return [];
  const firstLine = lineAt(text, range.start);
  const firstColumn = range.start - (text.lastIndexOf('\n', range.start - 1) + 1);
  const told = have.flatMap((line, index) => {
    const before = index === 0 ? firstColumn : 0;
    const difference = differenceOf({ have: line, want: want[index] ?? '', before });
    return difference === undefined ? [] : [`line ${firstLine + index}${difference}`];
  });
  const more = told.length - mostTold;
  return more > 0 ? [...told.slice(0, mostTold), `${more} more ${more === 1 ? 'line' : 'lines'}`] : told;
}

/** `before`: the characters of the line before what is compared. */
interface TwoLines {
  readonly have: string;
  readonly want: string;
  readonly before: number;
}

function differenceOf({ have, want, before }: TwoLines): string | undefined {
  if (have === want) return undefined;
  const [haveLead, wantLead] = [leadOf(have), leadOf(want)];
  if (haveLead !== wantLead)
    return ` begins with ${blanksText(haveLead)} where oldText has ${blanksText(wantLead)}`;
  const [haveTail, wantTail] = [tailOf(have), tailOf(want)];
  if (
    haveTail !== wantTail &&
    have.slice(0, -haveTail.length || undefined) === want.slice(0, -wantTail.length || undefined)
  )
    return ` ends with ${blanksText(haveTail)} where oldText has ${blanksText(wantTail)}`;
  const { start, haveEnd, wantEnd } = middleOf(have, want);
  const [haveMiddle, wantMiddle] = [have.slice(start, haveEnd), want.slice(start, wantEnd)];
  return `, character ${before + start + 1}, has ${quoted(haveMiddle)} where oldText has ${quoted(wantMiddle)}`;
}

/** The characters that are not the same at both ends, whole ones; an entity of HTML is whole, too. */
function middleOf(
  have: string,
  want: string,
): { readonly start: number; readonly haveEnd: number; readonly wantEnd: number } {
  const shorter = Math.min(have.length, want.length);
  let start = 0;
  while (start < shorter && have[start] === want[start]) start += 1;
  let end = 0;
  while (end < shorter - start && have.at(-1 - end) === want.at(-1 - end)) end += 1;
  const entity = /&[#\w]*$/.exec(have.slice(0, start));
  if (entity) start = entity.index;
  if (/[\ud800-\udbff]$/.test(have.slice(0, start))) start -= 1;
  if (/^[\udc00-\udfff]/.test(have.slice(have.length - end))) end -= 1;
  return { start, haveEnd: have.length - end, wantEnd: want.length - end };
}

function leadOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}

function tailOf(line: string): string {
  return /\s*$/.exec(line)?.[0] ?? '';
}

/** "1 tab, 2 blanks" */
function blanksText(blanks: string): string {
  const runs = blanks.match(/(.)\1*/gsu) ?? [];
  return runs.length === 0 ? 'nothing' : runs.slice(0, 4).map(runText).join(', ');
}

function runText(run: string): string {
  const [character = ''] = run;
  const name = character === ' ' ? 'blank' : character === '\t' ? 'tab' : codeOf(character);
  if (run.length === 1) return name.startsWith('U') ? name : `1 ${name}`;
  return `${run.length} ${name.startsWith('U') ? name : `${name}s`}`;
}

function quoted(part: string): string {
  const characters = [...part];
  if (part === '') return 'nothing';
  if (/^\s+$/u.test(part)) return blanksText(part);
  if (characters.length === 1) return characterText(part);
  const shown = characters.length > longestQuote ? `${characters.slice(0, longestQuote).join('')}…` : part;
  return `“${visibleCode(shown)}”`;
}

/** A character that others look like is told by its code, too. */
function characterText(character: string): string {
  if (/^[!-~]$/.test(character)) return `“${character}”`;
  const code = codeOf(character);
  return visibleCode(character) === character ? `${code} (${character})` : code;
}

/** "U+00A0" */
export function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
