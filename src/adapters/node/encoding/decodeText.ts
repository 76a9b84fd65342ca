/** Decodes the bytes of a file: the one place that knows encodings. */
import { isAscii, isUtf8 } from 'node:buffer';
import { encodings, type ReadForm, type TextEncoding, type TextForm } from '../../../core/textForm.ts';
import { countOf, isMostlyUnreadable } from '../../../core/unreadable.ts';
import { guessEncoding, linesBeyondAscii } from './guessEncoding.ts';

export const byteOrderMark: Buffer = Buffer.from([0xef, 0xbb, 0xbf]);

const marks: readonly (readonly [TextEncoding, Buffer])[] = [
  ['UTF-8', byteOrderMark],
  ['UTF-16 LE', Buffer.from([0xff, 0xfe])],
  ['UTF-16 BE', Buffer.from([0xfe, 0xff])],
];

const headBytes = 8 * 1024;

/** The form of a text, as its bytes tell it. */
export interface FoundForm extends TextForm {
  readonly isGuess: boolean;
}

/** How a whole text was decoded. */
export interface FormRead extends FoundForm {
  readonly lostCharacters: number;
}

export interface DecodedText extends FormRead {
  /** Without the mark; U+FFFD for each run of bytes that is no character. */
  readonly text: string;
}

export function decodeText(bytes: Buffer): DecodedText {
  const form = formOf(bytes);
  const text = [...decodeSlices(bytes, form, Infinity)].join('');
  return { ...form, text, lostCharacters: lostCharacters(bytes, form, text) };
}

/** By its mark, else as UTF-16 without one, as UTF-8, or as an older encoding; UTF-8 where nothing fits. */
export function formOf(bytes: Buffer): FoundForm {
  for (const [encoding, mark] of marks)
    if (bytes.subarray(0, mark.length).equals(mark)) return { encoding, hasMark: true, isGuess: false };
  const utf16 = plainUtf16(bytes);
  if (utf16 !== undefined) return { encoding: utf16, hasMark: false, isGuess: true };
  const guessed = isUtf8(bytes) ? undefined : olderEncoding(linesBeyondAscii(bytes));
  return { encoding: guessed ?? 'UTF-8', hasMark: false, isGuess: guessed !== undefined };
}

/** Decodes without the mark, in slices of at most `size` bytes. */
export function* decodeSlices(
  bytes: Buffer,
  { encoding, hasMark }: TextForm,
  size: number,
): Iterable<string> {
  const decoder = new TextDecoder(encodings[encoding], { ignoreBOM: true });
  const start = hasMark ? markOf(encoding).length : 0;
  for (let from = start; from < bytes.length; from += size)
    // Always as a stream: some versions of Node decode a whole windows-1252 text as ISO 8859-1.
    yield decoder.decode(bytes.subarray(from, from + size), { stream: true });
  yield decoder.decode();
}

/** The mark that a text of the encoding can begin with. */
export function markOf(encoding: TextEncoding): Buffer {
  return marks.find(([name]) => name === encoding)?.[1] ?? Buffer.alloc(0);
}

/** The number of U+FFFD in the text that are not in the file itself. */
export function lostCharacters(bytes: Buffer, { encoding }: TextForm, text: string | Buffer): number {
  const signs = countOf(text, '\ufffd');
  return signs > 0 && encoding === 'UTF-8' ? signs - countOf(bytes, '\ufffd') : signs;
}

/** The form of a text, for a reader; undefined for UTF-8 of which nothing is lost. */
export function readFormOf({ encoding, isGuess, lostCharacters: lost }: FormRead): ReadForm | undefined {
  return encoding === 'UTF-8' && lost === 0 ? undefined : { encoding, isGuess, lostCharacters: lost };
}

/** True if the beginning of a file is no text. */
export function isBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, headBytes);
  if (isAscii(head) && !head.includes(0)) return false;
  const form = formOf(bytes);
  const [text = ''] = decodeSlices(head, form, headBytes);
  return isMostlyUnreadable(text, countOf(text, '\ufffd') - lostCharacters(head, form, text));
}

const fewestNuls = 4;
const leastNulsPerUnit = 0.2;

/** The encoding of a text that is UTF-16 by its NULs: many, in every second place alone. */
function plainUtf16(bytes: Buffer): TextEncoding | undefined {
  const head = bytes.subarray(0, headBytes);
  if (!head.includes(0) || bytes.length % 2 > 0) return undefined;
  const nuls = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const isPlain = Math.min(even, odd) === 0 && even + odd >= (head.length / 2) * leastNulsPerUnit;
  if (!isPlain || even + odd < fewestNuls) return undefined;
  const encoding = odd > 0 ? 'UTF-16 LE' : 'UTF-16 BE';
  const text = new TextDecoder(encodings[encoding]).decode(head, { stream: true });
  return /[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/.test(text) ? undefined : encoding;
}

/** Undefined if no older encoding gives a likely text, or the bytes are UTF-8 with damage. */
function olderEncoding(sample: Buffer): TextEncoding | undefined {
  return isMostlyUtf8(sample) ? undefined : guessEncoding(sample);
}

const leastReadPerLost = 4;

/** True if UTF-8 has a few characters for each byte that is none. In a text of an older encoding that is chance, and rare. */
function isMostlyUtf8(sample: Buffer): boolean {
  const text = new TextDecoder().decode(sample);
  const lost = countOf(text, '\ufffd');
  let read = 0;
  for (const [run] of text.matchAll(/[^\0-\x7f\ufffd]+/g)) read += run.length;
  return read >= leastReadPerLost * lost;
}
