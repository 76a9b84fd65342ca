/** The command line of ripgrep for a search. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Glob } from './globPattern.ts';
import type { SearchTarget } from './textSearch.ts';

/** For the lines that match. `place` is what is searched. */
export function argumentsForLines(target: SearchTarget, place: string): readonly string[] {
  // Ignore rules are git's, and hold outside of repositories too.
  const ignoreRules = ['--no-require-git', '--no-ignore-dot', '--no-ignore-messages'];
  return [...common, '--json', ...ignoreRules, ...wanted(target, place)];
}

/** For the files that match, those among them that a search for lines leaves out. Each path ends with a line feed. */
export function argumentsForFiles(target: SearchTarget, place: string): readonly string[] {
  return [...common, '--files-with-matches', '--no-ignore', '--binary', ...wanted(target, place)];
}

const common = ['--no-config', '--hidden', '--color=never'];

function wanted({ query, isFolder, pattern, glob }: SearchTarget, place: string): string[] {
  const [syntax, text] =
    pattern.kind === 'text' ? [['--fixed-strings'], pattern.text] : [[], pattern.ripgrep ?? query.pattern];
  const names = isFolder && glob !== undefined ? namesToSearch(glob) : [];
  return [...syntax, ...names, '--glob', '!.git', '-e', text, '--', place];
}

// Only what surely holds all that the glob matches: the glob itself is asked of each match. ripgrep's own `--glob` would
// find ignored files too, a type does not.
function namesToSearch({ text }: Glob): string[] {
  const [, name] = /^(?:[\w./*-]*\/)?(\*?\.?[\w.-]*\*?[\w.-]+)$/.exec(text) ?? [];
  return name?.includes('*') ? ['--type-add', `wanted:${name}`, '--type', 'wanted'] : [];
}

/** The folder in which all is that the glob matches, so that no other is searched. Never rejects. */
export async function searchedPlace({ query, isFolder, glob }: SearchTarget): Promise<string> {
  if (!isFolder || glob === undefined) return query.path;
  for (let names = glob.beginning; names.length > 0; names = names.slice(0, -1)) {
    const place = path.join(query.path, ...names);
    if (await isPlainFolder(place)) return place;
  }
  return query.path;
}

async function isPlainFolder(place: string): Promise<boolean> {
  try {
    return (await realpath(place)) === place && (await stat(place)).isDirectory();
  } catch {
    return false;
  }
}
