/** Keeps what is shown of one output stream: decodes it, counts it, keeps head and tail. */
import { StringDecoder } from 'node:string_decoder';
import { HeadAndTail, type KeptBytes, type Shortened } from '../../core/shorten.ts';

export const keptOfStream: KeptBytes = { headBytes: 16 * 1024, tailBytes: 16 * 1024 };

export interface Captured {
  readonly kept: Shortened;
  readonly bytes: number;
  /** NUL bytes came, so it is no text. */
  readonly isBinary: boolean;
}

/** Takes a stream's bytes; a character whose bytes come in two chunks stays whole, bytes that are none become U+FFFD. */
export class Capture {
  private readonly decoder = new StringDecoder('utf8');
  private readonly keeper: HeadAndTail;
  private bytes = 0;
  private isBinary = false;

  constructor(kept: KeptBytes = keptOfStream) {
    this.keeper = new HeadAndTail(kept);
  }

  /** Returns the text that this chunk completed, which can be empty; of binary data there is none. */
  push(chunk: Buffer): string {
    this.bytes += chunk.length;
    this.isBinary ||= chunk.includes(0);
    this.keeper.push(chunk);
    return this.isBinary ? '' : this.decoder.write(chunk);
  }

  /** Returns the text of bytes that never became a whole character. */
  end(): string {
    return this.isBinary ? '' : this.decoder.end();
  }

  result(): Captured {
    return { kept: this.keeper.result(), bytes: this.bytes, isBinary: this.isBinary };
  }
}
