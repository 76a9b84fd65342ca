/** The files of the workspace, as the disk and an editor's unsaved documents have them. */
import { lstat, readdir } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileGone, FileRead, Files, FileWrite, FileWritten } from '../../core/filePorts.ts';
import { bytesHash } from './bytesHash.ts';
import { canonicalPath } from './canonicalPath.ts';
import { writeExactly } from './exactWrite.ts';
import { lookAtFile } from './expectedText.ts';
import type { FileLocks } from './fileLocks.ts';
import { linesOf } from './fileLines.ts';
import { fileTraits } from './fileTraits.ts';
import { goneRoot } from './inFolder.ts';
import { takeBackLedAway } from './ledAway.ts';
import { linksBelow } from './linksBelow.ts';
import { listFiles } from './listFiles.ts';
import { movingProblem, moveRegularFile } from './moveRegularFile.ts';
import { readRegularFile, readRegularLines } from './readRegularFile.ts';
import { removeRegularFile, removingProblem } from './removeRegularFile.ts';
import { restoreTorn } from './restoreTorn.ts';
import { SharedLines } from './sharedLines.ts';
import { writeError } from './writeErrors.ts';
import { movedProblem, writeRegularFile } from './writeRegularFile.ts';

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

/** `locks` absent: no other program of ours writes the same files. */
export function createFiles(overlay?: UnsavedTexts, locks: FileLocks = noLocks): Files {
  const locked = createUnlockedFiles(overlay);
  const during = async <T extends { readonly ok: boolean }>(
    paths: readonly string[],
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T | FailedWrite> => {
    try {
      return await locks.during(paths, signal, work);
    } catch (error) {
      if (!signal.aborted) throw error;
      return { ok: false, error: { kind: 'cancelled', message: `Writing ${paths[0]} was stopped.` } };
    }
  };
  return {
    ...locked,
    write: (write, signal) => during([write.path], signal, () => locked.write(write, signal)),
    restoreTorn: (torn, signal) =>
      locks
        .during([torn.path], signal, () => locked.restoreTorn(torn, signal))
        .then(
          (restored) => restored === true,
          () => false,
        ),
    writeToDisk: (write, signal) => during([write.path], signal, () => locked.writeToDisk(write, signal)),
    remove: (path, replaces, signal) => during([path], signal, () => locked.remove(path, replaces, signal)),
    move: (from, to, signal, root) => during([from, to], signal, () => locked.move(from, to, signal, root)),
  };
}

const noLocks: FileLocks = { during: (_paths, _signal, work) => work() };

type FailedWrite = Extract<FileGone, { readonly ok: false }>;

function createUnlockedFiles(overlay: UnsavedTexts | undefined): Files {
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
    writeToDisk: writeRegularFile,
    restoreTorn: (torn) => restoreTorn(torn),
    names: (folder) => readdir(folder).catch(() => []),
    bytesHash,
    isLink: (path) =>
      lstat(path).then(
        (stats) => stats.isSymbolicLink(),
        () => false,
      ),
    links: linksBelow,
    remove: (path, replaces, signal) => removeThrough(overlay, path, replaces, signal),
    move: (from, to, signal, root) => moveThrough(overlay, { from, to, root }, signal),
  };
}

async function writeThrough(
  overlay: UnsavedTexts | undefined,
  write: FileWrite,
  signal: AbortSignal,
): Promise<FileWritten> {
  const { path, replaces, root } = write;
  if (overlay?.write === undefined) return writeRegularFile(write, signal);
  const problem = await placeProblem(path, root);
  if (problem !== undefined) return { ok: false, error: problem };
  if (replaces !== undefined && overlay.unsavedText(path) === undefined) {
    const found = await lookAtFile(path, replaces);
    if (!found.ok) return found;
    // An editor would read bytes that are no UTF-8 as other ones, and save those.
    if (found.encoding !== 'UTF-8') return writeRegularFile(write, signal);
  }
  const startedAt = Date.now();
  const written = await overlay.write(write);
  if (written === undefined) return writeRegularFile(write, signal);
  const moved = written.ok && !written.isUnsaved ? await placeProblem(path) : undefined;
  if (moved === undefined) return written;
  await takeBackLedAway(path, write.text, startedAt);
  return { ok: false, error: moved };
}

/** An editor would follow a link that a folder has become since the path was checked, and make a root that is gone. */
async function placeProblem(path: string, root?: string): Promise<CallError | undefined> {
  const gone = await goneRoot(root);
  return gone ?? movedProblem(path).catch((error: unknown) => writeError(path, error));
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
    if (removed !== undefined) return removed.ok ? inPlace(path) : removed;
  }
  return removeRegularFile(path, replaces, signal);
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly root: string | undefined;
}

async function moveThrough(
  overlay: UnsavedTexts | undefined,
  { from, to, root }: Move,
  signal: AbortSignal,
): Promise<FileGone> {
  if (overlay?.move !== undefined && !signal.aborted) {
    const problem = (await goneRoot(root)) ?? (await movingProblem(from, to));
    if (problem !== undefined) return { ok: false, error: problem };
    const moved = await overlay.move(from, to);
    if (moved !== undefined) return moved.ok ? inPlace(from, to) : moved;
  }
  if (overlay?.unsavedText(from) !== undefined) return hasUnsaved(from, 'moved');
  return moveRegularFile(from, to, signal, root);
}

/** The end of what the editor did by path: an error where a path leads elsewhere by now, so that nothing is told as done. */
async function inPlace(...paths: readonly string[]): Promise<FileGone> {
  for (const path of paths) {
    const moved = await placeProblem(path);
    if (moved !== undefined) return { ok: false, error: inDoubt(path) };
  }
  return { ok: true };
}

function inDoubt(path: string): CallError {
  const message = `A folder of ${path} was replaced by a link while the editor worked on it, which may have reached another folder. Look at both with list_files.`;
  return { kind: 'changed', message };
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
