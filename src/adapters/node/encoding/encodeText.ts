/** Encodes a text for its file, in the encoding that the file has. */
import type { TextEncoding, TextForm } from '../../../core/textForm.ts';
import { charactersOf, type Bytes } from './byteSequences.ts';
import { decodeText, markOf } from './decodeText.ts';

export type EncodedText =
  { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly problem: string };

/**
 * The bytes that `decodeText` reads as this text. `problem`, a clause, says why there are none: the encoding lacks a
 * character, or its bytes would be taken for those of another encoding.
 */
export function encodeText(text: string, form: TextForm): EncodedText {
  const { encoding, hasMark } = form;
  const mark = hasMark ? markOf(encoding) : none;
  if (hasMark && mark.length === 0) return problem(`${encoding} has no byte order mark`);
  if (encoding === 'UTF-8') return { ok: true, bytes: Buffer.concat([mark, Buffer.from(text)]) };
  const encoded = encoding.startsWith('UTF-16') ? utf16(text, encoding) : legacy(text, encoding);
  if (!encoded.ok) return encoded;
  const bytes = Buffer.concat([mark, encoded.bytes]);
  if (decodeText(bytes).text === text) return { ok: true, bytes };
  return problem(`a reader could not tell any more that it is ${encoding}`);
}

const none: Buffer = Buffer.alloc(0);

function problem(text: string): EncodedText {
  return { ok: false, problem: text };
}

function utf16(text: string, encoding: TextEncoding): EncodedText {
  const bytes = Buffer.from(text, 'utf16le');
  return { ok: true, bytes: encoding === 'UTF-16 BE' ? bytes.swap16() : bytes };
}

function legacy(text: string, encoding: TextEncoding): EncodedText {
  const table = tableOf(encoding);
  const pieces: Buffer[] = [];
  // A run of ASCII is the same bytes in all of these encodings.
  for (const [run] of text.matchAll(/[\0-\x7f]+|[^\0-\x7f]/gu)) {
    const character = run > '\x7f' ? table.get(run) : undefined;
    if (run > '\x7f' && character === undefined) return problem(`${encoding} has no ${named(run)}`);
    pieces.push(character === undefined ? Buffer.from(run, 'latin1') : bytesOf(character));
  }
  return { ok: true, bytes: Buffer.concat(pieces) };
}

function bytesOf(sequence: number): Buffer {
  const bytes = Buffer.alloc(sequence > 0xffff ? 3 : sequence > 0xff ? 2 : 1);
  bytes.writeUIntBE(sequence, 0, bytes.length);
  return bytes;
}

function named(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `“${character}” (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}

const tables = new Map<TextEncoding, ReadonlyMap<string, number>>();

function tableOf(encoding: TextEncoding): ReadonlyMap<string, number> {
  const known = tables.get(encoding);
  if (known) return known;
  const table = new Map<string, number>();
  for (const ranges of sequences[encoding] ?? [[highBytes]]) {
    for (const [character, bytes] of charactersOf(encoding, ranges))
      if (!table.has(character)) table.set(character, bytes);
  }
  tables.set(encoding, table);
  return table;
}

const highBytes: Bytes = [0x80, 0xff];
/** Of the second byte of a character. */
const trails: Bytes = [0x40, 0xfe];
const noDigits: Bytes = [0xa1, 0xfe];

/** The sequences of bytes that each encoding has, those first that programs write for a character with more than one. */
const sequences: Partial<Record<TextEncoding, readonly (readonly Bytes[])[]>> = {
  GBK: [[[0x81, 0xfe], trails]],
  Big5: [
    [[0xa4, 0xf9], trails],
    [[0x81, 0xa3], trails],
    [[0xfa, 0xfe], trails],
  ],
  Shift_JIS: [[[0xa1, 0xdf]], [[0x81, 0x9f], trails], [[0xe0, 0xea], trails], [[0xfa, 0xfc], trails]],
  'EUC-JP': [
    [[0x8e, 0x8e], noDigits],
    [noDigits, noDigits],
    [[0x8f, 0x8f], noDigits, noDigits],
  ],
  'EUC-KR': [[[0x81, 0xfe], trails]],
};
