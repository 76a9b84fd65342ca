/** Reads the text of a regular file; nothing else can make it block. */
import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { CallError, ErrorKind } from '../../core/calls.ts';
import type { FileLinesRead, FileRead } from '../../core/filePorts.ts';
import type { ReadForm } from '../../core/textForm.ts';
import { decodeText, isBinary, readFormOf, type FormRead } from './encoding/decodeText.ts';
import type { SharedLines } from './sharedLines.ts';

const chunkBytes = 256 * 1024;
const smallestChunkBytes = 4 * 1024;

// Without O_NONBLOCK, opening a FIFO waits for a writer, in a thread that all file work shares.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

type Failed = Extract<FileRead, { ok: false }>;

export function readRegularFile(file: string, maxBytes: number, signal: AbortSignal): Promise<FileRead> {
  return whileOpen(file, { maxBytes, signal }, async (content) => {
    const bytes = await content();
    const decoded = decodeText(bytes);
    return { ok: true, text: decoded.text, bytes: bytes.length, isUnsaved: false, ...formIn(decoded) };
  });
}

/** As `readRegularFile`, with the lines in place of the text. */
export function readRegularLines(
  file: string,
  { maxBytes, signal, shared }: { maxBytes: number; signal: AbortSignal; shared: SharedLines },
): Promise<FileLinesRead> {
  return whileOpen(file, { maxBytes, signal }, async (content, opened) => {
    const {
      content: { length: bytes },
      found: lines,
    } = await shared.linesOf(opened, content, signal);
    return { ok: true, lines, bytes, isUnsaved: false, ...formIn(lines) };
  });
}

/** Reads a file by its content, which rejects with a `ReadFailure` if that is no text. Nothing else can make it block. */
async function whileOpen<T extends { readonly ok: true }>(
  file: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  use: (content: () => Promise<Buffer>, opened: { handle: FileHandle; stats: Stats }) => Promise<T>,
): Promise<(T & { readonly at: string }) | Failed> {
  let handle: FileHandle | undefined;
  try {
    const opened = await openRegularFile(file);
    if (!opened.ok) return opened;
    const { stats } = opened;
    handle = opened.handle;
    if (stats.size > maxBytes) return failed('tooLarge', tooLarge(file, stats.size, maxBytes));
    const content = (): Promise<Buffer> => textBytes(file, opened, maxBytes, signal);
    const read = await use(content, opened);
    const at = await placeOf(file, stats);
    if (at === undefined) return failed('busy', `${file} was replaced while it was read. Try again.`);
    return { ...read, at };
  } catch (error) {
    if (error instanceof ReadFailure) return { ok: false, error: error.error };
    return { ok: false, error: signal.aborted ? stopped(file) : readError(file, error) };
  } finally {
    await handle?.close();
  }
}

/** Leaves the read of a file whose content is not shown. */
class ReadFailure extends Error {
  readonly error: CallError;

  constructor(kind: ErrorKind, message: string) {
    super(message);
    this.error = { kind, message };
  }
}

export type OpenedFile =
  | { readonly ok: true; readonly handle: FileHandle; readonly stats: Stats }
  | { readonly ok: false; readonly error: CallError };

/**
 * Opens a file for reading, if it is a regular one. Rejects with the system's error; the caller closes the handle.
 * `moreFlags` are added to those of the opening.
 */
export async function openRegularFile(file: string, moreFlags = 0): Promise<OpenedFile> {
  const handle = await open(file, flags | moreFlags);
  try {
    const stats = await handle.stat();
    if (stats.isFile()) return { ok: true, handle, stats };
    await handle.close();
    return { ok: false, error: { kind: 'notRegularFile', message: notRegular(file, kindOf(stats)) } };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Where an open file is; undefined where the path leads to another one by now. */
async function placeOf(file: string, opened: Stats): Promise<string | undefined> {
  const at = await realpath(file);
  const { dev, ino } = await stat(at);
  return dev === opened.dev && ino === opened.ino ? at : undefined;
}

/** All bytes of a file, if they are a text and not too many. */
async function textBytes(
  file: string,
  { handle, stats }: { readonly handle: FileHandle; readonly stats: Stats },
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const content = await readAtMost(handle, stats.size, maxBytes, signal);
  if (content === undefined) throw new ReadFailure('tooLarge', tooLarge(file, undefined, maxBytes));
  if (!isBinary(content)) return content;
  throw new ReadFailure(
    'binary',
    `${file} is a binary file of ${content.length} bytes and can't be shown as text. ` +
      'To learn about it, run a program that understands its format.',
  );
}

async function readAtMost(
  handle: FileHandle,
  toldBytes: number,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  const size = Math.min(chunkBytes, Math.max(toldBytes + 1, smallestChunkBytes));
  let total = 0;
  // The size that the system tells is no bound: the file can grow, and files of /proc say 0.
  while (total <= maxBytes) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return undefined;
}

function formIn(read: FormRead): { readonly form?: ReadForm } {
  const form = readFormOf(read);
  return form ? { form } : {};
}

/** The error for a path that could not be opened or read. */
export function readError(file: string, cause: unknown): CallError {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'notFound', message: `${file} does not exist. Use list_files to find the path.` };
    case 'EISDIR':
      return { kind: 'notRegularFile', message: notRegular(file, 'folder') };
    case 'ENXIO':
      return { kind: 'notRegularFile', message: notRegular(file, 'socket or device') };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'io', message: `${file} may not be read by this user (${code}).` };
    case 'EMFILE':
    case 'ENFILE':
      return { kind: 'busy', message: `${file} could not be opened: too many files are open. Try again.` };
    case 'EBUSY':
    case 'EAGAIN':
      return { kind: 'busy', message: `${file} is in use just now (${code}). Try again.` };
    default:
      return { kind: 'io', message: `${file} could not be read: ${message}` };
  }
}

function failed(kind: ErrorKind, message: string): Failed {
  return { ok: false, error: { kind, message } };
}

function stopped(file: string): CallError {
  return { kind: 'cancelled', message: `Reading ${file} was stopped.` };
}

/** Says what the path is instead of a regular file. */
export function notRegular(file: string, kind: string): string {
  const next =
    kind === 'folder' ? ' Use list_files to see what is in it.' : ' Only a regular file can be used here.';
  return `${file} is a ${kind}, not a file.${next}`;
}

function tooLarge(file: string, size: number | undefined, maxBytes: number): string {
  const has = size === undefined ? 'more' : `${size} bytes, more`;
  return `${file} has ${has} than the ${maxBytes} bytes that can be read. Use search_text to find the part you need.`;
}

/** What a file is called in messages. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'device';
  return 'special file';
}
