/** Shortens long output to its head and tail, and counts exactly what was left out; pure. */
import type { CallId } from './calls.ts';

/** How many bytes of the beginning and of the end are kept. */
export interface KeptBytes {
  readonly headBytes: number;
  readonly tailBytes: number;
}

export type Shortened =
  | { readonly isWhole: true; readonly text: string }
  | {
      readonly isWhole: false;
      readonly head: string;
      readonly tail: string;
      /** Bytes as they came, also where they were no text. */
      readonly leftOutBytes: number;
      /** Line ends among the bytes left out. */
      readonly leftOutLines: number;
    };

const none: Buffer = Buffer.alloc(0);
const lineFeed = 10;

/** Keeps head and tail of what comes in pieces; memory is bounded by what is kept. Bytes that are no UTF-8 become U+FFFD. */
export class HeadAndTail {
  private readonly kept: KeptBytes;
  private head = none;
  private readonly tail: Tail;

  constructor(kept: KeptBytes) {
    this.kept = kept;
    this.tail = new Tail(kept.tailBytes);
  }

  push(chunk: Buffer): void {
    const room = this.kept.headBytes - this.head.length;
    if (room > 0) this.head = Buffer.concat([this.head, chunk.subarray(0, room)]);
    if (chunk.length > room) this.tail.push(chunk.subarray(room));
  }

  result(): Shortened {
    const { bytes, leftOutBytes, leftOutLines } = this.tail.result();
    if (leftOutBytes === 0) return { isWhole: true, text: Buffer.concat([this.head, bytes]).toString() };
    const head = this.head.subarray(0, endOfHead(this.head));
    const tail = bytes.subarray(startOfTail(bytes));
    const atSeams = [this.head.subarray(head.length), bytes.subarray(0, bytes.length - tail.length)];
    return {
      isWhole: false,
      head: head.toString(),
      tail: tail.toString(),
      leftOutBytes: leftOutBytes + bytesIn(atSeams),
      leftOutLines: leftOutLines + atSeams.reduce((sum, seam) => sum + countLineEnds(seam), 0),
    };
  }
}

/** Keeps the last bytes in one buffer of twice their size, so that a stream of any length allocates no more. */
class Tail {
  private readonly maxBytes: number;
  private buffer = none;
  private length = 0;
  private leftOutBytes = 0;
  private leftOutLines = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  push(bytes: Buffer): void {
    const kept = bytes.subarray(Math.max(0, bytes.length - this.maxBytes));
    const isTooMuch = kept.length < bytes.length || this.length + bytes.length > 2 * this.maxBytes;
    if (isTooMuch) this.shrinkTo(this.maxBytes - kept.length);
    this.leaveOut(bytes.subarray(0, bytes.length - kept.length));
    this.makeRoom(this.length + kept.length);
    this.length += kept.copy(this.buffer, this.length);
  }

  result(): { readonly bytes: Buffer; readonly leftOutBytes: number; readonly leftOutLines: number } {
    this.shrinkTo(this.maxBytes);
    const { leftOutBytes, leftOutLines } = this;
    return { bytes: this.buffer.subarray(0, this.length), leftOutBytes, leftOutLines };
  }

  private shrinkTo(length: number): void {
    const surplus = this.length - length;
    if (surplus <= 0) return;
    this.leaveOut(this.buffer.subarray(0, surplus));
    this.buffer.copyWithin(0, surplus, this.length);
    this.length = length;
  }

  private leaveOut(bytes: Buffer): void {
    this.leftOutBytes += bytes.length;
    this.leftOutLines += countLineEnds(bytes);
  }

  private makeRoom(length: number): void {
    if (length <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(2 * this.maxBytes, Math.max(length, 2 * this.buffer.length)));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** Where `read_output` finds a shortened text as a whole. */
export interface WholeOutput {
  readonly callId: CallId;
  /** The line of the whole output that the text begins at, counted from 1. */
  readonly firstLine: number;
}

/** The text with a mark in the place of what was left out, which says how the rest can be read. */
export function markLeftOut(shortened: Shortened, whole?: WholeOutput): string {
  if (shortened.isWhole) return shortened.text;
  const { head, tail, leftOutBytes, leftOutLines } = shortened;
  const lines = leftOutLines === 1 ? '1 line' : `${leftOutLines} lines`;
  const before = head === '' || head.endsWith('\n') ? '' : '\n';
  const readOn = whole === undefined ? '' : `; read_output ${inputFrom(whole, head)} reads on from here`;
  return `${head}${before}[... ${leftOutBytes} bytes (${lines}) left out${readOn} ...]\n${tail}`;
}

function inputFrom({ callId, firstLine }: WholeOutput, head: string): string {
  return JSON.stringify({ callId, startLine: firstLine + countLineEnds(Buffer.from(head)) });
}

/** Shortens a text that is there as a whole. */
export function shortenText(text: string, kept: KeptBytes, whole?: WholeOutput): string {
  const keeper = new HeadAndTail(kept);
  keeper.push(Buffer.from(text));
  return markLeftOut(keeper.result(), whole);
}

/** The nearest place at or before `index` that does not split a surrogate pair. */
export function cutBefore(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const code = text.charCodeAt(index);
  const isLowSurrogate = code >= 0xdc00 && code <= 0xdfff;
  return isLowSurrogate && index > 0 ? index - 1 : index;
}

/** How many lines end in these bytes. */
export function countLineEnds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}

// A cut line reads like a short one, so cuts move to a line end, unless that costs half of what is kept.
function endOfHead(head: Buffer): number {
  const end = head.lastIndexOf(lineFeed) + 1;
  return end > head.length / 2 ? end : wholeCharacters(head);
}

function startOfTail(tail: Buffer): number {
  const start = tail.indexOf(lineFeed) + 1;
  if (start > 0 && start < tail.length / 2) return start;
  let at = 0;
  while (at < maxContinuationBytes && isContinuation(tail[at])) at += 1;
  return at;
}

const maxContinuationBytes = 3;

/** Where the last character that is there as a whole ends. */
function wholeCharacters(head: Buffer): number {
  let lead = head.length - 1;
  while (lead > 0 && head.length - lead <= maxContinuationBytes && isContinuation(head[lead])) lead -= 1;
  return head.length - lead < lengthOfCharacter(head[lead] ?? 0) ? lead : head.length;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function lengthOfCharacter(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

function bytesIn(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
