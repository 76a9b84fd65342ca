/** Finds the programs that may run without a question: none that a repository could have brought along. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Programs } from '../../core/shell.ts';
import { isProgram, programFolders } from './findProgram.ts';
import { foreignFolders, type ForeignFolders } from './foreignFolders.ts';

export function createPrograms(environment: NodeJS.ProcessEnv = process.env): Programs {
  return {
    async searchPath(names, outside) {
      try {
        const foreign = await foreignFolders(outside);
        const folders = await trustedFolders(environment.PATH, foreign);
        for (const name of names) if (!(await isTrusted(name, folders, foreign))) return undefined;
        return folders.join(path.delimiter);
      } catch {
        return undefined;
      }
    },
  };
}

/** The folders of PATH with their links resolved, so that none of them can lead elsewhere later. */
async function trustedFolders(
  searchPath: string | undefined,
  foreign: ForeignFolders,
): Promise<readonly string[]> {
  const folders = new Set<string>();
  for (const named of programFolders(searchPath)) {
    if (isSteered(named)) continue;
    const folder = await realpath(named).catch(() => undefined);
    if (folder === undefined || folder.includes(path.delimiter) || isSteered(folder)) continue;
    if ((await foreign.reach(named)) || (await isOpenToAll(folder))) continue;
    folders.add(folder);
  }
  return [...folders];
}

// The shell takes the first that it finds, so a later one does not help.
async function isTrusted(
  name: string,
  folders: readonly string[],
  foreign: ForeignFolders,
): Promise<boolean> {
  for (const folder of folders) {
    const candidate = path.join(folder, name);
    if (!(await isProgram(candidate))) continue;
    return !isSteered(await realpath(candidate)) && !(await foreign.reach(candidate));
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
