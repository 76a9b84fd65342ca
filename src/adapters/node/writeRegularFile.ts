/** Writes a regular file at once: a reader sees the old text or the new one, and never a part. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { FileWrite, FileWritten } from '../../core/filePorts.ts';
import { temporaryName } from '../../core/temporaryFile.ts';
import { canonicalPath } from './canonicalPath.ts';
import { byteOrderMark } from './fileTraits.ts';
import { openRegularFile } from './readRegularFile.ts';
import { writeError } from './writeErrors.ts';

/** Never rejects. Between the last look at the file and its replacement is the time of one system call. */
export async function writeRegularFile(write: FileWrite, signal: AbortSignal): Promise<FileWritten> {
  try {
    signal.throwIfAborted();
    const problem = await (write.replaces === undefined ? create(write, signal) : replace(write, signal));
    return problem === undefined ? { ok: true, text: write.text, isUnsaved: false } : failed(problem);
  } catch (error) {
    if (signal.aborted) return failed({ kind: 'cancelled', message: `Writing ${write.path} was stopped.` });
    return failed(writeError(write.path, error));
  }
}

/** What keeps the file on the disk from being replaced: it is no text of UTF-8, or not the text that was expected. */
export async function replacingProblem(file: string, expected: string): Promise<CallError | undefined> {
  try {
    const current = await look(file, expected);
    return current.ok ? undefined : current.error;
  } catch (error) {
    return writeError(file, error);
  }
}

/** What is to be kept of a file that is replaced. */
interface Kept {
  readonly mode: number;
  readonly hasMark: boolean;
}

type Current = ({ readonly ok: true } & Kept) | { readonly ok: false; readonly error: CallError };

async function create(
  { path: file, text, traits }: FileWrite,
  signal: AbortSignal,
): Promise<CallError | undefined> {
  const blocked = await makeFolder(path.dirname(file));
  if (blocked !== undefined) return blocked;
  const moved = await movedProblem(file);
  if (moved !== undefined) return moved;
  return withTemporary(file, Buffer.from(text), traits?.mode, async (temporary) => {
    signal.throwIfAborted();
    await linkOrCopy(temporary, file);
    return undefined;
  });
}

/** Makes a folder with those around it, or says why not. */
export async function makeFolder(folder: string): Promise<CallError | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Of a file in the place of a folder, `mkdir` says only that something is there.
    return writeError(folder, code === 'EEXIST' ? { code: 'ENOTDIR' } : error);
  }
}

async function replace(write: FileWrite, signal: AbortSignal): Promise<CallError | undefined> {
  const { path: file, text, replaces = '', traits } = write;
  const moved = await movedProblem(file);
  if (moved !== undefined) return moved;
  // A rename asks for no right to the file itself.
  await access(file, constants.W_OK);
  const before = await look(file, replaces);
  if (!before.ok) return before.error;
  const { hasMark, mode } = traits ?? before;
  const bytes = hasMark ? Buffer.concat([byteOrderMark, Buffer.from(text)]) : Buffer.from(text);
  return withTemporary(file, bytes, mode, async (temporary) => {
    const now = await look(file, replaces);
    if (!now.ok) return now.error;
    signal.throwIfAborted();
    await rename(temporary, file);
    return undefined;
  });
}

/** Told where a folder has become a link out of the workspace since the path was checked. */
export async function movedProblem(file: string): Promise<CallError | undefined> {
  const now = await canonicalPath(file);
  if (now === file) return undefined;
  return { kind: 'changed', message: `${file} now leads to ${now}, so nothing was written. Look again.` };
}

/** Compares the file with what is expected, reading no more of it than that. */
async function look(file: string, expected: string): Promise<Current> {
  const opened = await openRegularFile(file);
  if (!opened.ok) {
    if (opened.error.kind !== 'notRegularFile') return opened;
    return {
      ok: false,
      error: { kind: 'notRegularFile', message: `${file} is no regular file. Only those can be written.` },
    };
  }
  const { handle, stats } = opened;
  try {
    // Bytes that are no UTF-8 are no shorter as text, so only a byte order mark can make the file larger than that.
    if (stats.size > Buffer.byteLength(expected) + byteOrderMark.length) return different(file);
    return compare(file, await handle.readFile(), expected, stats.mode & 0o7777);
  } finally {
    await handle.close();
  }
}

function compare(file: string, bytes: Buffer, expected: string, mode: number): Current {
  const hasMark = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  const content = hasMark ? bytes.subarray(byteOrderMark.length) : bytes;
  if (content.equals(Buffer.from(expected))) return { ok: true, mode, hasMark };
  if (new TextDecoder().decode(bytes) !== expected) return different(file);
  const message = `${file} is not UTF-8 throughout, and writing it would change more than was asked for. Use a program that knows its encoding.`;
  return { ok: false, error: { kind: 'binary', message } };
}

function different(file: string): Current {
  const message = `${file} changed while it was to be written; nothing was overwritten. Read it again.`;
  return { ok: false, error: { kind: 'changed', message } };
}

async function withTemporary(
  file: string,
  bytes: Buffer,
  mode: number | undefined,
  use: (temporary: string) => Promise<CallError | undefined>,
): Promise<CallError | undefined> {
  const name = temporaryName(process.pid, randomBytes(8).toString('hex'));
  const temporary = path.join(path.dirname(file), name);
  try {
    await writeWhole(temporary, bytes, mode);
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeWhole(file: string, bytes: Buffer, mode: number | undefined): Promise<void> {
  const handle = await open(file, 'wx', mode === undefined ? 0o666 : 0o600);
  try {
    await handle.writeFile(bytes);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Neither replaces a file that has come to be there. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL); // Not every file system has hard links.
  }
}

function failed(error: CallError): FileWritten {
  return { ok: false, error };
}
