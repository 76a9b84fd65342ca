/** The files of the workspace, as the disk and an editor's unsaved documents have them. */
import { lstat } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileGone, FileRead, Files, FileWrite, FileWritten } from '../../core/filePorts.ts';
import { bytesHash } from './bytesHash.ts';
import { canonicalPath } from './canonicalPath.ts';
import { writeExactly } from './exactWrite.ts';
import { linesOf } from './fileLines.ts';
import { fileTraits } from './fileTraits.ts';
import { listFiles } from './listFiles.ts';
import { movingProblem, moveRegularFile } from './moveRegularFile.ts';
import { readRegularFile, readRegularLines } from './readRegularFile.ts';
import { removeRegularFile, removingProblem } from './removeRegularFile.ts';
import { SharedLines } from './sharedLines.ts';
import { writeError } from './writeErrors.ts';
import { movedProblem, replacingProblem, writeRegularFile } from './writeRegularFile.ts';

/** What an editor shows instead of the disk's text. */
export interface UnsavedTexts {
  /** `path` is canonical; undefined where the file is not open or has no unsaved changes. */
  unsavedText(path: string): string | undefined;
  /** Writes through the editor; undefined where it leaves that to the disk. Absent: the editor only shows. */
  write?(write: FileWrite): Promise<FileWritten | undefined>;
  /** Deletes a file without unsaved changes; undefined where it leaves that to the disk. */
  remove?(path: string): Promise<FileGone | undefined>;
  /** Moves a file with its unsaved changes; undefined where it leaves that to the disk. */
  move?(from: string, to: string): Promise<FileGone | undefined>;
}

export function createFiles(overlay?: UnsavedTexts): Files {
  const shared = new SharedLines();
  return {
    canonical: (path) => canonicalPath(path),
    list: listFiles,
    readText(path, maxBytes, signal) {
      const unsaved = overlay?.unsavedText(path);
      if (unsaved === undefined) return readRegularFile(path, maxBytes, signal);
      return Promise.resolve(unsavedRead(path, unsaved, maxBytes));
    },
    async readLines(path, maxBytes, signal) {
      const unsaved = overlay?.unsavedText(path);
      if (unsaved === undefined) return readRegularLines(path, { maxBytes, signal, shared });
      return linesOf(unsavedRead(path, unsaved, maxBytes), signal);
    },
    traits: (path) => fileTraits(path),
    write: (write, signal) => writeExactly(write, signal, (plain) => writeThrough(overlay, plain, signal)),
    bytesHash,
    isLink: (path) =>
      lstat(path).then(
        (stats) => stats.isSymbolicLink(),
        () => false,
      ),
    remove: (path, replaces, signal) => removeThrough(overlay, path, replaces, signal),
    move: (from, to, signal) => moveThrough(overlay, from, to, signal),
  };
}

async function writeThrough(
  overlay: UnsavedTexts | undefined,
  write: FileWrite,
  signal: AbortSignal,
): Promise<FileWritten> {
  const { path, replaces } = write;
  if (overlay?.write !== undefined) {
    // An editor would read bytes that are no UTF-8 as other ones, and save those.
    const isOnDisk = replaces !== undefined && overlay.unsavedText(path) === undefined;
    const problem =
      (await placeProblem(path)) ?? (isOnDisk ? await replacingProblem(path, replaces) : undefined);
    if (problem !== undefined) return { ok: false, error: problem };
    const written = await overlay.write(write);
    if (written !== undefined) return written;
  }
  return writeRegularFile(write, signal);
}

/** An editor would follow a link that a folder has become since the path was checked. */
async function placeProblem(path: string): Promise<CallError | undefined> {
  return movedProblem(path).catch((error: unknown) => writeError(path, error));
}

async function removeThrough(
  overlay: UnsavedTexts | undefined,
  path: string,
  replaces: string,
  signal: AbortSignal,
): Promise<FileGone> {
  if (overlay?.unsavedText(path) !== undefined) return hasUnsaved(path, 'deleted');
  if (overlay?.remove !== undefined && !signal.aborted) {
    const problem = (await placeProblem(path)) ?? (await removingProblem(path, replaces));
    if (problem !== undefined) return { ok: false, error: problem };
    const removed = await overlay.remove(path);
    if (removed !== undefined) return removed;
  }
  return removeRegularFile(path, replaces, signal);
}

async function moveThrough(
  overlay: UnsavedTexts | undefined,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<FileGone> {
  if (overlay?.move !== undefined && !signal.aborted) {
    const problem = await movingProblem(from, to);
    if (problem !== undefined) return { ok: false, error: problem };
    const moved = await overlay.move(from, to);
    if (moved !== undefined) return moved;
  }
  if (overlay?.unsavedText(from) !== undefined) return hasUnsaved(from, 'moved');
  return moveRegularFile(from, to, signal);
}

function hasUnsaved(path: string, what: string): FileGone {
  const message = `${path} has unsaved changes in the editor, so it was not ${what}. Ask the person to save or discard them.`;
  return { ok: false, error: { kind: 'refused', message } };
}

function unsavedRead(path: string, text: string, maxBytes: number): FileRead {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { ok: true, text, bytes, isUnsaved: true };
  const message = `${path} has ${bytes} bytes in the editor, more than the ${maxBytes} bytes that can be read.`;
  return { ok: false, error: { kind: 'tooLarge', message } };
}
