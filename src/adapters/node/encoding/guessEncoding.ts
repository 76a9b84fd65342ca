/** Guesses the encoding of bytes that are no UTF-8, by how likely their text is in each encoding. */
import { isAscii } from 'node:buffer';
import { encodings, type TextEncoding } from '../../../core/textForm.ts';
import * as likely from './likelyText.ts';

const sampleBytes = 16 * 1024;
const lineFeed = 10;
const firstBeyondAscii = 0x80;
/** A text of frequent characters is more likely, a wrong one less. */
const leastLikelihood = 0.3;

/** The first of two that are as likely wins. */
const candidates: readonly (readonly [TextEncoding, likely.Likelihood])[] = [
  ['windows-1252', likely.westEuropean],
  ['GBK', likely.simplifiedChinese],
  ['Shift_JIS', likely.japanese],
  ['EUC-JP', likely.japanese],
  ['EUC-KR', likely.korean],
  ['Big5', likely.traditionalChinese],
  ['windows-1251', likely.cyrillic],
  ['KOI8-R', likely.rareCyrillic],
  ['windows-1254', likely.latin],
  ['windows-1250', likely.latin],
  ['windows-1253', likely.greek],
];

/** Undefined if no encoding gives a likely text. The sample is one of `linesBeyondAscii`. */
export function guessEncoding(sample: Buffer): TextEncoding | undefined {
  if (likely.isFullOfControls(sample)) return undefined;
  let best: { readonly encoding: TextEncoding; readonly likelihood: number } | undefined;
  for (const [encoding, likelihoodOf] of candidates) {
    const text = decodeStrictly(sample, encoding);
    const likelihood = text === undefined ? -Infinity : likely.meanLikelihood(text, likelihoodOf);
    if (likelihood > (best?.likelihood ?? leastLikelihood)) best = { encoding, likelihood };
  }
  return best?.encoding;
}

/** The lines that tell something, up to a bound. A line feed is part of no longer character in these encodings. */
export function linesBeyondAscii(bytes: Buffer): Buffer {
  const lines: Buffer[] = [];
  let left = sampleBytes;
  for (let from = 0; from < bytes.length && left > 0;) {
    const end = lineEnd(bytes, from + blockBytes);
    const block = bytes.subarray(from, end);
    if (!isAscii(block)) {
      for (const line of linesOf(block)) {
        if (left <= 0 || isAscii(line)) continue;
        const part = beginningOf(line, left);
        lines.push(part);
        left -= part.length;
      }
    }
    from = end;
  }
  return Buffer.concat(lines);
}

/** Blocks that are ASCII are passed over at once. */
const blockBytes = 64 * 1024;

function lineEnd(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(lineFeed, from);
  return found === -1 ? bytes.length : found + 1;
}

function* linesOf(block: Buffer): Iterable<Buffer> {
  for (let from = 0; from < block.length;) {
    const end = lineEnd(block, from);
    yield block.subarray(from, end);
    from = end;
  }
}

/** Of a line that is longer than that, the part from its first byte beyond ASCII on. */
function beginningOf(line: Buffer, maxBytes: number): Buffer {
  const first = line.length > maxBytes ? line.findIndex((byte) => byte >= firstBeyondAscii) : 0;
  return line.subarray(first, first + maxBytes);
}

/** Undefined if the bytes are no text of the encoding, or this program's Unicode library lacks the encoding. */
function decodeStrictly(sample: Buffer, encoding: TextEncoding): string | undefined {
  try {
    const decoder = new TextDecoder(encodings[encoding], { fatal: true });
    const text = decoder.decode(sample, { stream: true });
    // A sample at its bound may end within a character.
    return sample.length < sampleBytes ? text + decoder.decode() : text;
  } catch {
    return undefined;
  }
}
