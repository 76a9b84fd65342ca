/** Searches text with ripgrep where there is one, otherwise file by file. */
import { stat } from 'node:fs/promises';
import type { Files, TextQuery, TextSearch, TextSearchResult } from '../../core/filePorts.ts';
import type { RipgrepPath } from './findRipgrep.ts';
import { foreignFolders } from './foreignFolders.ts';
import { readError } from './readRegularFile.ts';
import { searchFileByFile } from './searchFileByFile.ts';
import { searchWithRipgrep } from './searchWithRipgrep.ts';

export interface TextSearchOptions {
  /** Absent: files are searched one by one. */
  readonly ripgrepPath: RipgrepPath | undefined;
  readonly files: Files;
}

/** What a search works on once its path was looked at. */
export interface SearchTarget {
  readonly query: TextQuery;
  readonly isFolder: boolean;
}

export function createTextSearch(options: TextSearchOptions): TextSearch {
  return {
    async search(query, signal) {
      const target = await lookAt(query);
      if ('error' in target) return target;
      const foreign = await foreignFolders(query.notFrom ?? []);
      const file = await options.ripgrepPath?.(foreign);
      const result =
        file === undefined
          ? await searchFileByFile(options.files, target, signal)
          : await searchWithRipgrep({ file, foreign }, options.files, target, signal);
      return inOrder(result);
    },
  };
}

async function lookAt(query: TextQuery): Promise<SearchTarget | Extract<TextSearchResult, { ok: false }>> {
  try {
    const stats = await stat(query.path);
    if (stats.isDirectory() || stats.isFile()) return { query, isFolder: stats.isDirectory() };
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
