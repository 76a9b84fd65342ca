/** Knows git's own folders by what is in them: of a repository whose `.git` is a file, of a worktree, of a bare one. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import { isInside } from './containment.ts';
import { plainName } from './settingsPlaces.ts';

/**
 * The nearest git folder in which a canonical path is one of git's own files; undefined where there is none in these roots.
 * Other files beside these are a person's: worktrees are often kept in a bare repository. Never rejects.
 */
export async function gitFolderAround(
  file: string,
  roots: readonly string[],
  files: Pick<Files, 'names'>,
): Promise<string | undefined> {
  let below = file;
  for (;;) {
    const folder = path.dirname(below);
    if (folder === below || !roots.some((root) => isInside(root, folder))) return undefined;
    if (ownNames.has(plainName(path.basename(below))) && isGitFolder(await files.names(folder)))
      return folder;
    below = folder;
  }
}

/** A worktree has its objects elsewhere, and says where. */
function isGitFolder(names: readonly string[]): boolean {
  const has = (name: string): boolean => names.includes(name);
  return has('HEAD') && (has('commondir') || (has('objects') && has('refs')));
}

/** Files and folders of git by which it can be steered, or that it keeps its record in. */
const ownNames: ReadonlySet<string> = new Set([
  ...['HEAD', 'FETCH_HEAD', 'ORIG_HEAD', 'MERGE_HEAD'].map(plainName),
  ...[
    'config',
    'config.worktree',
    'commondir',
    'gitdir',
    'hooks',
    'info',
    'objects',
    'refs',
    'logs',
    'index',
  ],
  ...[
    'packed-refs',
    'shallow',
    'modules',
    'worktrees',
    'reftable',
    'rebase-merge',
    'rebase-apply',
    'sequencer',
  ],
]);
