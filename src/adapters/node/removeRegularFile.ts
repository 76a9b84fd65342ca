/** Deletes a regular file in which a known text stands. */
import { constants } from 'node:fs';
import { access, unlink } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileGone } from '../../core/filePorts.ts';
import { writeError } from './writeErrors.ts';
import { movedProblem, replacingProblem } from './writeRegularFile.ts';

/** Never rejects. Between the last look at the file and its end is the time of one system call. */
export async function removeRegularFile(
  file: string,
  replaces: string,
  signal: AbortSignal,
): Promise<FileGone> {
  try {
    const problem = (await movedProblem(file)) ?? (await removingProblem(file, replaces));
    if (problem !== undefined) return { ok: false, error: problem };
    signal.throwIfAborted();
    await unlink(file);
    return { ok: true };
  } catch (error) {
    if (signal.aborted)
      return { ok: false, error: { kind: 'cancelled', message: `Deleting ${file} was stopped.` } };
    return { ok: false, error: writeError(file, error) };
  }
}

/** What keeps the file from being deleted: it is write-protected, no text of UTF-8, or not the text that was expected. */
export async function removingProblem(file: string, expected: string): Promise<CallError | undefined> {
  const problem = await replacingProblem(file, expected);
  if (problem !== undefined) return inWordsOfRemoving(file, problem);
  try {
    await access(file, constants.W_OK); // Deleting asks for no right to the file itself.
    return undefined;
  } catch (error) {
    return writeError(file, error);
  }
}

function inWordsOfRemoving(file: string, { kind, message }: CallError): CallError {
  switch (kind) {
    case 'changed':
      return {
        kind,
        message: `${file} changed while it was to be deleted, so it was not. Look at it again.`,
      };
    case 'binary':
      return {
        kind,
        message: `${file} is no text of UTF-8 and could not be restored. A command can delete it.`,
      };
    case 'notRegularFile':
      return { kind, message: `${file} is no regular file. Only those can be deleted.` };
    default:
      return { kind, message };
  }
}
