/** Writes a text into a file that is to stay the one that it is, where no new file could take its place. */
import { constants, lstatSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import { differentText, type FoundText } from './expectedText.ts';
import { leadsElsewhere, type FileInFolder } from './inFolder.ts';
import { isUntouched } from './sameFile.ts';
import { TornFileError, writeOver } from './writeOver.ts';

/** The bytes that a file is to have, and those found there. */
export interface Overwriting {
  readonly place: FileInFolder;
  readonly found: Extract<FoundText, { readonly ok: true }>;
  readonly bytes: Buffer;
  readonly mode: number;
  /** Settles when both texts are on disk elsewhere, or with why they can't be. */
  readonly beforeInPlace: () => Promise<CallError | undefined>;
}

const flags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Rejects with the system's error; the file holds its old bytes then. */
export async function overwriteInPlace(
  { place, found, bytes, mode, beforeInPlace }: Overwriting,
  signal: AbortSignal,
): Promise<CallError | undefined> {
  const handle = await open(place.reach, flags);
  try {
    const stats = await handle.stat();
    if (!isUntouched(found.stats, stats)) return differentText(place.file);
    if (stats.nlink > 1) return hasOtherNames(place.file);
    const problem = await beforeInPlace();
    if (problem !== undefined) return problem;
    signal.throwIfAborted();
    if (!place.folder.isInPlace()) return leadsElsewhere(place.file);
    if (!isUntouched(stats, lstatSync(place.reach, { throwIfNoEntry: false })))
      return differentText(place.file);
    return await write(handle, { place, found, bytes, mode });
  } finally {
    await handle.close();
  }
}

async function write(
  handle: FileHandle,
  { place, found, bytes, mode }: Omit<Overwriting, 'beforeInPlace'>,
): Promise<CallError | undefined> {
  try {
    if (mode !== found.mode) await handle.chmod(mode);
    await writeOver(handle, found.bytes, bytes);
    const there = lstatSync(place.reach, { throwIfNoEntry: false });
    if (place.folder.isInPlace() && there?.ino === found.stats.ino) return undefined;
    await writeOver(handle, bytes, found.bytes);
    return leadsElsewhere(place.file);
  } catch (error) {
    if (error instanceof TornFileError) return isInParts(place.file);
    throw error;
  }
}

function hasOtherNames(file: string): CallError {
  const message = `${file} has other names (hard links), which writing it in its place would change, too; it could not be replaced. Nothing was written.`;
  return { kind: 'refused', message };
}

function isInParts(file: string): CallError {
  const message = `${file} could not be written whole, and its old text could not be put back: it holds parts of both. The old text is kept with the session. Make room on the disk, then revert this change.`;
  return { kind: 'io', message };
}
