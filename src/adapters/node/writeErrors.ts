/** What the system's errors mean for a file that was to be written. */
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
