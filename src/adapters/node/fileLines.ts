/** The lines of a text, found in slices between which other work gets its turn. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileLines, FileLinesRead, FileRead } from '../../core/filePorts.ts';

const sliceBytes = 512 * 1024;
/** Of these lines the first one's place is kept, so that the index of millions of lines stays small. */
const linesPerMark = 256;
const [lineFeed, carriageReturn] = [10, 13];
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export interface FoundLines extends FileLines {
  /** Bytes of memory, with those of the content. */
  readonly heldBytes: number;
}

/** Finds the lines of a file's bytes. Rejects with the signal's reason alone. */
export async function findLines(content: Buffer, signal: AbortSignal): Promise<FoundLines> {
  const text = await readableText(content, signal);
  const hash = createHash('sha256');
  const found = new LineIndex(text);
  for (let from = 0; from < text.length; from += sliceBytes) {
    if (from > 0) await nextTurn();
    signal.throwIfAborted();
    const to = Math.min(text.length, from + sliceBytes);
    hash.update(text.subarray(from, to));
    found.scan(from, to);
  }
  const heldBytes = content.length + (text.buffer === content.buffer ? 0 : text.length);
  return { ...found.lines(hash.digest('hex')), heldBytes };
}

/** A text that was read as a whole, by its lines. Rejects as `findLines` does. */
export async function linesOf(read: FileRead, signal: AbortSignal): Promise<FileLinesRead> {
  if (!read.ok) return read;
  const { text, ...more } = read;
  return { ...more, lines: await findLines(Buffer.from(text), signal) };
}

/** The bytes without a byte order mark; what is no UTF-8 among them becomes U+FFFD, as in every text that is read. */
async function readableText(content: Buffer, signal: AbortSignal): Promise<Buffer> {
  const isMarked = content.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  if (isUtf8(content)) return isMarked ? content.subarray(byteOrderMark.length) : content;
  const decoder = new TextDecoder();
  const parts: Buffer[] = [];
  for (let from = 0; from < content.length; from += sliceBytes) {
    if (from > 0) await nextTurn();
    signal.throwIfAborted();
    parts.push(Buffer.from(decoder.decode(content.subarray(from, from + sliceBytes), { stream: true })));
  }
  return Buffer.concat([...parts, Buffer.from(decoder.decode())]);
}

class LineIndex {
  private readonly text: Buffer;
  private readonly marks: number[] = [0];
  private lineFeeds = 0;
  private hasCrlf = false;

  constructor(text: Buffer) {
    this.text = text;
  }

  scan(from: number, to: number): void {
    const { text } = this;
    for (let at = from; at < to; at += 1) {
      if (text[at] !== lineFeed) continue;
      this.lineFeeds += 1;
      if (this.lineFeeds % linesPerMark === 0) this.marks.push(at + 1);
      this.hasCrlf ||= text[at - 1] === carriageReturn;
    }
  }

  lines(hash: string): FileLines {
    const { text, hasCrlf } = this;
    // The end of the last line begins no further one.
    const endsOpen = text.length > 0 && text.at(-1) !== lineFeed;
    return {
      total: this.lineFeeds + (endsOpen ? 1 : 0),
      hasCrlf,
      hash,
      bytesOf: (first, last) => this.endOf(last) - this.startOf(first),
      from: (first) => this.from(this.startOf(first)),
    };
  }

  private startOf(line: number): number {
    const before = line - 1;
    let start = this.marks[Math.floor(before / linesPerMark)] ?? this.text.length;
    for (let left = before % linesPerMark; left > 0; left -= 1)
      start = this.text.indexOf(lineFeed, start) + 1;
    return start;
  }

  /** Before the line feed. */
  private endOf(line: number): number {
    const end = this.text.indexOf(lineFeed, this.startOf(line));
    return end === -1 ? this.text.length : end;
  }

  private *from(start: number): Iterable<string> {
    for (let at = start; at < this.text.length;) {
      const found = this.text.indexOf(lineFeed, at);
      const end = found === -1 ? this.text.length : found;
      const hasReturn = end > at && this.text[end - 1] === carriageReturn;
      yield this.text.toString('utf8', at, hasReturn ? end - 1 : end);
      at = end + 1;
    }
  }
}
