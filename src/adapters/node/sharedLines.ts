/** Keeps for a while the lines that were found in large files, for further reads of the same bytes. */
import { once } from 'node:events';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { findLines, type FoundLines } from './fileLines.ts';

const chunkBytes = 256 * 1024;
/** Finding the lines of less is as fast as comparing it. */
const smallestBytes = 64 * 1024;
const keptMs = 5000;

/** The whole content of a file, and its lines. */
export interface ReadLines {
  readonly content: Buffer;
  readonly found: FoundLines;
}

interface Kept extends ReadLines {
  readonly timer: NodeJS.Timeout;
}

/**
 * Reads that come together share one look for the lines. Each read compares the file's bytes with the kept ones, so that
 * no change is missed: times of files are too coarse to tell.
 */
export class SharedLines {
  private readonly kept = new Map<string, Kept>();
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly mostBytes: number;

  constructor(mostBytes = 64 * 1024 * 1024) {
    this.mostBytes = mostBytes;
  }

  /**
   * The lines of an open file; `load` reads its content from the start. Rejects as `load` does, and with the signal's reason.
   */
  async linesOf(
    { handle, stats }: { readonly handle: FileHandle; readonly stats: Stats },
    load: () => Promise<Buffer>,
    signal: AbortSignal,
  ): Promise<ReadLines> {
    if (stats.size < smallestBytes) return find(load, signal);
    const key = `${stats.dev}:${stats.ino}`;
    for (;;) {
      for (let other = this.underWay.get(key); other; other = this.underWay.get(key))
        await Promise.race([other, aborted(signal)]);
      const kept = this.kept.get(key);
      if (!kept) return this.find(key, load, signal);
      if (await holdsBytes(handle, kept.content, signal)) return this.keep(key, kept);
      if (this.kept.get(key) === kept) this.drop(key);
    }
  }

  private async find(key: string, load: () => Promise<Buffer>, signal: AbortSignal): Promise<ReadLines> {
    const finding = find(load, signal);
    this.underWay.set(
      key,
      finding.catch(() => undefined),
    );
    try {
      return this.keep(key, await finding);
    } finally {
      this.underWay.delete(key);
    }
  }

  private keep(key: string, { content, found }: ReadLines): ReadLines {
    this.drop(key);
    // Nothing waits for the timer, neither does the exit of this program.
    const timer = setTimeout(() => this.kept.delete(key), keptMs).unref();
    const kept = { content, found, timer };
    this.kept.set(key, kept);
    let bytes = [...this.kept.values()].reduce((sum, { found: { heldBytes } }) => sum + heldBytes, 0);
    for (const [
      oldest,
      {
        found: { heldBytes },
      },
    ] of this.kept) {
      if (bytes <= this.mostBytes) break;
      this.drop(oldest);
      bytes -= heldBytes;
    }
    return kept;
  }

  private drop(key: string): void {
    clearTimeout(this.kept.get(key)?.timer);
    this.kept.delete(key);
  }
}

async function find(load: () => Promise<Buffer>, signal: AbortSignal): Promise<ReadLines> {
  const content = await load();
  return { content, found: await findLines(content, signal) };
}

/** Compares the file with these bytes, from its start to its end. */
async function holdsBytes(handle: FileHandle, bytes: Buffer, signal: AbortSignal): Promise<boolean> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let at = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, at);
    if (bytesRead === 0) return at === bytes.length;
    if (!chunk.subarray(0, bytesRead).equals(bytes.subarray(at, at + bytesRead))) return false;
    at += bytesRead;
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
