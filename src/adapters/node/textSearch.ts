/** Searches text with ripgrep where there is one and it knows the pattern, otherwise file by file. */
import { access, constants, stat } from 'node:fs/promises';
import type { Files, TextQuery, TextSearch, TextSearchResult } from '../../core/filePorts.ts';
import type { RipgrepPath } from './findRipgrep.ts';
import { foreignFolders } from './foreignFolders.ts';
import { readError } from './readRegularFile.ts';
import { searchFileByFile } from './searchFileByFile.ts';
import { readSearchPattern, type SearchPattern } from './searchPattern.ts';
import { searchWithRipgrep } from './searchWithRipgrep.ts';
import { readDiskParts } from './textParts.ts';

/** How long a pattern may take for a part of a file where files are searched one by one. */
export const limitMs = 5000;

export interface TextSearchOptions {
  /** Absent: files are searched one by one. */
  readonly ripgrepPath: RipgrepPath | undefined;
  readonly files: Files;
  /** Absent: `limitMs`. */
  readonly limitMs?: number;
}

/** What a search works on once its path and its pattern were looked at. */
export interface SearchTarget {
  readonly query: TextQuery;
  readonly isFolder: boolean;
  readonly pattern: SearchPattern;
}

export function createTextSearch(options: TextSearchOptions): TextSearch {
  return {
    async search(query, signal) {
      const read = readSearchPattern(query);
      if (!read.ok) return read;
      const { pattern } = read;
      const kind = await lookAt(query);
      if (typeof kind !== 'string') return kind;
      const target = { query, isFolder: kind === 'folder', pattern };
      const oneByOne = {
        files: options.files,
        readParts: readDiskParts({ isNamed: !target.isFolder }),
        limitMs: options.limitMs ?? limitMs,
      };
      const foreign = await foreignFolders(query.notFrom ?? []);
      const isForScript = pattern.kind === 'regex' && pattern.ripgrep === undefined;
      const file = isForScript ? undefined : await options.ripgrepPath?.(foreign);
      const found = file && (await searchWithRipgrep({ file, foreign }, target, signal));
      const isRefused = !found || found === 'refused' || found === 'blocked';
      return inOrder(isRefused ? await searchFileByFile(oneByOne, target, signal) : found);
    },
  };
}

async function lookAt(
  query: TextQuery,
): Promise<'file' | 'folder' | Extract<TextSearchResult, { ok: false }>> {
  try {
    const stats = await stat(query.path);
    const isFolder = stats.isDirectory();
    if (isFolder || stats.isFile()) {
      await access(query.path, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
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
