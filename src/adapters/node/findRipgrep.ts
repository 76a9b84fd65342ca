/** Finds the ripgrep that VS Code ships, or one that is installed. */
import path from 'node:path';
import { findProgram, isProgram } from './findProgram.ts';

// Until 1.12x `@vscode/ripgrep` with one binary, later `@vscode/ripgrep-universal` with one for each platform.
function shippedPaths(appRoot: string): string[] {
  const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = `${process.platform}-${process.arch}`;
  return ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    path.join(appRoot, modules, '@vscode', 'ripgrep-universal', 'bin', target, binary),
    path.join(appRoot, modules, '@vscode', 'ripgrep', 'bin', binary),
  ]);
}

/** `appRoot` is VS Code's own folder; undefined where no ripgrep is found. */
export async function findRipgrep(appRoot?: string): Promise<string | undefined> {
  for (const candidate of appRoot === undefined ? [] : shippedPaths(appRoot)) {
    if (await isProgram(candidate)) return candidate;
  }
  return findProgram('rg');
}
