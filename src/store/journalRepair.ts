/** Makes a journal one that can be written on, without a change to what it says. */
import { constants } from 'node:fs';
import { copyFile, open, truncate } from 'node:fs/promises';

/**
 * Cuts a journal back to its whole part; all that it held is kept in a copy beside it. Settles with the
 * copy's path.
 */
export async function keepWholePart(path: string, wholeBytes: number): Promise<string> {
  const copy = `${path}.damaged-${wholeBytes}`;
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  await truncate(path, wholeBytes);
  return copy;
}

/** Gives the last line the end that it lacks, at this byte. */
export async function endLastLine(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write('\n', at);
    await file.datasync();
  } finally {
    await file.close();
  }
}
