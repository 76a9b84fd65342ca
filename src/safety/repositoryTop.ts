/** Finds the repository that a folder is in, by the names of what lies above it; without git. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';

/** The folders from one up to the root of the disk. */
export function foldersUp(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUp(parent)];
}

/**
 * The folder and those above it, up to the one that holds `.git`: a folder, or the file that a worktree has. Empty if it
 * is in no repository. Never rejects.
 */
export async function foldersUpToTop(
  folder: string,
  files: Pick<Files, 'names'>,
): Promise<readonly string[]> {
  const above = foldersUp(folder);
  for (const [index, at] of above.entries())
    if ((await files.names(at)).includes('.git')) return above.slice(0, index + 1);
  return [];
}
