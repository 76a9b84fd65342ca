/**
 * A line of a journal: an event's JSON, closed by a checksum.
 *
 * The checksum is the CRC-32 of `node:zlib`: it costs next to nothing and finds every change within 32 bits in a row,
 * so any one byte; it is no guard against somebody who writes a line on purpose. It stands as the line's last key,
 * `"crc":"<8 hex digits>"`, over all bytes before that key, so that a line stays plain JSON for whoever reads it.
 */
import { crc32 } from 'node:zlib';

const tailStart = ',"crc":"';
const tailEnd = '"}';
const tailBytes = tailStart.length + 8 + tailEnd.length;
const closingBrace = 0x7d;

/** The line of an event's JSON, which is an object with at least one key. */
export function sealed(json: string): string {
  const body = json.slice(0, -1);
  return body + tailOf(crc32(body));
}

/** Checks that a line's bytes are those that were written. Changes nothing. */
export function isSealed(line: Buffer): boolean {
  const bodyBytes = line.length - tailBytes;
  if (bodyBytes < 1) return false;
  return line.toString('latin1', bodyBytes) === tailOf(crc32(line.subarray(0, bodyBytes)));
}

/**
 * The JSON that a line was made of; undefined where its bytes are not those that were written.
 * It overwrites the line's checksum, so each line can be asked for once.
 */
export function unsealed(line: Buffer): string | undefined {
  if (!isSealed(line)) return undefined;
  const bodyBytes = line.length - tailBytes;
  line[bodyBytes] = closingBrace;
  return line.toString('utf8', 0, bodyBytes + 1);
}

function tailOf(checksum: number): string {
  return `${tailStart}${checksum.toString(16).padStart(8, '0')}${tailEnd}`;
}
