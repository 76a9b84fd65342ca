/** Deletes a regular file that holds a known text. */
import { constants, lstatSync, unlinkSync } from 'node:fs';
import { access } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileGone } from '../../core/filePorts.ts';
import { differentText, lookAtFile, lookAtText } from './expectedText.ts';
import { inFolder, leadsElsewhere, type FileInFolder } from './inFolder.ts';
import { folderError, writeError } from './writeErrors.ts';
import { isUntouched } from './sameFile.ts';
import { movedProblem, putBack } from './writeRegularFile.ts';

/** Never rejects. The file is looked at again in the same moment in which it goes. */
export async function removeRegularFile(
  file: string,
  replaces: string,
  signal: AbortSignal,
): Promise<FileGone> {
  try {
    const problem =
      (await movedProblem(file)) ?? (await inFolder(file, (place) => remove(place, replaces, signal)));
    return problem === undefined ? { ok: true } : { ok: false, error: inWordsOfRemoving(file, problem) };
  } catch (error) {
    if (signal.aborted)
      return { ok: false, error: { kind: 'cancelled', message: `Deleting ${file} was stopped.` } };
    return { ok: false, error: await folderError(file, error) };
  }
}

async function remove(
  place: FileInFolder,
  replaces: string,
  signal: AbortSignal,
): Promise<CallError | undefined> {
  const found = await lookAtText(place, replaces);
  if (!found.ok) return found.error;
  await access(place.reach, constants.W_OK); // Deleting asks for no right to the file itself.
  signal.throwIfAborted();
  if (!place.folder.isInPlace()) return leadsElsewhere(place.file);
  if (!isUntouched(found.stats, lstatSync(place.reach))) return differentText(place.file);
  unlinkSync(place.reach);
  if (place.folder.isInPlace()) return undefined;
  await putBack(place, found, undefined);
  return leadsElsewhere(place.file);
}

/** The reason why a file can't be deleted: it is write-protected, its text could not be written back, or it is not the expected one. */
export async function removingProblem(file: string, expected: string): Promise<CallError | undefined> {
  const found = await lookAtFile(file, expected);
  if (!found.ok) return inWordsOfRemoving(file, found.error);
  try {
    await access(file, constants.W_OK);
    return undefined;
  } catch (error) {
    return writeError(file, error);
  }
}

function inWordsOfRemoving(file: string, error: CallError): CallError {
  switch (error.kind) {
    case 'changed':
      return error.message === differentText(file).message
        ? {
            kind: 'changed',
            message: `${file} changed while it was to be deleted, so it was not. Look at it again.`,
          }
        : error;
    case 'binary':
      return {
        kind: 'binary',
        message: `${file} is no undamaged text and could not be restored. A command can delete it.`,
      };
    case 'notRegularFile':
      return { kind: 'notRegularFile', message: `${file} is no regular file. Only those can be deleted.` };
    default:
      return error;
  }
}
