/** Takes back what an editor made behind a link that a folder became while it wrote. */
import { lstat, readFile, unlink } from 'node:fs/promises';
import { canonicalPath } from './canonicalPath.ts';

/**
 * Deletes the file that the path leads to now, where it was made since then and has that text: an editor overwrites no
 * file when it makes one. Epoch milliseconds. Never rejects: what can't be told apart stays.
 */
export async function takeBackLedAway(file: string, text: string, startedAt: number): Promise<void> {
  try {
    const at = await canonicalPath(file);
    if (at === file) return;
    const stats = await lstat(at);
    // Some systems tell a file's time by a clock that is some milliseconds behind.
    if (!stats.isFile() || stats.birthtimeMs < startedAt - coarseClockMs) return;
    if ((await readFile(at, 'utf8')) === text) await unlink(at);
  } catch {
    // The file is gone, or may not be looked at.
  }
}

const coarseClockMs = 20;
