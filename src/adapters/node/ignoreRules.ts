/** Reads the rules of a `.gitignore` and applies them as git does. */
import { compileWildcards, foldCase, type Wildcards } from './wildcards.ts';

/** The rules of one file, with those that count less behind them. */
export interface IgnoreRules {
  /** The file, as an answer names it. */
  readonly source: string;
  /** The folder of the file below the top of the rules, with a slash at its end; empty for the top itself. */
  readonly base: string;
  /** The last one that matches decides. */
  readonly rules: readonly IgnoreRule[];
  readonly ignoresCase: boolean;
  readonly outer: IgnoreRules | undefined;
}

export interface IgnoreRule {
  /** True for `!`: what matches is not ignored. */
  readonly isException: boolean;
  readonly isForFolders: boolean;
  /** Without a slash it is for names at any depth, else for paths below the folder of its file. */
  readonly isForNames: boolean;
  readonly matches: (nameOrPath: string) => boolean;
}

/** A rule that ignores a file or folder; undefined if none does. */
export interface Ignoring {
  readonly source: string;
}

/**
 * The rule that ignores an entry, if none of the folders that hold it is ignored. `path` is relative to the top of the rules,
 * with forward slashes.
 */
export function ignoring(
  path: string,
  isFolder: boolean,
  rules: IgnoreRules | undefined,
): Ignoring | undefined {
  const bytes = byteCharacters(path);
  const name = bytes.slice(bytes.lastIndexOf('/') + 1);
  for (let file = rules; file !== undefined; file = file.outer) {
    const { base } = file;
    const below = base === '' ? bytes : bytes.slice(byteCharacters(base).length);
    const rule = file.rules.findLast(
      (candidate) =>
        (isFolder || !candidate.isForFolders) && candidate.matches(candidate.isForNames ? name : below),
    );
    if (rule !== undefined) return rule.isException ? undefined : file;
  }
  return undefined;
}

/** The rules of a file's text. */
export function parseIgnoreRules(text: string, ignoresCase: boolean): readonly IgnoreRule[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return lines.flatMap((line) => {
    const pattern = withoutTrailingBlanks(line.replace(/\r$/, ''));
    return pattern === '' || pattern.startsWith('#') ? [] : [parseRule(byteCharacters(pattern), ignoresCase)];
  });
}

function parseRule(line: string, ignoresCase: boolean): IgnoreRule {
  const isException = line.startsWith('!');
  const unsigned = isException ? line.slice(1) : line;
  const isForFolders = unsigned.endsWith('/');
  const pattern = isForFolders ? unsigned.slice(0, -1) : unsigned;
  const isForNames = !pattern.includes('/');
  const matches = isForNames ? nameMatcher(pattern, ignoresCase) : pathMatcher(pattern, ignoresCase);
  return { isException, isForFolders, isForNames, matches };
}

function nameMatcher(pattern: string, ignoresCase: boolean): Wildcards['matches'] {
  const ending = pattern.slice(1);
  if (pattern.startsWith('*') && firstWildcard(ending) === -1 && !ignoresCase)
    return (name) => name.endsWith(ending);
  return compileWildcards(pattern, { ignoresCase }).matches;
}

// Git compares what is before the first wildcard, and reads the rest as a pattern of its own: `a**/b` is `a` and `**/b`.
function pathMatcher(written: string, ignoresCase: boolean): Wildcards['matches'] {
  const fold = ignoresCase ? foldCase : (text: string): string => text;
  const pattern = written.startsWith('/') ? written.slice(1) : written;
  const wildcard = firstWildcard(pattern);
  if (wildcard === -1) return compileWildcards(pattern, { ignoresCase }).matches;
  const beginning = fold(pattern.slice(0, wildcard));
  const { matches } = compileWildcards(pattern.slice(wildcard), { ignoresCase });
  return (path) => fold(path).startsWith(beginning) && matches(path.slice(beginning.length));
}

function firstWildcard(pattern: string): number {
  return pattern.search(/[*?[\\]/);
}

// A backslash keeps the blank behind it.
function withoutTrailingBlanks(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === ' ') continue;
    if (line[at] === '\\') at += 1;
    end = at + 1;
  }
  return line.slice(0, end);
}

/** Each byte of the text as one character: git's patterns match bytes. */
function byteCharacters(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}
