/** The past sessions as the disk has them: which there are, how old and how large, and which have no last word yet. */
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionId } from '../core/events.ts';

export class SessionShelf {
  private readonly root: string;
  private readonly deleted: string;
  private readonly start: string;

  constructor(stateDir: string) {
    this.root = join(stateDir, 'sessions');
    this.deleted = join(stateDir, 'deleted');
    this.start = join(stateDir, 'last-start');
  }

  /** Newest first. */
  async ids(): Promise<readonly SessionId[]> {
    const entries = await readdir(this.root, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return folders.sort().reverse();
  }

  /** Epoch milliseconds of the last write to its journal; 0 where there is none. */
  async lastWrittenAt(id: SessionId): Promise<number> {
    return stat(join(this.root, id, 'journal.ndjson')).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  }

  /** Of all its files together. */
  async bytes(id: SessionId): Promise<number> {
    return bytesBelow(join(this.root, id));
  }

  /** Notes that the session has no last word: it goes on, or it was interrupted. The mark outlives the program. */
  async mark(id: SessionId): Promise<void> {
    await writeFile(this.markOf(id), '', { mode: 0o600 });
  }

  async unmark(id: SessionId): Promise<void> {
    await rm(this.markOf(id), { force: true });
  }

  async isMarked(id: SessionId): Promise<boolean> {
    return stat(this.markOf(id)).then(
      () => true,
      () => false,
    );
  }

  /** Deletes a session at once for all readers, and its files after that. Nothing happens where it is gone. */
  async remove(id: SessionId): Promise<void> {
    await mkdir(this.deleted, { recursive: true, mode: 0o700 });
    const grave = join(this.deleted, id);
    await rename(join(this.root, id), grave).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(grave, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Ends deletions that a program's end cut off. */
  async finishRemovals(): Promise<void> {
    await rm(this.deleted, { recursive: true, force: true, maxRetries: 3 });
  }

  /** When a program started here last, by the clock that it had then; undefined if none is on record. */
  async lastStart(): Promise<number | undefined> {
    const text = await readFile(this.start, 'utf8').catch(() => '');
    const at = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(at) ? at : undefined;
  }

  /** Rejects if there is no state folder yet. */
  async noteStart(at: number): Promise<void> {
    await writeFile(this.start, `${at}\n`, { mode: 0o600 });
  }

  private markOf(id: SessionId): string {
    return join(this.root, id, 'unresolved');
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await bytesBelow(path);
    else
      sum += await lstat(path).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return sum;
}
