/** Looks at files and folders on the disk. */
import { createHash } from 'node:crypto';
import { copyFile, lstat, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Copies, Disk, HashedFile } from '../../core/shell.ts';
import { openRegularFile } from './readRegularFile.ts';

/** Of a larger file its size and times stand for the bytes: reading it would keep a question waiting. */
const maxBytes = 32 * 1024 * 1024;

/** Orders of a program are far smaller. */
const maxTextBytes = 1024 * 1024;

export const disk: Disk = { look, names, text, isSpecial, tail, copy };

async function look(file: string): Promise<HashedFile> {
  try {
    const seen = await lstat(file);
    if (seen.isDirectory()) return { kind: 'folder' };
    return seen.isFile() ? await hashFile(file) : { kind: 'other' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'other' };
  }
}

async function hashFile(file: string): Promise<HashedFile> {
  const opened = await openRegularFile(file);
  if (!opened.ok) return { kind: 'other' };
  const { handle, stats } = opened;
  try {
    const hash = createHash('sha256');
    if (stats.size > maxBytes) hash.update(`${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`);
    else hash.update(await handle.readFile());
    return { kind: 'file', hash: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

const maxNames = 10_000;

async function names(folder: string): Promise<readonly string[] | undefined> {
  try {
    const found = await readdir(folder);
    // Of a name that is no text, what stands for it here is not what a program sees.
    return found.length > maxNames || found.some((name) => name.includes('\ufffd')) ? undefined : found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? [] : undefined;
  }
}

async function isSpecial(file: string): Promise<boolean> {
  try {
    const seen = await lstat(file);
    return !seen.isFile() && !seen.isDirectory();
  } catch {
    return false;
  }
}

async function tail(file: string, bytes: number): Promise<Uint8Array | undefined> {
  const opened = await openRegularFile(file).catch(() => undefined);
  if (opened?.ok !== true) return undefined;
  const { handle, stats } = opened;
  try {
    const length = Math.min(bytes, stats.size);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, stats.size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function copy(files: readonly string[], folder: string): Promise<Copies | undefined> {
  const copyAt = (name: string): string => path.join(folder, name);
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true }).catch(() => undefined);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const file of files)
      await keepingTime(file, copyAt(path.basename(file)), (to) => copyFile(file, to));
  } catch {
    await dispose();
    return undefined;
  }
  return {
    dispose,
    read: (name) => readFile(copyAt(name)),
    replace: (name, bytes) => keepingTime(copyAt(name), copyAt(name), (to) => writeFile(to, bytes)),
  };
}

/**
 * Writes a file and gives it the time of another, in whole seconds. Git compares the text only of files that may
 * have changed after their index was written. With a copy that looks younger, git would miss a change in that very
 * second that kept the length.
 */
async function keepingTime(from: string, to: string, write: (to: string) => Promise<void>): Promise<void> {
  const { mtimeMs } = await stat(from);
  await write(to);
  const seconds = Math.floor(mtimeMs / 1000);
  await utimes(to, seconds, seconds);
}

async function text(file: string): Promise<string | undefined> {
  const opened = await openRegularFile(file).catch(() => undefined);
  if (opened?.ok !== true) return undefined;
  const { handle, stats } = opened;
  try {
    return stats.size > maxTextBytes ? undefined : await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
