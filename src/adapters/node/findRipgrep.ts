/** Finds the ripgrep that VS Code ships, or one that is installed. */
import path from 'node:path';
import { findProgram, isProgram } from './findProgram.ts';
import type { ForeignFolders } from './foreignFolders.ts';

/** Looks for ripgrep, at each search: which folders it must not be from is not known before. */
export type RipgrepPath = (foreign: ForeignFolders) => Promise<string | undefined>;

// Until 1.12x `@vscode/ripgrep` with one binary, later `@vscode/ripgrep-universal` with one for each platform.
function shippedPaths(appRoot: string): string[] {
  const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = `${process.platform}-${process.arch}`;
  return ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    path.join(appRoot, modules, '@vscode', 'ripgrep-universal', 'bin', target, binary),
    path.join(appRoot, modules, '@vscode', 'ripgrep', 'bin', binary),
  ]);
}

/** `appRoot` is VS Code's own folder; undefined where no ripgrep is found outside of the foreign folders. */
export function findRipgrep(appRoot?: string): RipgrepPath {
  return async (foreign) => {
    for (const candidate of appRoot === undefined ? [] : shippedPaths(appRoot))
      if ((await isProgram(candidate)) && !(await foreign.reach(candidate))) return candidate;
    return findProgram('rg', process.env, foreign);
  };
}
