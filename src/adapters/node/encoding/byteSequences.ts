/** The characters that an encoding has for sequences of bytes, found out by decoding the sequences. */
import { encodings, type TextEncoding } from '../../../core/textForm.ts';

export type Bytes = readonly [first: number, last: number];

const lineFeed = 10;

/** The bytes of each character, as one number, for sequences whose bytes are in these ranges; the first found counts. */
export function charactersOf(encoding: TextEncoding, ranges: readonly Bytes[]): ReadonlyMap<string, number> {
  const sequences = sequencesOf(ranges);
  // Each on a line of its own, so that one which is no character takes nothing from the next.
  const lines = Buffer.alloc(sequences.length * (ranges.length + 1), lineFeed);
  for (const [index, sequence] of sequences.entries())
    lines.writeUIntBE(sequence, index * (ranges.length + 1), ranges.length);
  const texts = new TextDecoder(encodings[encoding]).decode(lines, { stream: true }).split('\n');
  const characters = new Map<string, number>();
  for (const [index, sequence] of sequences.entries()) {
    const character = texts[index] ?? '';
    const isOne = character.length === ((character.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
    if (isOne && character > '\x7f' && character !== '\ufffd' && !characters.has(character))
      characters.set(character, sequence);
  }
  return characters;
}

function sequencesOf(ranges: readonly Bytes[]): readonly number[] {
  let sequences = [0];
  for (const [first, last] of ranges) {
    const bytes = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    sequences = sequences.flatMap((before) => bytes.map((byte) => before * 0x100 + byte));
  }
  return sequences;
}
