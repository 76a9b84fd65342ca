/** Searches text with ripgrep where there is one and it knows the pattern, otherwise file by file. */
import { constants } from 'node:fs';
import { open, opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Files, TextQuery, TextSearch, TextSearchResult } from '../../core/filePorts.ts';
import type { RipgrepPath } from './findRipgrep.ts';
import { compileGlob, type CompiledGlob, type Glob } from './globPattern.ts';
import { findLeftOut } from './findLeftOut.ts';
import { foreignFolders } from './foreignFolders.ts';
import { readError } from './readRegularFile.ts';
import { searchFileByFile } from './searchFileByFile.ts';
import { readSearchPattern, type SearchPattern } from './searchPattern.ts';
import { searchWithRipgrep } from './searchWithRipgrep.ts';
import { readDiskParts } from './textParts.ts';

/** How long a pattern may take for a part of a file where files are searched one by one. */
export const limitMs = 5000;

/** How long files are searched that a search leaves out, once it has found nothing. */
const leftOutMs = 1000;

export interface TextSearchOptions {
  /** Absent: files are searched one by one. */
  readonly ripgrepPath: RipgrepPath | undefined;
  readonly files: Files;
  /** Absent: `limitMs`. */
  readonly limitMs?: number;
  /** How long to look into the files that were left out after a search that found nothing. Absent: a second. */
  readonly leftOutMs?: number;
}

/** What a search works on once its path and its pattern were looked at. */
export interface SearchTarget {
  readonly query: TextQuery;
  readonly isFolder: boolean;
  readonly pattern: SearchPattern;
  /** For paths relative to the query's. */
  readonly glob: Glob | undefined;
}

export function createTextSearch(options: TextSearchOptions): TextSearch {
  return {
    async search(query, signal) {
      const read = readSearchPattern(query);
      if (!read.ok) return read;
      const { pattern } = read;
      const kind = await lookAt(query);
      if (typeof kind !== 'string') return kind;
      const glob = wantedFiles(query);
      if (glob?.kind === 'problem') return invalid(glob.message);
      const target = { query, isFolder: kind === 'folder', pattern, glob };
      const oneByOne = {
        files: options.files,
        readParts: readDiskParts({ isNamed: !target.isFolder }),
        limitMs: options.limitMs ?? limitMs,
      };
      const foreign = await foreignFolders(query.notFrom ?? []);
      const isForScript = pattern.kind === 'regex' && pattern.ripgrep === undefined;
      const file = isForScript ? undefined : await options.ripgrepPath?.(foreign);
      const ripgrep = file === undefined ? undefined : { file, foreign };
      const found = ripgrep && (await searchWithRipgrep(ripgrep, target, signal));
      if (!ripgrep || !found || found === 'refused' || found === 'blocked')
        return inOrder(await searchFileByFile(oneByOne, target, signal));
      if (!found.ok || found.matches.length > 0) return inOrder(found);
      const leftOut = await findLeftOut(ripgrep, target, options.leftOutMs ?? leftOutMs, signal);
      return { ...found, unsearched: [...found.unsearched, ...leftOut] };
    },
  };
}

/** The files that a query limits itself to; undefined for all. */
export function wantedFiles({ glob }: TextQuery): CompiledGlob | undefined {
  return glob === undefined ? undefined : compileGlob(glob, { isForNames: true });
}

/** True for an absolute path that the search's glob matches, or where it has none. */
export function isWantedFile(file: string, { query, isFolder, glob }: SearchTarget): boolean {
  if (!isFolder || glob === undefined) return true;
  return glob.matches(path.relative(query.path, file).split(path.sep).join('/'));
}

/** The failure of a search for a mistake in its input. */
export function invalid(message: string): Extract<TextSearchResult, { ok: false }> {
  return { ok: false, error: { kind: 'invalidInput', message } };
}

async function lookAt(
  query: TextQuery,
): Promise<'file' | 'folder' | Extract<TextSearchResult, { ok: false }>> {
  try {
    const stats = await stat(query.path);
    const isFolder = stats.isDirectory();
    if (isFolder || stats.isFile()) {
      // Only opening tells for sure if it may be read.
      const opened = await (isFolder
        ? opendir(query.path)
        : open(query.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
      await opened.close();
      return isFolder ? 'folder' : 'file';
    }
    const message = `${query.path} is neither a file nor a folder, so it can't be searched.`;
    return { ok: false, error: { kind: 'notRegularFile', message } };
  } catch (error) {
    return { ok: false, error: readError(query.path, error) };
  }
}

// Files are searched in parallel, so matches arrive in any order.
function inOrder(result: TextSearchResult): TextSearchResult {
  if (!result.ok) return result;
  const matches = [...result.matches].sort((a, b) =>
    a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1,
  );
  return { ...result, matches };
}
