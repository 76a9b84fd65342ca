/** Compares a file with the text that is expected there. */
import { constants, type Stats } from 'node:fs';
import type { CallError } from '../../core/calls.ts';
import type { TextEncoding } from '../../core/textForm.ts';
import { byteOrderMark, decodeText } from './encoding/decodeText.ts';
import { encodeText } from './encoding/encodeText.ts';
import { inFolder, type FileInFolder } from './inFolder.ts';
import { openRegularFile } from './readRegularFile.ts';
import { writeError } from './writeErrors.ts';

/** The file as it was found, where it has the expected text. */
export type FoundText =
  | {
      readonly ok: true;
      readonly text: string;
      readonly bytes: Buffer;
      readonly mode: number;
      readonly hasMark: boolean;
      readonly encoding: TextEncoding;
      /** From before its bytes were read. */
      readonly stats: Stats;
    }
  | { readonly ok: false; readonly error: CallError };

/** As `lookAtText`, of a file by its path. Never rejects. */
export async function lookAtFile(file: string, expected: string): Promise<FoundText> {
  try {
    let found: FoundText = { ok: false, error: differentText(file) };
    const problem = await inFolder(file, async (place) => {
      found = await lookAtText(place, expected);
      return undefined;
    });
    return problem === undefined ? found : { ok: false, error: problem };
  } catch (error) {
    return { ok: false, error: writeError(file, error) };
  }
}

/** Reads no more of the file than what is expected, and finds only a text that can be written back as it is. Rejects with the system's error. */
export async function lookAtText({ file, reach }: FileInFolder, expected: string): Promise<FoundText> {
  const opened = await openRegularFile(reach, constants.O_NOFOLLOW);
  if (!opened.ok) return opened.error.kind === 'notRegularFile' ? notRegular(file) : opened;
  const { handle, stats } = opened;
  try {
    // In UTF-16 a character of ASCII has two bytes. No other encoding makes a text longer than UTF-8 does.
    if (stats.size > 2 * Buffer.byteLength(expected) + byteOrderMark.length)
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
  const { text, encoding, hasMark } = decodeText(bytes);
  if (text !== expected) return { ok: false, error: differentText(file) };
  const encoded = encodeText(text, { encoding, hasMark });
  if (encoded.ok && encoded.bytes.equals(bytes))
    return { ok: true, text, bytes, mode: stats.mode & 0o7777, hasMark, encoding, stats };
  const message = `${file} is not ${encoding} throughout, and writing it would change more than was asked for. Use a program that knows its encoding.`;
  return { ok: false, error: { kind: 'binary', message } };
}

function notRegular(file: string): FoundText {
  const message = `${file} is no regular file. Only those can be written.`;
  return { ok: false, error: { kind: 'notRegularFile', message } };
}
