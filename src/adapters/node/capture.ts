/** Keeps what is shown of one output stream: decodes it, counts it, keeps head and tail. */
import { StringDecoder } from 'node:string_decoder';
import type { CapturedStream } from '../../core/ports.ts';
import { HeadAndTail, markLeftOut, type KeptChars } from '../../core/shorten.ts';

export const keptOfStream: KeptChars = { headChars: 16 * 1024, tailChars: 16 * 1024 };

/** Takes a stream's bytes; a character whose bytes come in two chunks stays whole. */
export class Capture {
  private readonly decoder = new StringDecoder('utf8');
  private readonly keeper: HeadAndTail;
  private bytes = 0;

  constructor(kept: KeptChars = keptOfStream) {
    this.keeper = new HeadAndTail(kept);
  }

  /** Returns the text that this chunk completed, which can be empty. */
  push(chunk: Buffer): string {
    this.bytes += chunk.length;
    return this.keep(this.decoder.write(chunk));
  }

  /** Returns the text of bytes that never became a whole character. */
  end(): string {
    return this.keep(this.decoder.end());
  }

  /** `file` is named in the mark that stands for what was left out. */
  result(file?: string): CapturedStream {
    return { text: markLeftOut(this.keeper.result(), file), bytes: this.bytes };
  }

  private keep(text: string): string {
    if (text !== '') this.keeper.push(text);
    return text;
  }
}
