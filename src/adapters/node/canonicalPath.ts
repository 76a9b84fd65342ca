/** Resolves the links of a path that need not exist. */
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { comparableName, hasLookAlikes } from './comparableName.ts';

const maxLinks = 40;

/**
 * The path with every link resolved; of a path that does not exist, its nearest existing folder's with the
 * rest. A link that points nowhere counts as its target, because writing to it would create that. A name that isn't there counts
 * as the one that looks the same, because a model writes it as it sees it.
 */
export async function canonicalPath(file: string, linksLeft = maxLinks): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const target = await danglingTarget(file);
  if (linksLeft === 0) throw new Error(`Too many links: ${file}`);
  if (target !== undefined) {
    return canonicalPath(path.resolve(path.dirname(file), target), linksLeft - 1);
  }
  const parent = path.dirname(file);
  if (parent === file) return file;
  const folder = await canonicalPath(parent, linksLeft);
  const found = path.join(folder, await nameIn(folder, path.basename(file)));
  return found === file ? file : canonicalPath(found, linksLeft - 1);
}

/** The one name in the folder that looks like a missing one, else that itself. */
async function nameIn(folder: string, missing: string): Promise<string> {
  if (!hasLookAlikes(missing)) return missing;
  const wanted = comparableName(missing);
  const alike = (await readdir(folder).catch(() => [])).filter((name) => comparableName(name) === wanted);
  return alike.length === 1 ? (alike[0] ?? missing) : missing;
}

async function danglingTarget(file: string): Promise<string | undefined> {
  try {
    return (await lstat(file)).isSymbolicLink() ? await readlink(file) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
