/** Judges where a repository is: which of its files git may be let at. */
import path from 'node:path';
import type { CallError } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { isInside } from './containment.ts';
import { findWayOut } from './gitWaysOut.ts';

/** Where git says that the parts of a repository are; absolute. */
export interface GitLocation {
  readonly gitDir: string;
  /** The part that the worktrees of a repository share. */
  readonly commonDir: string;
  /** The top of the working tree; a bare repository has none. */
  readonly top: string | undefined;
  /** Whether the repository's own config says where the top is. */
  readonly isTopConfigured: boolean;
}

/** `folder`: the working tree reaches beyond the workspace, so git must stay below the working directory. */
export type GitReach = 'repository' | 'folder';

export type JudgedPlace =
  { readonly ok: true; readonly reach: GitReach } | { readonly ok: false; readonly error: CallError };

/** Asks git for the location. */
export const locationQuery = ['rev-parse', '--absolute-git-dir', '--git-common-dir', '--show-toplevel'];

/** Reads the answer; undefined where it is not plain which line is what. */
export function readLocation(stdout: string, cwd: string): Omit<GitLocation, 'isTopConfigured'> | undefined {
  const lines = stdout.replace(/\r?\n$/, '').split(/\r?\n/);
  const [gitDir, commonDir, top] = lines.map((line) => path.resolve(cwd, line));
  if (gitDir === undefined || commonDir === undefined || lines.length > 3) return undefined;
  return { gitDir, commonDir, top };
}

type JudgingFiles = Pick<Files, 'canonical' | 'readText' | 'links'>;

/**
 * Refuses a repository that would show git what lies outside the workspace. One that is kept outside it is
 * judged by whether it names the folder as its own, because the folder's word for it proves nothing. Never rejects.
 */
export async function judgePlace(
  location: GitLocation,
  place: Place,
  files: JudgingFiles,
): Promise<JudgedPlace> {
  try {
    return await judge(location, place, files);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Where the repository of ${place.cwd} is could not be told: ${reason}`;
    return { ok: false, error: { kind: 'io', message } };
  }
}

async function judge(location: GitLocation, place: Place, files: JudgingFiles): Promise<JudgedPlace> {
  const roots = await canonicalAll(place.roots, files);
  const inRoots = (file: string): boolean => roots.some((root) => isInside(root, file));
  const [cwd = '', gitDir = '', commonDir = '', top] = await canonicalAll(
    [place.cwd, location.gitDir, location.commonDir, ...(location.top === undefined ? [] : [location.top])],
    files,
  );
  const isWithin = top === undefined || inRoots(top);
  if (!isWithin && !isInside(top, cwd)) {
    return outside(`The repository of ${cwd} has its working tree at ${top}, outside the workspace.`);
  }
  const isOwn = (folder: string): boolean =>
    inRoots(folder) || (top !== undefined && folder === path.join(top, '.git'));
  const foreign = [gitDir, commonDir].find((folder) => !isOwn(folder));
  if (
    foreign !== undefined &&
    (isOwn(gitDir) || !(await namesTop(gitDir, top, location.isTopConfigured, files)))
  ) {
    return outside(
      `The repository of ${cwd} is kept at ${foreign}, and that does not name this folder as its own in core.worktree.`,
    );
  }
  const way = inRoots(gitDir) ? await findWayOut({ gitDir, commonDir }, inRoots, files) : undefined;
  if (way !== undefined) return outside(`In the repository of ${cwd}, ${way}, outside the workspace.`);
  return { ok: true, reach: isWithin ? 'repository' : 'folder' };
}

function outside(message: string): JudgedPlace {
  const next = 'git is not used on it. Use read_file, list_files and search_text here.';
  return { ok: false, error: { kind: 'outsideWorkspace', message: `${message} ${next}` } };
}

async function canonicalAll(paths: readonly string[], files: JudgingFiles): Promise<string[]> {
  const canonical: string[] = [];
  for (const file of paths) canonical.push(await files.canonical(file));
  return canonical;
}

const maxBytesOfPath = 8192;

// A worktree is named in `gitdir`; a submodule, and a folder kept apart, in core.worktree.
async function namesTop(
  gitDir: string,
  top: string | undefined,
  isTopConfigured: boolean,
  files: JudgingFiles,
): Promise<boolean> {
  if (top === undefined || isTopConfigured) return isTopConfigured;
  const file = path.join(gitDir, 'gitdir');
  const named = await files.readText(file, maxBytesOfPath, new AbortController().signal);
  if (!named.ok) return false;
  return (await files.canonical(path.resolve(gitDir, named.text.trim()))) === path.join(top, '.git');
}
