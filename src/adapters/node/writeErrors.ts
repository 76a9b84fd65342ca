/** What the system's errors mean for a file that was to be written. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { CallError, ErrorKind } from '../../core/calls.ts';

const reasons: Readonly<Record<string, readonly [ErrorKind, string]>> = {
  EEXIST: ['changed', 'exists already; nothing was overwritten. Read it, then write or edit it'],
  ENOTDIR: ['io', 'can’t be made: a part of its path is a file'],
  ENOENT: ['changed', 'is gone; nothing was written. Look again with list_files'],
  EISDIR: ['notRegularFile', 'is a folder'],
  ELOOP: ['changed', 'is a link by now; nothing was written. Look again'],
  EACCES: ['io', 'may not be written by this user'],
  EPERM: ['io', 'may not be written by this user'],
  EROFS: ['io', 'is on a file system that can only be read'],
  EBUSY: [
    'io',
    'is mounted on its own or held by the system (EBUSY): it can be written, and neither deleted nor moved',
  ],
  EDQUOT: ['io', 'could not be written: this user’s share of the disk is full'],
  ENOSPC: ['io', 'could not be written: the disk is full'],
  EMFILE: ['busy', 'could not be opened: too many files are open. Try again'],
  ENAMETOOLONG: ['invalidInput', 'has a name that is too long'],
};

/** The error for a path that could not be written. */
export function writeError(file: string, cause: unknown): CallError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [kind, what] = reasons[code] ?? ['io', `could not be written: ${code === '' ? message : code}`];
  return { kind, message: `${file} ${what}.` };
}

/**
 * As `writeError`, for what changes the folder of a file: making one, deleting or moving it. The folder can be the one that
 * may not be changed. `to` is where the file was to go.
 */
export async function folderError(file: string, cause: unknown, to?: string): Promise<CallError> {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return writeError(file, cause);
  for (const folder of [file, to].flatMap((each) => (each === undefined ? [] : [path.dirname(each)])))
    if (!(await mayChange(folder)))
      return {
        kind: 'io',
        message: `The folder ${folder} may not be changed by this user, so nothing was made, deleted or moved in it (${path.basename(file)}).`,
      };
  return writeError(file, cause);
}

/** Also where the folder can't be looked at. */
async function mayChange(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'EACCES' && error.code !== 'EROFS',
  );
}
