/** The lines of a text, found in slices between which other work gets its turn. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileLines, FileLinesRead, FileRead } from '../../core/filePorts.ts';
import { byteOrderMark, decodeSlices, formOf, lostCharacters, type FormRead } from './encoding/decodeText.ts';

const sliceBytes = 512 * 1024;
/** Of these lines the first one's place is kept, so that the index of millions of lines stays small. */
const linesPerMark = 256;
const [lineFeed, carriageReturn] = [10, 13];

export interface FoundLines extends FileLines, FormRead {
  /** Bytes of memory, with those of the content. */
  readonly heldBytes: number;
}

/** Finds the lines of a file's bytes. Rejects with the signal's reason alone. */
export async function findLines(content: Buffer, signal: AbortSignal): Promise<FoundLines> {
  const { text, form } = await readableText(content, signal);
  const heldBytes = content.length + (text.buffer === content.buffer ? 0 : text.length);
  return { ...(await indexLines(text, signal)), ...form, heldBytes };
}

/** Finds the lines of a text in UTF-8. */
async function indexLines(text: Buffer, signal: AbortSignal): Promise<FileLines> {
  const hash = createHash('sha256');
  const found = new LineIndex(text);
  for (let from = 0; from < text.length; from += sliceBytes) {
    if (from > 0) await nextTurn();
    signal.throwIfAborted();
    const to = Math.min(text.length, from + sliceBytes);
    hash.update(text.subarray(from, to));
    found.scan(from, to);
  }
  return found.lines(hash.digest('hex'));
}

/** A text that was read as a whole, by its lines. Rejects as `findLines` does. */
export async function linesOf(read: FileRead, signal: AbortSignal): Promise<FileLinesRead> {
  if (!read.ok) return read;
  const { text, ...more } = read;
  return { ...more, lines: await indexLines(Buffer.from(text), signal) };
}

interface ReadableText {
  /** In UTF-8, without a byte order mark. */
  readonly text: Buffer;
  readonly form: FormRead;
}

/** The text of a file's bytes, as `decodeText` has it. */
async function readableText(content: Buffer, signal: AbortSignal): Promise<ReadableText> {
  const form = formOf(content);
  if (form.encoding === 'UTF-8' && isUtf8(content)) {
    const text = form.hasMark ? content.subarray(byteOrderMark.length) : content;
    return { text, form: { ...form, lostCharacters: 0 } };
  }
  const parts: Buffer[] = [];
  for (const part of decodeSlices(content, form, sliceBytes)) {
    if (parts.length > 0) await nextTurn();
    signal.throwIfAborted();
    parts.push(Buffer.from(part));
  }
  const text = Buffer.concat(parts);
  return { text, form: { ...form, lostCharacters: lostCharacters(content, form, text) } };
}

class LineIndex {
  private readonly text: Buffer;
  private readonly marks: number[] = [0];
  private lineFeeds = 0;
  private crlfEnds = 0;
  private returns = 0;

  constructor(text: Buffer) {
    this.text = text;
  }

  scan(from: number, to: number): void {
    const { text } = this;
    for (let at = from; at < to; at += 1) {
      if (text[at] === carriageReturn) this.returns += 1;
      if (text[at] !== lineFeed) continue;
      this.lineFeeds += 1;
      if (this.lineFeeds % linesPerMark === 0) this.marks.push(at + 1);
      if (text[at - 1] === carriageReturn) this.crlfEnds += 1;
    }
  }

  lines(hash: string): FileLines {
    const { text, crlfEnds, returns } = this;
    // The end of the last line begins no further one.
    const endsOpen = text.length > 0 && text.at(-1) !== lineFeed;
    return {
      total: this.lineFeeds + (endsOpen ? 1 : 0),
      crlfEnds,
      loneReturns: returns - crlfEnds,
      endsClosed: !endsOpen,
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
      const hasReturn = found > at && this.text[found - 1] === carriageReturn;
      yield this.text.toString('utf8', at, hasReturn ? end - 1 : end);
      at = end + 1;
    }
  }
}
