/** Puts a text in the place of any regular file, or of none. */
import { constants, lstatSync, renameSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import { inFolder, leadsElsewhere, type FileInFolder } from './inFolder.ts';
import { keepsFilesInPlace, takeOver } from './takeOver.ts';
import { withTemporary } from './temporaryCopy.ts';
import { folderError } from './writeErrors.ts';
import { writeOver } from './writeOver.ts';

/**
 * Never rejects. The path is canonical; a link that has come to be there is not followed, and its folder is held. The file
 * keeps what it has beside its text. One that nothing can replace is written in its place.
 */
export async function overwriteRegularFile(file: string, text: string): Promise<CallError | undefined> {
  try {
    return await inFolder(file, async (place) => {
      const there = lstatSync(place.reach, { throwIfNoEntry: false });
      try {
        return await replace(place, Buffer.from(text), there);
      } catch (error) {
        if (!there || there.nlink > 1 || !keepsFilesInPlace(error)) throw error;
        return await overwrite(place, Buffer.from(text));
      }
    });
  } catch (error) {
    return folderError(file, error);
  }
}

function replace(
  { file, folder, reach }: FileInFolder,
  bytes: Buffer,
  known: Stats | undefined,
): Promise<CallError | undefined> {
  const finish = known?.isFile()
    ? async (made: Parameters<typeof takeOver>[0]): Promise<void> => {
        await takeOver(made, reach, known);
        await made.chmod(known.mode & 0o7777);
      }
    : undefined;
  return withTemporary(folder, bytes, finish, (temporary) => {
    if (!folder.isInPlace()) return leadsElsewhere(file);
    const there = lstatSync(reach, { throwIfNoEntry: false });
    if (there && !there.isFile()) return notRegular(file);
    renameSync(temporary.reach, reach);
    return undefined;
  });
}

async function overwrite(
  { file, folder, reach }: FileInFolder,
  bytes: Buffer,
): Promise<CallError | undefined> {
  const handle = await open(
    reach,
    constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  );
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return notRegular(file);
    if (!folder.isInPlace() || stats.nlink > 1) return leadsElsewhere(file);
    await writeOver(handle, await handle.readFile(), bytes);
    return undefined;
  } finally {
    await handle.close();
  }
}

function notRegular(file: string): CallError {
  return { kind: 'changed', message: `${file} is no regular file by now.` };
}
