/** Finds the folder that holds a repository's index and refs, without running git. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';

const maxBytesOfLink = 4096;

/** The repository that a folder is in. */
export interface GitFolder {
  readonly gitDir: string;
  /** The part that the worktrees of a repository share: its branches and its stash. */
  readonly commonDir: string;
  /** The top of its working tree. */
  readonly top: string;
}

/** Walks up from a canonical folder; undefined where it is in no repository. */
export async function findGitFolder(
  folder: string,
  files: Pick<Files, 'readText'>,
): Promise<GitFolder | undefined> {
  const gitDir = await gitDirAt(path.join(folder, '.git'), files);
  if (gitDir !== undefined) return { gitDir, commonDir: await commonDirOf(gitDir, files), top: folder };
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findGitFolder(parent, files);
}

async function commonDirOf(gitDir: string, files: Pick<Files, 'readText'>): Promise<string> {
  const file = path.join(gitDir, 'commondir');
  const read = await files.readText(file, maxBytesOfLink, new AbortController().signal);
  return read.ok ? path.resolve(gitDir, read.text.trim()) : gitDir;
}

// In a worktree or a submodule `.git` is a file that names the folder.
async function gitDirAt(candidate: string, files: Pick<Files, 'readText'>): Promise<string | undefined> {
  const read = await files.readText(candidate, maxBytesOfLink, new AbortController().signal);
  if (!read.ok) return read.error.kind === 'notRegularFile' ? candidate : undefined;
  const named = /^gitdir: (.+)$/m.exec(read.text)?.[1];
  return named === undefined ? undefined : path.resolve(path.dirname(candidate), named.trim());
}
