/** The folders of a workspace, in which anybody could have put a program. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from './isInside.ts';
import { readRegularFile } from './readRegularFile.ts';
import { linkFollower } from './wayTo.ts';

/** Folders from which nothing is run, however a path gets there. */
export interface ForeignFolders {
  /** As they were named and as they are. */
  readonly names: readonly string[];
  /** True if a path, or a link on its way, lies in one of the folders or can't be followed. Never rejects. */
  reach(file: string): Promise<boolean>;
}

/** To an agent in a worktree, the working tree that its own belongs to counts as well. Never rejects. */
export async function foreignFolders(named: readonly string[]): Promise<ForeignFolders> {
  const folders: Folder[] = [];
  for (const each of named) {
    const owner = await ownerOf(each);
    for (const folder of owner === undefined ? [each] : [each, owner]) folders.push(await look(folder));
  }
  const follow = linkFollower();
  return {
    names: [...new Set([...named, ...folders.map(({ real }) => real)])],
    async reach(file) {
      if (folders.length === 0) return false;
      try {
        for (const place of await follow(file)) if (await isInOneOf(folders, place)) return true;
        return false;
      } catch {
        return true;
      }
    },
  };
}

interface Folder {
  readonly real: string;
  /** Device and number, by which a folder is known under every name. */
  readonly identity: string | undefined;
}

async function look(folder: string): Promise<Folder> {
  return {
    real: await realpath(folder).catch(() => path.resolve(folder)),
    identity: await identityOf(folder),
  };
}

async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

// A disk that does not tell case apart gives one folder many names.
async function isInOneOf(folders: readonly Folder[], place: string): Promise<boolean> {
  if (folders.some(({ real }) => isInside(real, place))) return true;
  const isAlike = ({ real }: Folder): boolean => isInside(real.toLowerCase(), place.toLowerCase());
  if (!folders.some(isAlike)) return false;
  for (let at = place; ; at = path.dirname(at)) {
    const identity = await identityOf(at);
    if (identity !== undefined && folders.some((folder) => folder.identity === identity)) return true;
    if (at === path.dirname(at)) return false;
  }
}

const maxLinkBytes = 8192;

// It is not among the agent's folders, and is the workspace of others.
async function ownerOf(folder: string): Promise<string | undefined> {
  const read = await readRegularFile(path.join(folder, '.git'), maxLinkBytes, new AbortController().signal);
  const owner = read.ok ? /^gitdir: (.+)[\\/]\.git[\\/]worktrees[\\/]/.exec(read.text)?.[1] : undefined;
  return owner === undefined ? undefined : path.resolve(folder, owner);
}
