/** Finds `.gitignore` files that reading would wait at, for ever. */
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * The first FIFO, device or socket that stands as `.gitignore` below a folder, or above it, where ripgrep
 * looks as well; a link to one counts. Undefined where there is none, or once the signal aborts. Never rejects.
 */
export async function findBlockingIgnoreFile(
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    const candidate = path.join(above, '.gitignore');
    if (await isBlocking(candidate)) return candidate;
    if (above === path.dirname(above)) break;
  }
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && !signal.aborted; next = folders.pop()) {
    const found = await lookInto(next, folders, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function lookInto(folder: string, folders: string[], signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const entry of await opendir(folder)) {
      if (signal.aborted) return undefined;
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.git') folders.push(file);
      if (entry.name === '.gitignore' && !entry.isFile() && (await isBlocking(file))) return file;
    }
  } catch {
    // What can't be listed, ripgrep can't read either.
  }
  return undefined;
}

async function isBlocking(file: string): Promise<boolean> {
  try {
    const stats = await stat(file);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}
