/** Gives a file that is to take the place of another one what that has beside its bytes. */
import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { copyAttributes } from './copyAttributes.ts';
import { openRegularFile } from './readRegularFile.ts';
import { isSameFile } from './sameFile.ts';

/** True if the new file got the owner, the group, the access list and the attributes of the one at the path. */
export async function takeOver(made: FileHandle, from: string, expected: Stats): Promise<boolean> {
  if (!(await isOwnedAs(made, expected))) return false;
  const opened = await openRegularFile(from, constants.O_NOFOLLOW);
  if (!opened.ok) return false;
  try {
    return isSameFile(expected, opened.stats) && (await copyAttributes(opened.handle, made));
  } finally {
    await opened.handle.close();
  }
}

/** As `takeOver`, of two files by their paths, as far as that is possible. Never rejects. */
export async function takeOverAt(to: string, from: string, expected: Stats): Promise<void> {
  try {
    const made = await open(to, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    await takeOver(made, from, expected).finally(() => made.close());
  } catch {
    // The copy is there, and belongs to this user.
  }
}

/** True if the file belongs to that user and that group, or has come to. */
export async function isOwnedAs(made: FileHandle, { uid, gid }: Stats): Promise<boolean> {
  const now = await made.stat();
  if (now.uid === uid && now.gid === gid) return true;
  return made.chown(uid, gid).then(
    () => true,
    () => false,
  );
}

/** The folder takes no new file, the file is a mount of its own, or it belongs to another user in a folder of many. */
export function keepsFilesInPlace(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'].includes(code);
}
