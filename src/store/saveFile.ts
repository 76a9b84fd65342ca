/** The file that gets each answer of parallel agents, the moment its task ends. */
import { constants } from 'node:fs';
import { open, readlink, realpath, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

export type OpenedSaveFile =
  { readonly ok: true; readonly file: SaveFile } | { readonly ok: false; readonly message: string };

/** Whether a file that begins so may be appended to. */
export type AcceptsFile = (beginning: string) => boolean;

const lineFeed = 0x0a;

/**
 * Appends blocks; whole ones stay whole whatever happens afterwards. If another program replaces, deletes or rewrites the
 * file meanwhile, the blocks that it lost are written again, as are those that failed before. The owner closes it.
 */
export class SaveFile {
  /** Where it lies, with all links resolved. */
  readonly path: string;
  private handle: FileHandle;
  private readonly blocks: string[] = [];
  /** After the last look; undefined where a write broke off. */
  private size: number | undefined;
  /** A block is in the file, and the disk did not confirm that it has it. */
  private syncFailure: Error | undefined;
  /** The file ends inside a line, which a block may not continue. */
  private isLineOpen: boolean;
  private last: Promise<string | undefined> = Promise.resolve(undefined);

  private constructor(place: string, handle: FileHandle, isLineOpen: boolean) {
    this.path = place;
    this.handle = handle;
    this.isLineOpen = isLineOpen;
  }

  /** Opens a file that a person names to append to, and makes it where it is missing. Never blocks on what is no file. */
  static open(named: string, accepts: AcceptsFile): Promise<OpenedSaveFile> {
    return SaveFile.opened(named, accepts, () => open(named, openFlags));
  }

  /** The same of a path that is canonical: what has become a link since is not followed. */
  static openAt(place: string, accepts: AcceptsFile): Promise<OpenedSaveFile> {
    return SaveFile.opened(place, accepts, () => openInPlace(place));
  }

  private static async opened(
    named: string,
    accepts: AcceptsFile,
    openFile: () => Promise<FileHandle>,
  ): Promise<OpenedSaveFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await openFile();
      const problem = await problemOf(handle, accepts);
      if (problem === undefined) {
        const file = new SaveFile(await realpath(named), handle, await endsInsideLine(handle));
        return { ok: true, file };
      }
      await handle.close();
      return { ok: false, message: `The answers can't be saved to ${named}: ${problem}` };
    } catch (error) {
      await handle?.close().catch(() => undefined);
      return { ok: false, message: `The answers can't be saved to ${named}: ${whyNot(error)}` };
    }
  }

  /** Settles when the block is on the disk, or with why it can't be written. Blocks stand in the order of the calls. */
  append(block: string): Promise<string | undefined> {
    this.last = this.last.then(() => this.write(block));
    return this.last;
  }

  /** Settles when all blocks are in the file that has the path by now, or with why they can't be. */
  complete(): Promise<string | undefined> {
    this.last = this.last.then(() =>
      this.told(async () => {
        await this.writeLost('always');
        if (this.syncFailure !== undefined) throw this.syncFailure;
      }),
    );
    return this.last;
  }

  /** The whole text of the file that has the path by now. Rejects if it can't be read. */
  async read(): Promise<string> {
    if (!(await this.isInPlace())) await this.openAgain();
    return readFrom(this.handle);
  }

  /** Closes it after what is being written. Never rejects. */
  async close(): Promise<void> {
    await this.last;
    await this.handle.close().catch(() => undefined); // Each block is on the disk already.
  }

  private write(block: string): Promise<string | undefined> {
    return this.told(async () => {
      try {
        await this.writeLost('whereChanged');
        await this.put(block);
      } finally {
        this.blocks.push(block); // One that failed is tried again with the next.
      }
    });
  }

  private async told(work: () => Promise<void>): Promise<string | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      return `The answer could not be saved to ${this.path}: ${whyNot(error)}`;
    }
  }

  private async writeLost(when: 'always' | 'whereChanged'): Promise<void> {
    const isInPlace = await this.isInPlace();
    if (isInPlace && when === 'whereChanged' && (await this.handle.stat()).size === this.size) return;
    if (!isInPlace) await this.openAgain();
    const text = await readFrom(this.handle);
    this.isLineOpen = text !== '' && !text.endsWith('\n');
    for (const block of this.blocks) if (!text.includes(block)) await this.put(block);
  }

  private async isInPlace(): Promise<boolean> {
    const own = await this.handle.stat();
    const there = await stat(this.path).catch(() => undefined); // Opening it again tells why.
    return there?.ino === own.ino && there.dev === own.dev;
  }

  private async openAgain(): Promise<void> {
    const handle = await openInPlace(this.path);
    try {
      const problem = await problemOf(handle, () => true);
      if (problem !== undefined) throw new Error(problem);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await this.handle.close();
    this.handle = handle;
  }

  private async put(block: string): Promise<void> {
    this.size = undefined;
    const bytes = Buffer.from(this.isLineOpen ? `\n${block}` : block);
    // One write appends as a whole; only a disk that fills up takes less.
    for (let from = 0; from < bytes.length;) {
      this.isLineOpen = true;
      from += (await this.handle.write(bytes, from)).bytesWritten;
    }
    this.isLineOpen = false;
    await this.sync();
    this.size = (await this.handle.stat()).size;
  }

  /** A second sync would succeed without the disk having what the first one lost. */
  private async sync(): Promise<void> {
    try {
      await this.handle.sync();
    } catch (error) {
      this.syncFailure ??= error as Error;
      throw error;
    }
  }
}

/** Opens the file, or makes it; what was made behind a folder that has become a link is taken away again, still empty. */
async function openInPlace(place: string): Promise<FileHandle> {
  const folder = path.dirname(place);
  if ((await realpath(folder)) !== folder) throw new Error(ledElsewhere);
  const existing = await open(place, (openFlags & ~constants.O_CREAT) | noLink).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
  const handle = existing ?? (await open(place, openFlags | constants.O_EXCL | noLink));
  if (await isAt(place, handle)) return handle;
  if (!existing) await removeMade(place, handle);
  await handle.close();
  throw new Error(ledElsewhere);
}

const ledElsewhere = 'its folder leads elsewhere by now.';

async function isAt(place: string, handle: FileHandle): Promise<boolean> {
  const own = await handle.stat();
  const there = await stat(place).catch(() => undefined);
  const isReal = (await realpath(place).catch(() => undefined)) === place;
  return isReal && there?.ino === own.ino && there.dev === own.dev;
}

/** Of the paths that may lead to the file by now, one that does. Linux alone tells where an open file is. */
async function removeMade(place: string, handle: FileHandle): Promise<void> {
  const told = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  for (const at of [told, await realpath(place).catch(() => undefined)])
    if (at !== undefined && (await isAt(at, handle))) return rm(at, { force: true });
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'its folder does not exist.';
  if (code === 'EISDIR') return 'it is a folder.';
  if (code === 'ELOOP') return 'it is a link by now.';
  if (code === 'ENOSPC' || code === 'EDQUOT') return `its disk is full (${code}). Free some space on it.`;
  if (code === 'EFBIG') return 'it has become as long as a file may be here (EFBIG). Name another file.';
  if (code === 'EIO') return 'its disk reports an error (EIO). Check the disk.';
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
    ? `it can't be written (${code}).`
    : message;
}

// Windows knows neither FIFOs in folders nor these flags.
const nonBlocking = constants.O_NONBLOCK ?? 0;
const noLink = constants.O_NOFOLLOW ?? 0;

const openFlags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | nonBlocking;

const headBytes = 64 * 1024;

async function problemOf(handle: FileHandle, accepts: AcceptsFile): Promise<string | undefined> {
  const stats = await handle.stat();
  if (!stats.isFile()) return 'it is no regular file.';
  if (stats.size === 0) return undefined;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  if (accepts(buffer.toString('utf8', 0, bytesRead))) return undefined;
  return 'it holds something else than answers of agents. Name a new file.';
}

async function endsInsideLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== lineFeed;
}

async function readFrom(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(size);
  let read = 0;
  for (let got = 1; got > 0 && read < size; read += got)
    got = (await handle.read(bytes, read, size - read, read)).bytesRead;
  return bytes.toString('utf8', 0, read);
}
