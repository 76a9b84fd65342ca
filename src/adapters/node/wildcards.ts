/** Matches texts against wildcard patterns in bounded time: `*`, `?`, `[a-z]`, `**` and escapes, as git reads them. */
import { readClass } from './wildcardClass.ts';

export interface Wildcards {
  /** The text that the pattern stands for, if nothing in it is a wildcard. */
  readonly literal: string | undefined;
  /** True if the pattern matches the whole text. */
  readonly matches: (text: string) => boolean;
}

type Token =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'class'; readonly includes: (character: string) => boolean }
  /** Any one character but a slash. */
  | { readonly kind: 'one' }
  /** Any characters but slashes. */
  | { readonly kind: 'some' }
  /** No folder, or any number of folders with their slashes. */
  | { readonly kind: 'folders' }
  /** All that follows, or what is before an escaped slash. */
  | { readonly kind: 'all' };

export interface WildcardOptions {
  /** ASCII letters match in either case, as git does for a disk that ignores case. */
  readonly ignoresCase?: boolean;
}

/** A pattern with a class that has no end, or that ends with a backslash, matches nothing. */
export function compileWildcards(pattern: string, options: WildcardOptions = {}): Wildcards {
  const ignoresCase = options.ignoresCase ?? false;
  const read = readTokens([...pattern], ignoresCase);
  if (read === undefined) return { literal: undefined, matches: () => false };
  const fold = ignoresCase ? foldCase : (text: string): string => text;
  const tokens = ignoresCase ? read.map(inLowerCase) : read;
  const literal = literalOf(tokens);
  const matches =
    literal === undefined
      ? (text: string): boolean => matchTokens(tokens, charactersOf(fold(text)))
      : (text: string): boolean => fold(text) === literal;
  return { literal, matches };
}

function inLowerCase(token: Token): Token {
  return token.kind === 'character' ? { ...token, character: foldCase(token.character) } : token;
}

type Characters = string | readonly string[];

// A character beyond the first plane is two units of a string.
function charactersOf(text: string): Characters {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

/** Lower-cases ASCII letters alone, as git does. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function literalOf(tokens: readonly Token[]): string | undefined {
  const characters = tokens.map((token) => (token.kind === 'character' ? token.character : undefined));
  return characters.includes(undefined) ? undefined : characters.join('');
}

function readTokens(pattern: readonly string[], ignoresCase: boolean): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length;) {
    const read = readToken(pattern, at, ignoresCase);
    if (read === undefined) return undefined;
    tokens.push(read.token);
    at = read.end;
  }
  return tokens;
}

interface ReadToken {
  readonly token: Token;
  readonly end: number;
}

function readToken(pattern: readonly string[], at: number, ignoresCase: boolean): ReadToken | undefined {
  const character = pattern[at] ?? '';
  switch (character) {
    case '*':
      return readStars(pattern, at);
    case '?':
      return { token: { kind: 'one' }, end: at + 1 };
    case '[': {
      const found = readClass(pattern, at, ignoresCase);
      return found && { token: { kind: 'class', includes: found.includes }, end: found.end };
    }
    case '\\': {
      const escaped = pattern[at + 1];
      if (escaped === undefined) return undefined;
      return { token: { kind: 'character', character: escaped }, end: at + 2 };
    }
    default:
      return { token: { kind: 'character', character }, end: at + 1 };
  }
}

// Two stars cross slashes only if they fill the place between two of them.
function readStars(pattern: readonly string[], at: number): ReadToken {
  let end = at;
  while (pattern[end] === '*') end += 1;
  const isAtStart = at === 0 || pattern[at - 1] === '/';
  if (end - at < 2 || !isAtStart) return { token: { kind: 'some' }, end };
  if (end === pattern.length) return { token: { kind: 'all' }, end };
  if (pattern[end] === '/') return { token: { kind: 'folders' }, end: end + 1 };
  if (pattern[end] === '\\' && pattern[end + 1] === '/') return { token: { kind: 'all' }, end };
  return { token: { kind: 'some' }, end };
}

/** A place to go back to: the token to go on with, and the index in the text from which it is tried. */
interface Retry {
  readonly token: number;
  at: number;
}

/**
 * Goes back to the last wildcard of each kind alone. That is enough: what an earlier one could take more would leave
 * less to the later one, and a single star can't take a slash. So no pattern needs exponential time.
 */
function matchTokens(tokens: readonly Token[], text: Characters): boolean {
  let token = 0;
  let at = 0;
  let some: Retry | undefined;
  let wide: (Retry & { readonly kind: 'folders' | 'all' }) | undefined;
  for (;;) {
    const next = tokens[token];
    if (next === undefined && at === text.length) return true;
    if (next?.kind === 'some') {
      token += 1;
      some = { token, at };
    } else if (next?.kind === 'folders' || next?.kind === 'all') {
      token += 1;
      wide = { kind: next.kind, token, at };
      some = undefined;
    } else if (next !== undefined && at < text.length && takes(next, text[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (some !== undefined && some.at < text.length && text[some.at] !== '/') {
      some.at += 1;
      ({ token, at } = some);
    } else {
      const from = wide && retryFrom(wide.kind, text, wide.at);
      if (wide === undefined || from === undefined) return false;
      wide.at = from;
      some = undefined;
      ({ token, at } = wide);
    }
  }
}

function retryFrom(kind: 'folders' | 'all', text: Characters, at: number): number | undefined {
  if (kind === 'all') return at < text.length ? at + 1 : undefined;
  const slash = text.indexOf('/', at);
  return slash === -1 ? undefined : slash + 1;
}

function takes(token: Token, character: string): boolean {
  switch (token.kind) {
    case 'character':
      return token.character === character;
    case 'class':
      return token.includes(character);
    case 'one':
      return character !== '/';
    case 'some':
    case 'folders':
    case 'all':
      return false;
  }
}
