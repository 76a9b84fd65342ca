/** Keeps what is shown of one output stream: decodes it, counts it, keeps head and tail as it came and as it is shown. */
import { StringDecoder } from 'node:string_decoder';
import type { CapturedStream } from '../../core/processPorts.ts';
import { HeadAndTail, type KeptBytes, type Shortened } from '../../core/shorten.ts';
import { renderTerminal } from '../../core/terminalLines.ts';
import { isMostlyUnreadable } from '../../core/unreadable.ts';
import { decodeText, readFormOf } from './encoding/decodeText.ts';
import { RenderedOutput } from './renderedOutput.ts';

export const keptOfStream: KeptBytes = { headBytes: 16 * 1024, tailBytes: 16 * 1024 };

export type Captured = Omit<CapturedStream, 'firstLine'>;

/** Takes a stream's bytes; a character whose bytes come in two chunks stays whole, bytes that are none become U+FFFD. */
export class Capture {
  private readonly kept: KeptBytes;
  private readonly decoder = new StringDecoder('utf8');
  private readonly rendered = new RenderedOutput();
  private readonly keeper: HeadAndTail;
  private readonly shown: HeadAndTail;
  /** All chunks, as long as they are few enough bytes to be decoded as a whole. */
  private chunks: Buffer[] | undefined = [];
  private bytes = 0;

  constructor(kept: KeptBytes = keptOfStream) {
    this.kept = kept;
    this.keeper = new HeadAndTail(kept);
    this.shown = new HeadAndTail(kept);
  }

  /** Returns the text that this chunk completed as it came, which can be empty. */
  push(chunk: Buffer): string {
    this.bytes += chunk.length;
    this.keeper.push(chunk);
    const isShort = this.bytes <= this.kept.headBytes + this.kept.tailBytes;
    if (isShort) this.chunks?.push(chunk);
    else this.chunks = undefined;
    for (const piece of this.rendered.push(chunk)) this.shown.push(piece);
    return this.decoder.write(chunk);
  }

  /** Returns the text of bytes that never became a whole character. */
  end(): string {
    this.shown.push(this.rendered.end());
    return this.decoder.end();
  }

  /** After the end. */
  result(): Captured {
    const shown = this.shown.result();
    const text = shown.isWhole ? shown.text : shown.head + shown.tail;
    const asItIs = {
      kept: this.keeper.result(),
      shown,
      bytes: this.bytes,
      isBinary: isMostlyUnreadable(text),
    };
    return this.chunks && /[\0\ufffd]/.test(text) ? { ...asItIs, ...inItsEncoding(this.chunks) } : asItIs;
  }
}

/** A short output as its bytes tell it: a program may write in another encoding than UTF-8. */
function inItsEncoding(chunks: readonly Buffer[]): Pick<Captured, 'shown' | 'isBinary' | 'form'> {
  const decoded = decodeText(Buffer.concat(chunks));
  const text = renderTerminal(decoded.text);
  const shown: Shortened = { isWhole: true, text };
  const form = readFormOf(decoded);
  return { shown, isBinary: isMostlyUnreadable(text), ...(form && { form }) };
}
