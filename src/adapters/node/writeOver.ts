/** Writes bytes over those of an open file, so that the file stays the one that it is. */
import type { FileHandle } from 'node:fs/promises';

/** The file holds parts of both: neither the new bytes could be written nor the old ones put back. */
export class TornFileError extends Error {}

/**
 * Rejects with the system's error, and the old bytes are there again, or with a `TornFileError`. What is longer than before
 * is written first: a full disk shows there, before anything is lost. A program that dies in between leaves what
 * `isTorn` tells.
 */
export async function writeOver(handle: FileHandle, old: Buffer, now: Buffer): Promise<void> {
  try {
    await writeAt(handle, now.subarray(old.length), old.length);
    await writeAt(handle, now.subarray(0, old.length), 0);
    await handle.truncate(now.length);
    await handle.sync();
  } catch (error) {
    await putBack(handle, old, error);
    throw error;
  }
}

async function putBack(handle: FileHandle, old: Buffer, cause: unknown): Promise<void> {
  try {
    await writeAt(handle, old, 0);
    await handle.truncate(old.length);
    await handle.sync();
  } catch {
    throw new TornFileError('The old bytes could not be put back.', { cause });
  }
}

async function writeAt(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/**
 * True if a file holds a part of the new bytes, and else the old ones: as `writeOver` leaves it where its program dies, and
 * where the program dies that puts the old bytes back.
 */
export function isTorn(found: Buffer, old: Buffer, now: Buffer): boolean {
  if (found.length < old.length || found.length > Math.max(old.length, now.length)) return false;
  if (!found.subarray(old.length).equals(now.subarray(old.length, found.length))) return false;
  let [start, end] = [0, old.length];
  while (start < end && found[start] === old[start]) start += 1;
  while (end > start && found[end - 1] === old[end - 1]) end -= 1;
  return found.subarray(start, end).equals(now.subarray(start, end));
}
