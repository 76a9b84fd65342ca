/** Appends lines to one journal file, many at a time. */
import type { Blob } from './blobs.ts';
import { openJournalFile, type JournalFile } from './journalFile.ts';

interface Waiting {
  readonly line: string;
  readonly blobs: readonly Blob[];
  readonly isDurable: boolean;
  readonly done: PromiseWithResolvers<void>;
}

export class JournalWriter {
  private readonly file: JournalFile;
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | undefined;

  /** It closes the file. */
  constructor(file: JournalFile) {
    this.file = file;
  }

  /** Opens for appending; the file is readable by its owner alone. The folders exist already. */
  static async open(path: string, blobFolder: string): Promise<JournalWriter> {
    return new JournalWriter(await openJournalFile(path, blobFolder));
  }

  /**
   * Writes a line after all earlier ones, its blobs first. Settles when the line is written, and with
   * `durable` when it is synced to the disk too; lines that wait at the same time share one sync.
   */
  append(line: string, blobs: readonly Blob[], durability: 'durable' | 'buffered'): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.waiting.push({ line, blobs, isDurable: durability === 'durable', done });
    this.flushing ??= this.flush();
    return done.promise;
  }

  /** Writes what waits, then closes. */
  async close(): Promise<void> {
    await this.flushing;
    await this.file.close();
  }

  private async flush(): Promise<void> {
    // One turn of the event loop lets the lines of one burst go out together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.writeGroup(group);
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    this.flushing = undefined;
  }

  private async writeGroup(group: readonly Waiting[]): Promise<void> {
    const isDurable = group.some((entry) => entry.isDurable);
    for (const { blobs } of group) for (const blob of blobs) await this.file.writeBlob(blob, isDurable);
    await this.file.append(group.map(({ line }) => `${line}\n`).join(''));
    if (isDurable) await this.file.sync();
  }
}
