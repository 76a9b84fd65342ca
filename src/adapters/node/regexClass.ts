/** Reads the character classes of a pattern, with the set operations of ripgrep's syntax. */
import { readEscape } from './regexEscapes.ts';
import type { ClassSet, SetOperator } from './regexNode.ts';
import type { RegexReader } from './regexReader.ts';

const maxDepth = 100;
const operators: readonly SetOperator[] = ['&&', '--', '~~'];

const ranges: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  ascii: '\0\x7f',
  blank: '\t\t  ',
  cntrl: '\0\x1f\x7f\x7f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  word: '09AZ__az',
  xdigit: '09AFaf',
};

/** A POSIX class, or one of the shorthands for ASCII. */
export function asciiSet(name: string, isNegated = false): ClassSet | undefined {
  const pairs = Object.hasOwn(ranges, name) ? ranges[name]?.match(/[^]{2}/g) : undefined;
  if (!pairs) return undefined;
  const of = pairs.map((pair) => rangeOf(pair.charCodeAt(0), pair.charCodeAt(1)));
  return { kind: 'union', of, isNegated };
}

/** The reader is at the opening bracket. */
export function readClass(reader: RegexReader, depth = 0): ClassSet {
  const start = reader.position;
  if (depth > maxDepth) reader.fail('its classes are nested too deeply');
  reader.take();
  reader.skipSpace();
  const isNegated = reader.takeIf('^');
  reader.skipSpace();
  let items = readLeading(reader);
  let left: { readonly set: ClassSet; readonly operator: SetOperator } | undefined;
  const joined = (): ClassSet =>
    left === undefined ? union(items) : join(left.set, left.operator, union(items));
  for (;;) {
    reader.skipSpace();
    if (reader.isAtEnd) reader.fail('"[" is not closed', start);
    if (reader.takeIf(']')) return { kind: 'union', of: left === undefined ? items : [joined()], isNegated };
    const operator = operators.find((each) => reader.takeIf(each));
    if (operator !== undefined) {
      left = { set: joined(), operator };
      items = [];
    } else if (reader.startsWith('[')) {
      items.push(readAsciiClass(reader) ?? readClass(reader, depth + 1));
    } else {
      items.push(readRange(reader, start));
    }
  }
}

// Hyphens at the beginning, or else a bracket, mean themselves.
function readLeading(reader: RegexReader): ClassSet[] {
  const items: ClassSet[] = [];
  while (reader.takeIf('-')) {
    items.push(rangeOf(0x2d));
    reader.skipSpace();
  }
  if (items.length === 0 && reader.takeIf(']')) items.push(rangeOf(0x5d));
  return items;
}

// An unknown name is a class that holds its letters.
function readAsciiClass(reader: RegexReader): ClassSet | undefined {
  const start = reader.position;
  if (reader.takeIf('[:')) {
    const isNegated = reader.takeIf('^');
    const set = asciiSet(reader.takeUntil(':]') ?? '', isNegated);
    if (set !== undefined) return set;
  }
  reader.position = start;
  return undefined;
}

function readRange(reader: RegexReader, start: number): ClassSet {
  const at = reader.position;
  const first = readItem(reader, start);
  reader.skipSpace();
  if (!reader.startsWith('-') || [']', '-'].includes(reader.peekBehind())) return first;
  reader.take();
  reader.skipSpace();
  if (reader.isAtEnd) reader.fail('"[" is not closed', start);
  const last = readItem(reader, start);
  if (first.kind !== 'range' || last.kind !== 'range')
    return reader.fail('a range of a class goes from a character to a character', at);
  if (first.from > last.from) return reader.fail('a range of a class is the wrong way round', at);
  return rangeOf(first.from, last.from);
}

function readItem(reader: RegexReader, start: number): ClassSet {
  if (reader.isAtEnd) reader.fail('"[" is not closed', start);
  if (!reader.startsWith('\\')) return rangeOf(reader.take().codePointAt(0) ?? 0);
  const at = reader.position;
  const escape = readEscape(reader);
  if (escape.kind === 'literal') return rangeOf(escape.codePoint);
  if (escape.kind === 'set') return escape.set;
  return reader.fail('a class holds characters, no places and no groups', at);
}

/** True for a class of line ends alone, such as `[\r\n]`. */
export function isLineBreak(set: ClassSet): boolean {
  const of = leavesOf(set);
  return of.includes(10) && of.every((codePoint) => codePoint === 10 || codePoint === 13);
}

// NaN stands for what is no single character.
function leavesOf(set: ClassSet): readonly number[] {
  if (set.kind === 'range' && set.from === set.to) return [set.from];
  if (set.kind === 'union' && !set.isNegated) return set.of.flatMap(leavesOf);
  return [NaN];
}

function rangeOf(from: number, to = from): ClassSet {
  return { kind: 'range', from, to };
}

function union(of: readonly ClassSet[]): ClassSet {
  const [only] = of;
  return only && of.length === 1 ? only : { kind: 'union', of, isNegated: false };
}

function join(left: ClassSet, operator: SetOperator, right: ClassSet): ClassSet {
  return { kind: 'operation', operator, left, right };
}
