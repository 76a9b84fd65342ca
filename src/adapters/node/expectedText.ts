/** Compares a file with the text that is expected there. */
import { constants, type Stats } from 'node:fs';
import type { CallError } from '../../core/calls.ts';
import { byteOrderMark } from './fileTraits.ts';
import { inFolder, type FileInFolder } from './inFolder.ts';
import { openRegularFile } from './readRegularFile.ts';
import { writeError } from './writeErrors.ts';

/** The file as it was found, where it has the expected text. */
export type FoundText =
  | {
      readonly ok: true;
      readonly bytes: Buffer;
      readonly mode: number;
      readonly hasMark: boolean;
      /** From before its bytes were read. */
      readonly stats: Stats;
    }
  | { readonly ok: false; readonly error: CallError };

/** The reason why a file on the disk can't be replaced: it is no text of UTF-8, or not the expected one. Never rejects. */
export async function replacingProblem(file: string, expected: string): Promise<CallError | undefined> {
  try {
    return await inFolder(file, async (place) => {
      const found = await lookAtText(place, expected);
      return found.ok ? undefined : found.error;
    });
  } catch (error) {
    return writeError(file, error);
  }
}

/** Reads no more of the file than what is expected. Rejects with the system's error. */
export async function lookAtText({ file, reach }: FileInFolder, expected: string): Promise<FoundText> {
  const opened = await openRegularFile(reach, constants.O_NOFOLLOW);
  if (!opened.ok) return opened.error.kind === 'notRegularFile' ? notRegular(file) : opened;
  const { handle, stats } = opened;
  try {
    // Bytes that are no UTF-8 are no shorter as text, so only a byte order mark can make the file larger than that.
    if (stats.size > Buffer.byteLength(expected) + byteOrderMark.length)
      return { ok: false, error: differentText(file) };
    return compare(file, await handle.readFile(), expected, stats);
  } finally {
    await handle.close();
  }
}

export function differentText(file: string): CallError {
  const message = `${file} changed while it was to be written; nothing was overwritten. Read it again.`;
  return { kind: 'changed', message };
}

function compare(file: string, bytes: Buffer, expected: string, stats: Stats): FoundText {
  const hasMark = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  const content = hasMark ? bytes.subarray(byteOrderMark.length) : bytes;
  if (content.equals(Buffer.from(expected)))
    return { ok: true, bytes, mode: stats.mode & 0o7777, hasMark, stats };
  if (new TextDecoder().decode(bytes) !== expected) return { ok: false, error: differentText(file) };
  const message = `${file} is not UTF-8 throughout, and writing it would change more than was asked for. Use a program that knows its encoding.`;
  return { ok: false, error: { kind: 'binary', message } };
}

function notRegular(file: string): FoundText {
  const message = `${file} is no regular file. Only those can be written.`;
  return { ok: false, error: { kind: 'notRegularFile', message } };
}
