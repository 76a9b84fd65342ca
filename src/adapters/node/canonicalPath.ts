/** Resolves the links of a path that need not exist. */
import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';

const maxLinks = 40;

/**
 * The path with every link resolved; of a path that does not exist, its nearest existing folder's with the
 * rest. A link that points nowhere counts as its target, because writing to it would create that.
 */
export async function canonicalPath(file: string, linksLeft = maxLinks): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const target = await danglingTarget(file);
  if (target !== undefined) {
    if (linksLeft === 0) throw new Error(`Too many links: ${file}`);
    return canonicalPath(path.resolve(path.dirname(file), target), linksLeft - 1);
  }
  const parent = path.dirname(file);
  if (parent === file) return file;
  return path.join(await canonicalPath(parent, linksLeft), path.basename(file));
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
