/** Writes a regular file at once: a reader sees the old text or the new one, and never a part. */
import { constants, linkSync, lstatSync, renameSync, unlinkSync, type Stats } from 'node:fs';
import { access, copyFile, type FileHandle } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileWrite, FileWritten } from '../../core/filePorts.ts';
import { canonicalPath } from './canonicalPath.ts';
import { differentText, lookAtText, type FoundText } from './expectedText.ts';
import type { TextForm } from '../../core/textForm.ts';
import { encodeText } from './encoding/encodeText.ts';
import { inFolder, inMadeFolder, leadsElsewhere, type FileInFolder } from './inFolder.ts';
import { copiesAttributes } from './copyAttributes.ts';
import { overwriteInPlace } from './overwriteInPlace.ts';
import { isSameFile, isUntouched } from './sameFile.ts';
import { isOwnedAs, keepsFilesInPlace, takeOver, takeOverAt } from './takeOver.ts';
import { withTemporary, type Temporary } from './temporaryCopy.ts';
import { folderError } from './writeErrors.ts';

/**
 * Never rejects. The file's folder is held, and what is known of both is looked at again in the same moment in which the
 * text takes its place. What was led to another folder all the same is taken back.
 */
export async function writeRegularFile(write: FileWrite, signal: AbortSignal): Promise<FileWritten> {
  try {
    signal.throwIfAborted();
    const moved = await movedProblem(write.path);
    const problem =
      moved ?? (await (write.replaces === undefined ? create(write, signal) : replace(write, signal)));
    return problem === undefined ? { ok: true, text: write.text, isUnsaved: false } : failed(problem);
  } catch (error) {
    if (signal.aborted) return failed({ kind: 'cancelled', message: `Writing ${write.path} was stopped.` });
    if (error instanceof EncodingProblem) return failed({ kind: 'invalidInput', message: error.message });
    return failed(await folderError(write.path, error));
  }
}

/** Told where a folder has become a link out of the workspace since the path was checked. */
export async function movedProblem(file: string): Promise<CallError | undefined> {
  const now = await canonicalPath(file);
  if (now === file) return undefined;
  return { kind: 'changed', message: `${file} now leads to ${now}, so nothing was written. Look again.` };
}

function create(
  { path: file, text, traits, root }: FileWrite,
  signal: AbortSignal,
): ReturnType<typeof inFolder> {
  const bytes = bytesOf(file, text, {
    encoding: traits?.encoding ?? 'UTF-8',
    hasMark: traits?.hasMark ?? false,
  });
  return inMadeFolder(file, root, (place) =>
    withTemporary(place.folder, bytes, ofMode(traits?.mode), async (temporary) => {
      signal.throwIfAborted();
      if (!place.folder.isInPlace()) return leadsElsewhere(file);
      const made = await linkOrCopy(temporary.reach, place.reach, temporary.stats);
      if (isWhereItWasPut(place, made)) return undefined;
      takeBackNew(place, made);
      return leadsElsewhere(file);
    }),
  );
}

function replace(write: FileWrite, signal: AbortSignal): ReturnType<typeof inFolder> {
  const { path: file, text, replaces = '', traits, beforeInPlace } = write;
  return inFolder(file, async (place) => {
    // A rename asks for no right to the file itself.
    await access(place.reach, constants.W_OK);
    const found = await lookAtText(place, replaces);
    if (!found.ok) return found.error;
    const { mode, encoding, hasMark } = { ...found, ...traits };
    const bytes = bytesOf(file, text, { encoding, hasMark });
    // A file with several names gets a new one on purpose: the others may be in a store that many folders share.
    const mayOverwrite = beforeInPlace !== undefined && found.stats.nlink === 1;
    try {
      const replacing = { place, found, bytes, mode, mustKeepAll: mayOverwrite };
      const replaced =
        copiesAttributes || !mayOverwrite ? await byRename(replacing, signal) : 'losesAttributes';
      if (replaced !== 'losesAttributes') return replaced;
    } catch (error) {
      if (beforeInPlace === undefined || !keepsFilesInPlace(error)) throw error;
    }
    return beforeInPlace && overwriteInPlace({ place, found, bytes, mode, beforeInPlace }, signal);
  });
}

interface Replacing {
  readonly place: FileInFolder;
  readonly found: Extract<FoundText, { readonly ok: true }>;
  readonly bytes: Buffer;
  readonly mode: number;
  /** The new file may not take the place of the old one if it lacks something of that. */
  readonly mustKeepAll: boolean;
}

/** Rejects with the system's error, and nothing has changed then. */
async function byRename(
  { place, found, bytes, mode, mustKeepAll }: Replacing,
  signal: AbortSignal,
): Promise<CallError | 'losesAttributes' | undefined> {
  let keepsAll = false;
  const finish = async (temporary: FileHandle): Promise<void> => {
    keepsAll = await takeOver(temporary, place.reach, found.stats);
    await temporary.chmod(mode);
  };
  return withTemporary(place.folder, bytes, finish, async (temporary) => {
    if (mustKeepAll && !keepsAll) return 'losesAttributes';
    const now = await lookAtText(place, found.text);
    if (!now.ok) return now.error;
    signal.throwIfAborted();
    const problem = takePlace(place, temporary, now.stats);
    if (problem === undefined && !isWhereItWasPut(place, temporary.stats)) {
      await putBack(place, now, temporary.stats);
      return leadsElsewhere(place.file);
    }
    return problem;
  });
}

/** At once: another program can change neither the file nor its folder between the look and the rename but by microseconds. */
function takePlace(place: FileInFolder, temporary: Temporary, expected: Stats): CallError | undefined {
  if (!place.folder.isInPlace()) return leadsElsewhere(place.file);
  if (!isUntouched(expected, lstatSync(place.reach))) return differentText(place.file);
  renameSync(temporary.reach, place.reach);
  return undefined;
}

/** True if the path leads to the folder and the file that was put there is in it. */
export function isWhereItWasPut({ folder, reach }: FileInFolder, put: Stats): boolean {
  return folder.isInPlace() && isSameFile(put, lstatSync(reach, { throwIfNoEntry: false }));
}

/** Takes a file that was just made away again, and no other. */
export function takeBackNew({ reach }: FileInFolder, made: Stats): void {
  if (isSameFile(made, lstatSync(reach, { throwIfNoEntry: false }))) unlinkSync(reach);
}

/** Gives the file the bytes again that it had, unless another program has replaced it since. */
export async function putBack(
  { folder, reach }: FileInFolder,
  { bytes, mode, stats }: Extract<FoundText, { readonly ok: true }>,
  put: Stats | undefined,
): Promise<void> {
  const finish = async (old: FileHandle): Promise<void> => {
    await isOwnedAs(old, stats);
    await old.chmod(mode);
  };
  await withTemporary(folder, bytes, finish, (old) => {
    const there = lstatSync(reach, { throwIfNoEntry: false });
    if (put === undefined ? there === undefined : isSameFile(put, there)) renameSync(old.reach, reach);
  });
}

function ofMode(mode: number | undefined): ((made: FileHandle) => Promise<void>) | undefined {
  return mode === undefined ? undefined : (made) => made.chmod(mode);
}

/** Throws an `EncodingProblem`, before anything is written. */
function bytesOf(file: string, text: string, form: TextForm): Buffer {
  const encoded = encodeText(text, form);
  if (encoded.ok) return encoded.bytes;
  throw new EncodingProblem(
    `${file} is in ${form.encoding}, and can't be written in it: ${encoded.problem}. ` +
      'Nothing was changed. Use other characters, or convert the file to UTF-8 with a program first.',
  );
}

class EncodingProblem extends Error {}

/** Gives a file another name, or makes a copy of it; neither replaces a file that has come to be there. */
export async function linkOrCopy(from: string, to: string, stats: Stats): Promise<Stats> {
  try {
    linkSync(from, to);
    return stats;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL); // Not every file system has hard links.
    await takeOverAt(to, from, stats);
    return lstatSync(to);
  }
}

function failed(error: CallError): FileWritten {
  return { ok: false, error };
}
