/** Moves a regular file to where none is. */
import { lstatSync, unlinkSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileGone } from '../../core/filePorts.ts';
import { inFolder, inMadeFolder, leadsElsewhere, type FileInFolder } from './inFolder.ts';
import { kindOf } from './readRegularFile.ts';
import { folderError, writeError } from './writeErrors.ts';
import { isWhereItWasPut, linkOrCopy, movedProblem, takeBackNew } from './writeRegularFile.ts';

/** Never rejects. For the time of two system calls the file has both names; it is never without one. */
export async function moveRegularFile(
  from: string,
  to: string,
  signal: AbortSignal,
  root?: string,
): Promise<FileGone> {
  try {
    const problem =
      (await movingProblem(from, to)) ??
      (await inFolder(from, (source) =>
        inMadeFolder(to, root, (target) => {
          signal.throwIfAborted();
          return moveToFreeName(source, target);
        }),
      ));
    return problem === undefined ? { ok: true } : { ok: false, error: problem };
  } catch (error) {
    if (signal.aborted)
      return { ok: false, error: { kind: 'cancelled', message: `Moving ${from} was stopped.` } };
    return { ok: false, error: await folderError(from, error, to) };
  }
}

/** What keeps a file from being moved: it is no regular file, or something is where it is to go. Never rejects. */
export async function movingProblem(from: string, to: string): Promise<CallError | undefined> {
  try {
    const moved = (await movedProblem(from)) ?? (await movedProblem(to));
    if (moved !== undefined) return moved;
    const stats = await lstat(from);
    if (!stats.isFile())
      return {
        kind: 'notRegularFile',
        message: `${from} is a ${kindOf(stats)}. Only regular files can be moved.`,
      };
    const there = await statsOf(to);
    return there && occupied(to, there);
  } catch (error) {
    return writeError(from, error);
  }
}

function occupied(to: string, stats: Stats): CallError {
  if (stats.isDirectory())
    return { kind: 'notRegularFile', message: `${to} is a folder. Name the file that is to be in it.` };
  return { kind: 'changed', message: `${to} exists already; nothing was moved. Choose another name.` };
}

async function moveToFreeName(source: FileInFolder, target: FileInFolder): Promise<CallError | undefined> {
  const before = lstatSync(source.reach);
  if (!before.isFile()) return changed(source.file);
  if (!source.folder.isInPlace()) return leadsElsewhere(source.file);
  if (!target.folder.isInPlace()) return leadsElsewhere(target.file);
  let made: Stats;
  try {
    made = await linkOrCopy(source.reach, target.reach, before);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return occupied(target.file, lstatSync(target.reach));
  }
  return leaveOldName(source, target, before, made);
}

/** At once, but for a copy that was made where no link could be. */
function leaveOldName(
  source: FileInFolder,
  target: FileInFolder,
  before: Stats,
  made: Stats,
): CallError | undefined {
  try {
    const problem =
      isWhereItWasPut(target, made) && source.folder.isInPlace() ? undefined : leadsElsewhere(target.file);
    // A program that saves by replacing the file may have done so since.
    const isSame = isUnchanged(before, lstatSync(source.reach));
    if (problem === undefined && isSame) unlinkSync(source.reach);
    else takeBackNew(target, made);
    return problem ?? (isSame ? undefined : changed(source.file));
  } catch (error) {
    takeBackNew(target, made);
    throw error;
  }
}

function isUnchanged(before: Stats, now: Stats): boolean {
  return before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs;
}

async function statsOf(file: string): Promise<Stats | undefined> {
  return lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

function changed(from: string): CallError {
  return {
    kind: 'changed',
    message: `${from} changed while it was to be moved, so it was not. Look at it again.`,
  };
}
