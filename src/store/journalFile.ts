/** A journal's file and the folder of its blobs, as the disk has them. */
import { fdatasyncSync, fstatSync, writeSync, type Stats } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Blob } from './blobs.ts';
import { blobFile } from './keptTexts.ts';

export interface JournalFile {
  /** Its size when it was opened. */
  readonly bytes: number;
  append(lines: string): Promise<void>;
  /** Settles when all that was appended is on the disk itself. Rejects if the file has been deleted meanwhile. */
  sync(): Promise<void>;
  /** Settles when the blob is on the disk itself, whole under its name or not there at all. */
  writeBlob(blob: Blob): Promise<void>;
  /** Takes back all beyond this size: what an append that failed may have left. */
  cutTo(bytes: number): Promise<void>;
  /** Appends and syncs before it returns, for the last moment of a program. */
  appendNow(lines: string): void;
  close(): Promise<void>;
}

/** Opens for appending; what it makes is readable by its owner alone. The folders exist already. */
export async function openJournalFile(path: string, blobFolder: string): Promise<JournalFile> {
  const file = await open(path, 'a', 0o600);
  const { size: bytes, nlink } = await file.stat();
  const checkName = nlink > 0 ? throwIfDeleted : () => undefined;
  if (bytes === 0) await syncFolder(dirname(path));
  return {
    bytes,
    append: (lines) => file.appendFile(lines),
    async sync() {
      await file.datasync();
      checkName(await file.stat());
    },
    async writeBlob(blob) {
      const kept = await blobFile(blob, blobFolder);
      if (kept === undefined) return;
      const { name, content } = kept;
      // An earlier event may name the same blob: it must not be torn while it is written again.
      const unfinished = join(blobFolder, `${name}.part`);
      await writeFile(unfinished, content, { mode: 0o600, flush: true });
      await rename(unfinished, join(blobFolder, name));
      await syncFolder(blobFolder);
    },
    cutTo: (size) => file.truncate(size),
    appendNow(lines) {
      writeSync(file.fd, lines);
      fdatasyncSync(file.fd);
      checkName(fstatSync(file.fd));
    },
    close: () => file.close(),
  };
}

/** Writing to a deleted file succeeds, but no later program finds what was written. */
function throwIfDeleted({ nlink }: Pick<Stats, 'nlink'>): void {
  if (nlink === 0) throw Object.assign(new Error('it was deleted'), { code: 'ENOENT' });
}

/** Puts the names in a folder on the disk itself, as far as the system has such a thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch {
    // Some network file systems refuse it; they have their own idea of what is kept.
  } finally {
    await folder.close();
  }
}
