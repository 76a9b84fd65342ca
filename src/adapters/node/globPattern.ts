/** Compiles globs: the one dialect of list_files and search_text. */
import { expandBraces, splitAtCommas } from './braces.ts';
import { comparableName } from './comparableName.ts';
import { matchesNames, mayMatchBelow, readNames, type GlobName } from './globNames.ts';

const maxChars = 1000;

/**
 * A compiled glob. Paths are relative to the folder it is for, with forward slashes.
 *
 * `*` and `?` match inside a name, `**` as a whole name any number of folders, `[a-z]` one character, `{a,b}` either text. A name
 * that is written in full matches too, whatever signs it has; at the end of a glob it stands for all that is in a folder of this
 * name. Commas separate globs. `!` in front of one takes its matches away, from all files if no other glob is there. A backslash
 * makes the next sign a plain one, or stands between folders: both are tried.
 */
export interface Glob {
  readonly kind: 'glob';
  /** As it was written. */
  readonly text: string;
  readonly isForNames: boolean;
  /** The names that every match begins with. One with signs of wildcards is among them: a folder can have this very name. */
  readonly beginning: readonly string[];
  readonly matches: (path: string) => boolean;
  /** False if nothing below the folder matches; the empty path is the folder that the glob is for. */
  readonly mayMatchIn: (folder: string) => boolean;
}

export type CompiledGlob = Glob | { readonly kind: 'problem'; readonly message: string };

export interface GlobOptions {
  /** A glob without a slash is for names at any depth, as search_text has it. */
  readonly isForNames?: boolean;
}

/** Never throws. No glob needs exponential time. */
export function compileGlob(text: string, options: GlobOptions = {}): CompiledGlob {
  const wanted: Pattern[] = [];
  const unwanted: Pattern[] = [];
  for (const part of partsOf(text)) {
    const isUnwanted = part.startsWith('!');
    const compiled = compilePart(isUnwanted ? part.slice(1) : part, options);
    if ('problem' in compiled) return { kind: 'problem', message: compiled.problem };
    (isUnwanted ? unwanted : wanted).push(...compiled.patterns);
  }
  if (wanted.length === 0) wanted.push(readNames('**'));
  return {
    kind: 'glob',
    text,
    isForNames: options.isForNames ?? false,
    beginning: sharedBeginning(wanted),
    matches(path) {
      const names = comparableName(path).split('/');
      const isIn = (patterns: readonly Pattern[]): boolean =>
        patterns.some((pattern) => matchesNames(pattern, names));
      return isIn(wanted) && !isIn(unwanted);
    },
    mayMatchIn(folder) {
      const names = folder === '' ? [] : comparableName(folder).split('/');
      return wanted.some((pattern) => mayMatchBelow(pattern, names));
    },
  };
}

type Pattern = readonly GlobName[];

// A name can have a comma in it, so the whole is tried too.
function partsOf(text: string): readonly string[] {
  const parts = splitAtCommas(text);
  const isListOfWanted = parts.length > 1 && !parts.some((part) => part.startsWith('!'));
  return isListOfWanted ? [text, ...parts] : parts;
}

type CompiledPart = { readonly patterns: readonly Pattern[] } | { readonly problem: string };

function compilePart(part: string, options: GlobOptions): CompiledPart {
  const written = part.trim();
  const problem = problemOf(written);
  if (problem !== undefined) return { problem };
  const readings = written.includes('\\') ? [written, written.replaceAll('\\', '/')] : [written];
  const texts: string[] = [];
  for (const reading of readings) {
    const expanded = expandBraces(reading);
    if (expanded === undefined) return { problem: 'The braces of the pattern stand for too many patterns.' };
    texts.push(...expanded);
  }
  if (texts.some(leadsOut)) return { problem: mustBeRelative };
  return { patterns: texts.map((text) => readNames(isForAnyFolder(text, options) ? `**/${text}` : text)) };
}

const mustBeRelative =
  'The pattern must be relative to its folder, without "..". Give another folder in "path" instead.';

function problemOf(part: string): string | undefined {
  if (part.length > maxChars) return `The pattern is longer than ${maxChars} characters.`;
  if (part === '') return 'The pattern says nothing behind "!". Say what to leave out, as in "!*.test.ts".';
  if (part.startsWith('!')) return 'A pattern can begin with one "!" alone.';
  if (part.includes('\0')) return 'The pattern holds a NUL byte.';
  return /^(\/|[a-z]:[\\/]|\\[\\a-z0-9])/i.test(part) ? mustBeRelative : undefined;
}

function leadsOut(pattern: string): boolean {
  return pattern.startsWith('/') || pattern.split('/').includes('..');
}

function isForAnyFolder(pattern: string, { isForNames = false }: GlobOptions): boolean {
  return isForNames && !/\/[^/]/.test(pattern) && pattern !== '.' && pattern !== './';
}

function sharedBeginning(patterns: readonly Pattern[]): readonly string[] {
  const [first = [], ...others] = patterns;
  const shared: string[] = [];
  for (const [index, part] of first.entries()) {
    if (part.kind === 'folders' || /[*?]/.test(part.written)) break;
    const isShared = others.every((other) => {
      const same = other[index];
      return same?.kind === 'name' && same.written === part.written;
    });
    if (!isShared) break;
    shared.push(part.wildcards.literal ?? part.written);
  }
  return shared;
}
