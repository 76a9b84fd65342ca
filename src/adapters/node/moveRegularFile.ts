/** Moves a regular file to where none is. */
import { lstat, unlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { FileGone } from '../../core/filePorts.ts';
import { kindOf } from './readRegularFile.ts';
import { writeError } from './writeErrors.ts';
import { linkOrCopy, makeFolder, movedProblem } from './writeRegularFile.ts';

/** Never rejects. For the time of two system calls the file has both names; it is never without one. */
export async function moveRegularFile(from: string, to: string, signal: AbortSignal): Promise<FileGone> {
  try {
    const problem =
      (await movingProblem(from, to)) ?? (await makeFolder(path.dirname(to))) ?? (await movedProblem(to));
    if (problem !== undefined) return { ok: false, error: problem };
    signal.throwIfAborted();
    return await moveToFreeName(from, to);
  } catch (error) {
    if (signal.aborted)
      return { ok: false, error: { kind: 'cancelled', message: `Moving ${from} was stopped.` } };
    return { ok: false, error: writeError(from, error) };
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

async function moveToFreeName(from: string, to: string): Promise<FileGone> {
  const before = await lstat(from);
  try {
    await linkOrCopy(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { ok: false, error: occupied(to, await lstat(to)) };
  }
  const made = await lstat(to);
  try {
    // Who saves by replacing the file may have done so since.
    const isSame = isUnchanged(before, await lstat(from));
    if (isSame) await unlink(from);
    else await takeBack(to, made);
    return isSame ? { ok: true } : { ok: false, error: changed(from) };
  } catch (error) {
    await takeBack(to, made);
    throw error;
  }
}

function isUnchanged(before: Stats, now: Stats): boolean {
  return before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs;
}

/** Only what was put there. */
async function takeBack(to: string, made: Stats): Promise<void> {
  const there = await statsOf(to);
  if (there?.ino === made.ino) await unlink(to);
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
