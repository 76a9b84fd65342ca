/** Finds the programs that may run without a question: none that a repository could have brought along. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Programs } from '../../core/shell.ts';
import { isProgram } from './findProgram.ts';
import { readRegularFile } from './readRegularFile.ts';

export function createPrograms(environment: NodeJS.ProcessEnv = process.env): Programs {
  return {
    async searchPath(names, outside) {
      try {
        const roots: string[] = [];
        for (const root of outside) roots.push(await realpath(root), ...(await ownerOf(root)));
        const folders = await trustedFolders(environment.PATH ?? '', roots);
        for (const name of names) if (!(await isTrusted(name, folders, roots))) return undefined;
        return folders.join(path.delimiter);
      } catch {
        return undefined;
      }
    },
  };
}

// What an agent's worktree belongs to is not among its folders, and is the workspace of others.
async function ownerOf(root: string): Promise<readonly string[]> {
  const read = await readRegularFile(path.join(root, '.git'), maxLinkBytes, new AbortController().signal);
  const owner = read.ok ? /^gitdir: (.+)[\\/]\.git[\\/]worktrees[\\/]/.exec(read.text)?.[1] : undefined;
  return owner === undefined ? [] : [await realpath(path.resolve(root, owner))];
}

const maxLinkBytes = 8192;

/** The folders of PATH with their links resolved, so that none of them can lead elsewhere later. */
async function trustedFolders(searchPath: string, roots: readonly string[]): Promise<readonly string[]> {
  const folders = new Set<string>();
  for (const named of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(named) || isSteered(named)) continue;
    const folder = await realpath(named).catch(() => undefined);
    if (folder === undefined || folder.includes(path.delimiter) || isSteered(folder)) continue;
    if (roots.some((root) => isInside(root, folder)) || (await isOpenToAll(folder))) continue;
    folders.add(folder);
  }
  return [...folders];
}

// The shell takes the first that it finds, so a later one does not help.
async function isTrusted(
  name: string,
  folders: readonly string[],
  roots: readonly string[],
): Promise<boolean> {
  for (const folder of folders) {
    const candidate = path.join(folder, name);
    if (!(await isProgram(candidate))) continue;
    const file = await realpath(candidate);
    return !isSteered(file) && !roots.some((root) => isInside(root, file));
  }
  return false;
}

// Version managers and launchers run what a file in the working directory names, and packages bring programs of their own.
const steered =
  /[\\/](node_modules[\\/]\.bin|shims|corepack|\.?(volta|asdf|mise|proto)|\.?rustup|\.cargo)([\\/]|$)/i;

function isSteered(file: string): boolean {
  return steered.test(file);
}

async function isOpenToAll(folder: string): Promise<boolean> {
  const worldWritable = 0o002;
  return ((await stat(folder)).mode & worldWritable) !== 0;
}

function isInside(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
