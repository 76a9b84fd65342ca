/** Writes a regular expression in the syntax of ripgrep and in JavaScript's, so that both find the same lines. */
import { withCaseVariants } from './caseVariants.ts';
import { asciiSet } from './regexClass.ts';
import type { Assertion, ClassSet, RegexNode } from './regexNode.ts';

const carriageReturn = 13;

export interface ScriptRegex {
  readonly source: string;
  readonly flags: string;
}

/** How a syntax spells what the two have in different ways. */
interface Dialect {
  character(codePoint: number): string;
  shorthand(letter: 'd' | 's' | 'w'): string;
  property(set: ClassSet & { readonly kind: 'property' }): string;
  assertion(at: Assertion, isUnicode: boolean): string;
}

const asciiNames = { d: 'digit', s: 'space', w: 'word' } as const;
const wordOfScript = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';
const asciiWord = '[0-9A-Za-z_]';
// A carriage return at the end of a line belongs to the line's end.
const lineEdges: Partial<Record<Assertion, string>> = { lineStart: '^', lineEnd: '(?:\\r??$)' };

const script: Dialect = {
  character: (codePoint) => spell(codePoint, 'u'),
  shorthand: (letter) => ({ d: '\\p{Nd}', s: '\\p{White_Space}', w: wordOfScript })[letter],
  property: (set) => `\\${set.isNegated ? 'P' : 'p'}{${set.script ?? 'Any'}}`,
  assertion(at, isUnicode) {
    const word = isUnicode ? wordOfScript : asciiWord;
    const [before, after] = [`(?<=${word})`, `(?=${word})`];
    const [notBefore, notAfter] = [`(?<!${word})`, `(?!${word})`];
    const places: Partial<Record<Assertion, string>> = {
      boundary: `(?:${before}${notAfter}|${notBefore}${after})`,
      noBoundary: `(?:${before}${after}|${notBefore}${notAfter})`,
      wordStart: notBefore + after,
      wordEnd: before + notAfter,
      beforeWord: notBefore,
      afterWord: notAfter,
    };
    return lineEdges[at] ?? places[at] ?? '';
  },
};

const ripgrep: Dialect = {
  character: (codePoint) => spell(codePoint, 'x'),
  shorthand: (letter) => `\\${letter}`,
  property: (set) => `\\${set.isNegated ? 'P' : 'p'}{${set.text}}`,
  assertion(at, isUnicode) {
    const places: Partial<Record<Assertion, string>> = {
      boundary: '\\b',
      noBoundary: '\\B',
      wordStart: '\\b{start}',
      wordEnd: '\\b{end}',
      beforeWord: '\\b{start-half}',
      afterWord: '\\b{end-half}',
    };
    const place = places[at];
    return lineEdges[at] ?? (isUnicode ? place : `(?-u:${place})`) ?? '';
  },
};

/** For one line at a time, with its carriage return and without its line feed. */
export function writeScriptRegex(node: RegexNode): ScriptRegex | { readonly problem: string } {
  const cases = casesOf(node);
  const isMixed = cases.has('any') && cases.has('own');
  if (isMixed && cases.has('reference'))
    return { problem: 'a back-reference that ignores case needs (?i) at the beginning of the pattern' };
  const ignoresCase = cases.has('any') && !isMixed;
  const inCase: InCase = (text, heeded) =>
    heeded.ignoresCase && isMixed ? withCaseVariants(`[${text}]`) : text;
  return { source: write(node, script, inCase), flags: ignoresCase ? 'iv' : 'v' };
}

/** For ripgrep of any version, without `--crlf`. */
export function writeRipgrepRegex(node: RegexNode): string {
  const ignoresCase = !casesOf(node).has('own');
  const inCase: InCase = (text, heeded) => {
    if (heeded.ignoresCase === ignoresCase) return text;
    return heeded.ignoresCase ? `(?i:${text})` : `(?-i:${text})`;
  };
  return `${ignoresCase ? '(?i)' : ''}${write(node, ripgrep, inCase)}`;
}

/** Writes what matches in its own case or in any. */
type InCase = (text: string, heeded: { readonly ignoresCase: boolean }) => string;

/** If there are parts that match in any case, and back-references among them, and parts that match in their own. */
function casesOf(node: RegexNode, found = new Set<'any' | 'own' | 'reference'>()): typeof found {
  switch (node.kind) {
    case 'literal':
    case 'class':
      return found.add(node.ignoresCase ? 'any' : 'own');
    case 'backReference':
      return node.ignoresCase ? found.add('any').add('reference') : found.add('own');
    case 'sequence':
    case 'alternatives':
      for (const each of node.of) casesOf(each, found);
      return found;
    case 'repetition':
    case 'capture':
    case 'lookAround':
      return casesOf(node.of, found);
    case 'any':
      return found;
    case 'assertion':
      // The letters of ASCII have variants beyond it.
      return node.isUnicode ? found : found.add('own');
  }
}

function write(node: RegexNode, dialect: Dialect, inCase: InCase): string {
  const inside = (of: RegexNode): string => write(of, dialect, inCase);
  switch (node.kind) {
    case 'literal':
      return inCase(dialect.character(node.codePoint), node);
    case 'class':
      return inCase(writeClass(node.set, dialect), node);
    case 'any':
      return '[^\\r\\n]';
    case 'assertion':
      return dialect.assertion(node.at, node.isUnicode);
    case 'repetition':
      return `${single(node.of, inside(node.of))}${counts(node.min, node.max)}${node.isLazy ? '?' : ''}`;
    case 'sequence':
      return node.of
        .map((each) => (each.kind === 'alternatives' ? `(?:${inside(each)})` : inside(each)))
        .join('');
    case 'alternatives':
      return node.of.map(inside).join('|');
    case 'capture':
      return `(${inside(node.of)})`;
    case 'lookAround':
      return `(${node.opening}${inside(node.of)})`;
    case 'backReference':
      return `(?:\\${node.group})`;
  }
}

// What a repetition can follow.
function single({ kind }: RegexNode, text: string): string {
  const isOne = ['literal', 'class', 'any', 'capture', 'backReference'].includes(kind);
  return isOne ? text : `(?:${text})`;
}

function counts(min: number, max: number): string {
  if (max === Infinity && min <= 1) return min === 0 ? '*' : '+';
  if (min === 0 && max === 1) return '?';
  return max === Infinity ? `{${min},}` : `{${min},${max}}`;
}

// Only a class that names the carriage return matches one: any other is to end with the line.
function writeClass(set: ClassSet, dialect: Dialect): string {
  const text = bracketed(set, dialect);
  return mayHold(set, carriageReturn) && !names(set, carriageReturn) ? `[${text}--[\\r]]` : text;
}

function writeSet(set: ClassSet, dialect: Dialect): string {
  switch (set.kind) {
    case 'range': {
      const from = dialect.character(set.from);
      return set.from === set.to ? from : `${from}-${dialect.character(set.to)}`;
    }
    case 'shorthand': {
      const text = set.isUnicode
        ? dialect.shorthand(set.letter)
        : writeSet(asciiSet(asciiNames[set.letter]) ?? set, dialect);
      return set.isNegated ? `[^${text}]` : text;
    }
    case 'property':
      return dialect.property(set);
    case 'union':
      return `[${set.isNegated ? '^' : ''}${set.of.map((each) => writeSet(each, dialect)).join('')}]`;
    case 'operation': {
      const [left, right] = [bracketed(set.left, dialect), bracketed(set.right, dialect)];
      if (set.operator !== '~~') return `[${left}${set.operator}${right}]`;
      return `[[${left}--${right}][${right}--${left}]]`;
    }
  }
}

function bracketed(set: ClassSet, dialect: Dialect): string {
  const text = writeSet(set, dialect);
  return set.kind === 'union' || set.kind === 'operation' ? text : `[${text}]`;
}

/** True if the set holds a character, or could: a property is not looked up. */
function mayHold(set: ClassSet, codePoint: number): boolean {
  return !(set.kind === 'union' && !set.isNegated && set.of.every((each) => isOutside(each, codePoint)));
}

function isOutside(set: ClassSet, codePoint: number): boolean {
  if (set.kind === 'range') return codePoint < set.from || codePoint > set.to;
  return set.kind === 'union' && !mayHold(set, codePoint);
}

function names(set: ClassSet, codePoint: number): boolean {
  switch (set.kind) {
    case 'range':
      return set.from === codePoint && set.to === codePoint;
    case 'union':
      return !set.isNegated && set.of.some((each) => names(each, codePoint));
    case 'operation':
      return names(set.left, codePoint);
    case 'shorthand':
    case 'property':
      return false;
  }
}

function spell(codePoint: number, letter: 'u' | 'x'): string {
  const character = String.fromCodePoint(codePoint);
  return /^\w$/.test(character) ? character : `\\${letter}{${codePoint.toString(16)}}`;
}
