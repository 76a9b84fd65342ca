/** A journal's file and the folder of its blobs, as the disk has them. */
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blob } from './blobs.ts';

export interface JournalFile {
  append(lines: string): Promise<void>;
  /** Settles when all that was appended is on the disk itself. */
  sync(): Promise<void>;
  /** With `isSynced` it settles when the blob is on the disk itself. */
  writeBlob(blob: Blob, isSynced: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens for appending; what it makes is readable by its owner alone. The folders exist already. */
export async function openJournalFile(path: string, blobFolder: string): Promise<JournalFile> {
  const file = await open(path, 'a', 0o600);
  return {
    append: (lines) => file.appendFile(lines),
    sync: () => file.datasync(),
    writeBlob: ({ name, text }, isSynced) =>
      writeFile(join(blobFolder, name), text, { mode: 0o600, flush: isSynced }),
    close: () => file.close(),
  };
}
