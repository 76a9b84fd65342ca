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
  private isWriting = false;
  /** Up to here the file holds whole lines. */
  private wholeBytes: number;
  private failure: { readonly cause: unknown } | undefined;

  /** It closes the file. */
  constructor(file: JournalFile) {
    this.file = file;
    this.wholeBytes = file.bytes;
  }

  /** Opens for appending; the file is readable by its owner alone. The folders exist already. */
  static async open(path: string, blobFolder: string): Promise<JournalWriter> {
    return new JournalWriter(await openJournalFile(path, blobFolder));
  }

  /**
   * Writes a line after all earlier ones, its blobs first. Settles when the line is written, and with
   * `durable` when it is synced to the disk too; lines that wait at the same time share one sync.
   * Rejects where that fails, and then for every later line too: a line that follows a lost one can't be read back.
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

  /** Writes what waits before it returns, where nothing is being written; for the last moment of a program. */
  flushNow(): void {
    if (this.isWriting || this.failure) return;
    // A blob can't be written in time, and no line may name one that isn't there.
    const blobAt = this.waiting.findIndex(({ blobs }) => blobs.length > 0);
    const group = this.waiting.splice(0, blobAt < 0 ? this.waiting.length : blobAt);
    if (group.length === 0) return;
    try {
      this.file.appendNow(textOf(group));
      for (const { done } of group) done.resolve();
    } catch (cause) {
      this.failure = { cause };
      for (const { done } of group) done.reject(cause);
    }
  }

  private async flush(): Promise<void> {
    // One turn of the event loop lets the lines of one burst go out together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      this.isWriting = true;
      try {
        await this.writeGroup(group);
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
      this.isWriting = false;
    }
    this.flushing = undefined;
  }

  private async writeGroup(group: readonly Waiting[]): Promise<void> {
    if (this.failure) throw this.failure.cause;
    try {
      for (const { blobs } of group) for (const blob of blobs) await this.file.writeBlob(blob);
      const text = textOf(group);
      await this.file.append(text);
      if (group.some((entry) => entry.isDurable)) await this.file.sync();
      this.wholeBytes += Buffer.byteLength(text);
    } catch (cause) {
      this.failure = { cause };
      // A torn line would be read as damage. Where even this fails, the reader drops it.
      await this.file.cutTo(this.wholeBytes).catch(() => undefined);
      throw cause;
    }
  }
}

function textOf(group: readonly Waiting[]): string {
  return group.map(({ line }) => `${line}\n`).join('');
}
