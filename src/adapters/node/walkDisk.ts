/** What a walk asks of the disk. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { constants, type Dirent } from 'node:fs';
import { isInside } from './isInside.ts';
import { openRegularFile } from './readRegularFile.ts';

const maxTextBytes = 1024 * 1024;
const maxBytes = 128 * 1024 * 1024;

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

export interface WalkEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** `at` is canonical. `elsewhere`: outside of the folders that a walk may look into. */
export type LinkTarget =
  { readonly kind: 'file' | 'folder'; readonly at: string } | { readonly kind: 'elsewhere' | 'nothing' };

/** All paths are absolute. */
export interface WalkDisk {
  /** Rejects if the folder can't be read, or is reached through a link by now. */
  readFolder(folder: string): Promise<readonly WalkEntry[]>;
  /** Undefined if nothing is there, or it can't be told. Never rejects. */
  kindOf(path: string): Promise<EntryKind | undefined>;
  /** Never rejects. */
  linkTarget(link: string): Promise<LinkTarget>;
  /** The beginning of a small text; undefined if there is no regular file. Rejects if it may not be read. */
  readText(file: string, options?: { readonly followsLink: boolean }): Promise<string | undefined>;
  /** The whole of a regular file; undefined if there is none, or it is too large. Never rejects. */
  readBytes(file: string): Promise<Buffer | undefined>;
}

/** `within` are the canonical folders that links may lead to. */
export function diskOf(within: readonly string[]): WalkDisk {
  return {
    async readFolder(folder) {
      // The walk follows no link, so a folder that is one by now was replaced.
      if ((await realpath(folder)) !== folder) throw new Error('it was replaced by a link');
      return (await readdir(folder, { withFileTypes: true })).map(entryOf);
    },
    kindOf: (file) =>
      lstat(file).then(
        (stats) => kindOf(stats),
        () => undefined,
      ),
    async linkTarget(link) {
      try {
        const at = await realpath(link);
        if (!within.some((folder) => isInside(folder, at))) return { kind: 'elsewhere' };
        const kind = kindOf(await stat(at));
        return kind === 'file' || kind === 'folder' ? { kind, at } : { kind: 'nothing' };
      } catch {
        return { kind: 'nothing' };
      }
    },
    readText: (file, options) => readText(file, options?.followsLink ?? true),
    readBytes,
  };
}

function entryOf(entry: Dirent): WalkEntry {
  return { name: entry.name, kind: kindOf(entry) };
}

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

async function readText(file: string, followsLink: boolean): Promise<string | undefined> {
  try {
    const opened = await openRegularFile(file, followsLink ? 0 : (constants.O_NOFOLLOW ?? 0));
    if (!opened.ok) return undefined;
    try {
      const length = Math.min(opened.stats.size, maxTextBytes);
      const { bytesRead, buffer } = await opened.handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await opened.handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw error;
    return undefined;
  }
}

async function readBytes(file: string): Promise<Buffer | undefined> {
  try {
    const opened = await openRegularFile(file);
    if (!opened.ok) return undefined;
    try {
      return opened.stats.size > maxBytes ? undefined : await opened.handle.readFile();
    } finally {
      await opened.handle.close();
    }
  } catch {
    return undefined;
  }
}
