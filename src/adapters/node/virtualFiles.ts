/** The files of a workspace that is not on a disk: read through the editor, never written. Paths are virtual ones. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { CallError, ErrorKind } from '../../core/calls.ts';
import type { FileListing, FileRead, Files, ListOptions, VirtualDisk } from '../../core/filePorts.ts';
import { decodeText, isBinary, readFormOf } from './encoding/decodeText.ts';
import { linesOf } from './fileLines.ts';
import { listMatching } from './listMatching.ts';
import { virtualWalkDisk } from './virtualWalkDisk.ts';

/** Nothing of it leads out of a folder: links are no regular files here. */
export function createVirtualFiles(disk: VirtualDisk): Files {
  return {
    canonical: (file) => Promise.resolve(path.resolve(file)),
    readText: (file, maxBytes, signal) => readText(disk, file, maxBytes, signal),
    readLines: async (file, maxBytes, signal) =>
      linesOf(await readText(disk, file, maxBytes, signal), signal),
    list: (folder, glob, limit, signal, options) => list(disk, { folder, glob, limit, ...options }, signal),
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
    restoreTorn: () => Promise.resolve(false),
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
  wanted: ListOptions & { readonly folder: string; readonly glob: string; readonly limit: number },
  signal: AbortSignal,
): Promise<FileListing> {
  const { folder } = wanted;
  try {
    await disk.stat(folder);
    // A person's own ignore rules are on a disk of theirs, not on this one.
    const request = { ...wanted, folder: path.resolve(folder), disk: virtualWalkDisk(disk), person: {} };
    return await listMatching(request, signal);
  } catch (error) {
    if (signal.aborted) return failed('cancelled', `Listing ${folder} was stopped.`);
    return { ok: false, error: errorOf(folder, error) };
  }
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
