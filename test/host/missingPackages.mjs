/** Compares what npm installed with what package-lock.json asks for. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The packages of package-lock.json that are not installed in the version it names; `needed` is a file that must exist.
 * Packages of other platforms don't count.
 * @param {string} root
 * @param {string} needed
 * @returns {string[]}
 */
export function missingPackages(root, needed) {
  // npm writes this file when an installation is complete.
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!installed || !existsSync(needed)) return ['node_modules'];
  const wanted = readPackages(path.join(root, 'package-lock.json')) ?? {};
  return Object.entries(wanted)
    .filter(([name, { version, optional, devOptional }]) => {
      if (name === '' || version === undefined) return false;
      const found = installed[name];
      return found ? found.version !== version : !optional && !devOptional;
    })
    .map(([name]) => name.replace(/^.*node_modules\//, ''));
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> | undefined}
 */
function readPackages(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
