/** Reads lines of what calls kept, out of files of any size. */
import type { FileHandle } from 'node:fs/promises';
import type { KeptOutput, LineSpan, OutputLine, OutputLines, OutputReader } from '../../core/outputPorts.ts';
import { countLineEnds } from '../../core/shorten.ts';
import { withVisibleControls } from '../../core/unreadable.ts';
import { startMatcher, type Matcher } from './lineMatcher.ts';
import { LineSplitter, type SplitLine } from './lineSplitter.ts';
import { showLine } from './matchLine.ts';
import { openRegularFile, readError } from './readRegularFile.ts';
import { RenderedOutput } from './renderedOutput.ts';
import { readSearchPattern, scriptForm } from './searchPattern.ts';

const chunkBytes = 256 * 1024;
const lineFeed = 10;
/** How long a pattern may take for the lines of a chunk. */
const limitMs = 5000;
const maxLineBytesOfSearch = 1024 * 1024;
/** For the number of a line and its end. */
const charsBesideText = 8;

export const outputReader: OutputReader = {
  async read(output, span, maxChars, signal) {
    const reading = new SpanReading(span, maxChars);
    return withChunks(output, signal, async (chunks) => {
      for await (const chunk of span.isRaw ? chunks : rendered(chunks)) reading.push(chunk);
      return reading.result();
    });
  },

  async search(output, query, signal) {
    const read = readSearchPattern(query);
    const form = read.ok ? scriptForm(read.pattern) : read;
    if (!form.ok) return form;
    const matcher = startMatcher(form.wanted, limitMs);
    // A regular expression can run for ever; only ending its thread stops it.
    const end = (): void => matcher.end();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await withChunks(output, signal, (chunks) =>
        search(query.isRaw ? chunks : rendered(chunks), query, matcher),
      );
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  },
};

/** Keeps the lines of the span, and only counts the others. */
class SpanReading {
  private readonly span: LineSpan;
  private readonly splitter: LineSplitter;
  private readonly lines: OutputLine[] = [];
  private charsLeft: number;
  private linesBefore: number;
  private number: number;
  private lineEnds = 0;
  private endsOpen = false;
  private isCut = false;

  constructor(span: LineSpan, maxChars: number) {
    this.span = span;
    this.charsLeft = maxChars;
    this.linesBefore = span.first - 1;
    this.number = span.first;
    // A character has 4 bytes at most.
    this.splitter = new LineSplitter(4 * maxChars, (line) => this.take(line));
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const lineEnds = countLineEnds(chunk);
    this.lineEnds += lineEnds;
    this.endsOpen = chunk.at(-1) !== lineFeed;
    const skipped = Math.min(this.linesBefore, lineEnds);
    this.linesBefore -= skipped;
    if (this.linesBefore > 0 || this.isPast()) return;
    this.splitter.push(chunk.subarray(afterLines(chunk, skipped)));
  }

  result(): OutputLines {
    this.splitter.end();
    const totalLines = this.lineEnds + (this.endsOpen ? 1 : 0);
    return { ok: true, lines: this.lines, isCut: this.isCut, totalLines };
  }

  private isPast(): boolean {
    return this.isCut || this.number > (this.span.last ?? Infinity);
  }

  private take(line: SplitLine): void {
    if (this.isPast()) return;
    const { number } = this;
    this.number += 1;
    const text = textOf(line);
    const fits = text.length <= this.charsLeft && line.bytes === line.start.length;
    this.isCut = !fits;
    if (!fits && this.lines.length > 0) return;
    this.lines.push({ number, text: text.slice(0, this.charsLeft), bytes: line.bytes, isCut: !fits });
    this.charsLeft -= text.length + charsBesideText;
  }
}

/** Returns the place behind the first `lineEnds` line ends, all of which are in the chunk. */
function afterLines(chunk: Buffer, lineEnds: number): number {
  let at = 0;
  for (let left = lineEnds; left > 0; left -= 1) at = chunk.indexOf(lineFeed, at) + 1;
  return at;
}

type Query = Parameters<OutputReader['search']>[1];

async function search(
  chunks: AsyncIterable<Buffer>,
  { first, last = Infinity, maxMatches }: Query,
  matcher: Matcher,
): Promise<OutputLines> {
  const found: OutputLine[] = [];
  let pending: SplitLine[] = [];
  let totalLines = 0;
  const splitter = new LineSplitter(maxLineBytesOfSearch, (line) => pending.push(line));
  const matchPending = async (): Promise<void> => {
    const numberOfFirst = totalLines + 1;
    const lines = pending;
    pending = [];
    totalLines += lines.length;
    const texts = lines.map((line) => withVisibleControls(textOf(line)));
    const hits = texts.length > 0 ? await matcher.match(texts, texts.length) : [];
    if (hits === undefined) throw new Error('the pattern takes too long for one of its lines');
    for (const { index, start } of hits) {
      const number = numberOfFirst + index;
      if (number < first || number > last) continue;
      const whole = texts[index] ?? '';
      const text = showLine(whole, start);
      found.push({ number, text, bytes: lines[index]?.bytes ?? 0, isCut: text !== whole });
    }
  };
  for await (const chunk of chunks) {
    splitter.push(chunk);
    await matchPending();
    if (found.length > maxMatches || totalLines >= last) break;
  }
  splitter.end();
  await matchPending();
  return { ok: true, lines: found.slice(0, maxMatches), isCut: found.length > maxMatches, totalLines };
}

function textOf({ start }: SplitLine): string {
  const text = start.toString();
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function nameOf(output: KeptOutput): string {
  return output.kind === 'file' ? output.path : 'The output';
}

async function withChunks(
  output: KeptOutput,
  signal: AbortSignal,
  use: (chunks: AsyncIterable<Buffer>) => Promise<OutputLines>,
): Promise<OutputLines> {
  let handle: FileHandle | undefined;
  try {
    if (output.kind === 'text') return await use(inOne(Buffer.from(output.text)));
    const opened = await openRegularFile(output.path);
    if (!opened.ok) return opened;
    handle = opened.handle;
    return await use(chunksOf(handle, signal));
  } catch (error) {
    if (!signal.aborted) return { ok: false, error: readError(nameOf(output), error) };
    return { ok: false, error: { kind: 'cancelled', message: 'Reading the output was stopped.' } };
  } finally {
    await handle?.close();
  }
}

/** The chunks as a terminal shows them. */
async function* rendered(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const output = new RenderedOutput();
  for await (const chunk of chunks) yield* output.push(chunk);
  yield output.end();
}

// eslint-disable-next-line @typescript-eslint/require-await -- a reader takes both sources the same way
async function* inOne(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}

/** Each chunk is overwritten with the next: V8 would free a buffer for each of them late. */
async function* chunksOf(handle: FileHandle, signal: AbortSignal): AsyncIterable<Buffer> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
