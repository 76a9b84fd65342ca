/** Reads what begins with a backslash in a pattern. */
import type { Assertion, ClassSet } from './regexNode.ts';
import type { RegexReader } from './regexReader.ts';
import { unicodeProperty } from './unicodeProperty.ts';

export type Escape =
  | { readonly kind: 'literal'; readonly codePoint: number }
  | { readonly kind: 'set'; readonly set: ClassSet }
  | { readonly kind: 'assertion'; readonly at: Assertion }
  | { readonly kind: 'group'; readonly group: number | string };

const characters: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const assertions: Readonly<Record<string, Assertion>> = {
  A: 'lineStart',
  z: 'lineEnd',
  b: 'boundary',
  B: 'noBoundary',
  '<': 'wordStart',
  '>': 'wordEnd',
};
const wordEdges: Readonly<Record<string, Assertion>> = {
  start: 'wordStart',
  end: 'wordEnd',
  'start-half': 'beforeWord',
  'end-half': 'afterWord',
};
const digitsOfHex: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
/** Escapes of other kinds of regular expressions, with what to write here. */
const foreign: Readonly<Record<string, string>> = {
  Z: '\\z or $',
  h: '[ \\t]',
  H: '[^ \\t]',
  N: '.',
  R: '$, as one line is looked at at a time',
  K: 'a look-behind, (?<=...)',
  Q: 'each of its special characters with a backslash before it',
  E: 'nothing',
  e: '\\x1B',
  X: '.',
  G: 'nothing',
  c: '\\x with two hexadecimal digits',
  0: '\\x00',
  g: '\\1 to \\9',
};

/** The reader is at the backslash. */
export function readEscape(reader: RegexReader): Escape {
  const start = reader.position;
  reader.take();
  if (reader.isAtEnd) reader.fail('a backslash stands at the end: write \\\\ for one', start);
  const letter = reader.take();
  if (/[1-9]/.test(letter)) return { kind: 'group', group: Number(letter) };
  if (letter === 'k' && reader.takeIf('<'))
    return { kind: 'group', group: reader.takeUntil('>') ?? reader.fail('\\k< lacks its >', start) };
  if (Object.hasOwn(digitsOfHex, letter))
    return { kind: 'literal', codePoint: readHex(reader, letter, start) };
  if (/[pP]/.test(letter)) return { kind: 'set', set: readProperty(reader, letter === 'P', start) };
  if (/[dswDSW]/.test(letter)) return { kind: 'set', set: shorthand(letter, reader.flags.isUnicode) };
  const codePoint = characters[letter];
  if (codePoint !== undefined) return { kind: 'literal', codePoint };
  const at = (letter === 'b' ? readWordEdge(reader, start) : undefined) ?? assertions[letter];
  if (at !== undefined) return { kind: 'assertion', at };
  if (/^[\0-\x7f]$/.test(letter) && !/[A-Za-z0-9]/.test(letter))
    return { kind: 'literal', codePoint: letter.charCodeAt(0) };
  const instead = foreign[letter];
  const advice = instead === undefined ? '' : `: write ${instead}`;
  return reader.fail(`\\${letter} is not in this syntax${advice}`, start);
}

function shorthand(letter: string, isUnicode: boolean): ClassSet {
  const lower = letter.toLowerCase() as 'd' | 's' | 'w';
  return { kind: 'shorthand', letter: lower, isUnicode, isNegated: lower !== letter };
}

// Braces that do not begin with a letter are a repetition.
function readWordEdge(reader: RegexReader, start: number): Assertion | undefined {
  if (!reader.startsWith('{') || !/[A-Za-z-]/.test(reader.peekBehind())) return undefined;
  const name = reader.takeUntil('}') ?? reader.fail('\\b{ lacks its }', start);
  return (
    wordEdges[name.slice(1).trim()] ??
    reader.fail(`\\b${name}} is not in this syntax: there are \\b{start} and \\b{end}`, start)
  );
}

function readHex(reader: RegexReader, letter: string, start: number): number {
  const count = digitsOfHex[letter] ?? 0;
  let digits = '';
  if (reader.takeIf('{')) digits = reader.takeUntil('}') ?? reader.fail(`\\${letter}{ lacks its }`, start);
  else for (let taken = 0; taken < count && !reader.isAtEnd; taken += 1) digits += reader.take();
  const isByte = !reader.flags.isUnicode && count === 2;
  const codePoint = /^[\dA-Fa-f]+$/.test(digits) ? Number.parseInt(digits, 16) : NaN;
  if (isByte && codePoint > 0x7f)
    reader.fail(
      `\\x${digits} names a byte, but text is searched by its characters: write \\u{${digits}}`,
      start,
    );
  if (codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff)) return codePoint;
  return reader.fail(
    `\\${letter} names no character: write \\${letter}{...} with its hexadecimal number`,
    start,
  );
}

function readProperty(reader: RegexReader, isNegated: boolean, start: number): ClassSet {
  const text = reader.takeIf('{') ? reader.takeUntil('}') : reader.take();
  if (text === undefined || text === '') return reader.fail('\\p lacks its property, as in \\p{Lu}', start);
  const [, name, value] = /^(.*)!=(.*)$/.exec(text) ?? [];
  const equal = name === undefined ? text : `${name}=${value}`;
  const script = unicodeProperty(equal);
  if (script === undefined) reader.unknownProperties.push(text);
  return { kind: 'property', text: equal, script, isNegated: isNegated !== (name !== undefined) };
}
