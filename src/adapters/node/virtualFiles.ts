/** The files of a workspace that is not on a disk: read through the editor, never written. Paths are virtual ones. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { globbyStream, type Options } from 'globby';
import type { CallError, ErrorKind } from '../../core/calls.ts';
import type { FileListing, FileRead, Files, VirtualDisk, VirtualEntry } from '../../core/filePorts.ts';
import { decodeText, isBinary, readFormOf } from './encoding/decodeText.ts';
import { linesOf } from './fileLines.ts';
import { walkOptions } from './listFiles.ts';

const maxCollected = 50_000;

/** Nothing of it leads out of a folder: links are no regular files here. */
export function createVirtualFiles(disk: VirtualDisk): Files {
  return {
    canonical: (file) => Promise.resolve(path.resolve(file)),
    readText: (file, maxBytes, signal) => readText(disk, file, maxBytes, signal),
    readLines: async (file, maxBytes, signal) =>
      linesOf(await readText(disk, file, maxBytes, signal), signal),
    list: (folder, glob, limit, signal) => list(disk, folder, glob, limit, signal),
    bytesHash: async (file) => {
      const content = await disk.readFile(file).catch(() => undefined);
      return content && createHash('sha256').update(content).digest('hex');
    },
    traits: () => Promise.resolve(undefined),
    names: (folder) =>
      disk.readFolder(folder).then(
        (entries) => entries.map(({ name }) => name),
        () => [],
      ),
    isLink: () => Promise.resolve(false),
    links: () => Promise.resolve([]),
    write: ({ path: file }) => Promise.resolve(readOnly(file)),
    writeToDisk: ({ path: file }) => Promise.resolve(readOnly(file)),
    remove: (file) => Promise.resolve(readOnly(file)),
    move: (file) => Promise.resolve(readOnly(file)),
  };
}

function readOnly(file: string): { readonly ok: false; readonly error: CallError } {
  return failed('refused', `${file} is in a virtual workspace, where files can only be read.`);
}

async function readText(
  disk: VirtualDisk,
  file: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<FileRead> {
  const unsaved = disk.unsavedText(file);
  if (unsaved !== undefined) return textOf(file, Buffer.from(unsaved), maxBytes, true);
  try {
    const { kind, bytes } = await disk.stat(file);
    if (kind === 'folder')
      return failed('notRegularFile', `${file} is a folder. Use list_files to see what is in it.`);
    if (kind !== 'file') return failed('notRegularFile', `${file} is a link or something special.`);
    if (bytes > maxBytes) return tooLarge(file, bytes, maxBytes);
    const content = await disk.readFile(file);
    signal.throwIfAborted();
    return textOf(file, Buffer.from(content), maxBytes, false);
  } catch (error) {
    if (signal.aborted) return failed('cancelled', `Reading ${file} was stopped.`);
    return { ok: false, error: errorOf(file, error) };
  }
}

function textOf(file: string, content: Buffer, maxBytes: number, isUnsaved: boolean): FileRead {
  if (content.length > maxBytes) return tooLarge(file, content.length, maxBytes);
  if (isUnsaved) return { ok: true, text: content.toString(), bytes: content.length, isUnsaved };
  if (isBinary(content))
    return failed(
      'binary',
      `${file} is a binary file of ${content.length} bytes and can't be shown as text.`,
    );
  const decoded = decodeText(content);
  const form = readFormOf(decoded);
  return { ok: true, text: decoded.text, bytes: content.length, isUnsaved, ...(form && { form }) };
}

async function list(
  disk: VirtualDisk,
  folder: string,
  glob: string,
  limit: number,
  signal: AbortSignal,
): Promise<FileListing> {
  if (glob.startsWith('!') || path.posix.isAbsolute(glob) || glob.split('/').includes('..'))
    return failed('invalidInput', 'The pattern must be relative to its folder, without ".." and "!".');
  try {
    await disk.stat(folder);
    const found: string[] = [];
    const stream = globbyStream(glob, {
      ...walkOptions,
      cwd: folder,
      fs: globFs(disk),
    });
    for await (const file of stream) {
      signal.throwIfAborted();
      if (found.push(String(file)) >= maxCollected) break;
    }
    found.sort();
    return { ok: true, paths: found.slice(0, limit), isCut: found.length > limit };
  } catch (error) {
    if (signal.aborted) return failed('cancelled', `Listing ${folder} was stopped.`);
    return { ok: false, error: errorOf(folder, error) };
  }
}

type Done = (error: Error | null, value?: unknown) => void;

/** What the glob library asks of `node:fs`. */
function globFs(disk: VirtualDisk): NonNullable<Options['fs']> {
  const answer = (work: Promise<unknown>, done: Done): void => {
    work.then(
      (value) => done(null, value),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  };
  const stat = (file: string, done: Done): void =>
    answer(
      disk.stat(file).then((entry) => entryOf('', entry.kind)),
      done,
    );
  const readdir = (folder: string, _options: object, done: Done): void =>
    answer(
      disk.readFolder(folder).then((entries) => entries.map(({ name, kind }) => entryOf(name, kind))),
      done,
    );
  const readFile = async (file: string): Promise<string> =>
    decodeText(Buffer.from(await disk.readFile(file))).text;
  const promises = { readFile, stat: async (file: string) => entryOf('', (await disk.stat(file)).kind) };
  return { lstat: stat, stat, readdir, promises } as unknown as NonNullable<Options['fs']>;
}

/** Answers as a directory entry and as stats do. */
function entryOf(name: string, kind: VirtualEntry['kind']): object {
  const no = (): boolean => false;
  return {
    name,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: no,
    isBlockDevice: no,
    isCharacterDevice: no,
    isFIFO: no,
    isSocket: no,
  };
}

function errorOf(file: string, error: unknown): CallError {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === 'FileNotFound' || code === 'ENOENT')
    return { kind: 'notFound', message: `${file} does not exist. Use list_files to find the path.` };
  return { kind: 'io', message: `${file} could not be read: ${message ?? String(error)}` };
}

function tooLarge(file: string, bytes: number, maxBytes: number): FileRead {
  return failed('tooLarge', `${file} has ${bytes} bytes, more than the ${maxBytes} that can be read.`);
}

function failed(kind: ErrorKind, message: string): { readonly ok: false; readonly error: CallError } {
  return { ok: false, error: { kind, message } };
}
