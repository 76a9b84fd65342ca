/** The bytes of an output as a terminal shows them in the end. */
import { StringDecoder } from 'node:string_decoder';
import { TerminalLines } from '../../core/terminalLines.ts';

const [tab, lineFeed, space, tilde] = [9, 10, 0x20, 0x7e];

/** Takes chunks, cut anywhere, and returns what of the rendered text is final by now. */
export class RenderedOutput {
  private readonly decoder = new StringDecoder('utf8');
  private readonly lines = new TerminalLines();
  private isInCharacter = false;

  /** The bytes returned can be those of the chunk, so they last as long as that. */
  push(chunk: Buffer): readonly Buffer[] {
    // Most output is plain, and there may be much of it.
    const plain = !this.isInCharacter && isPlain(chunk) ? this.lines.append(chunk) : undefined;
    if (plain) return plain;
    this.isInCharacter = (chunk.at(-1) ?? 0) > tilde;
    return [Buffer.from(this.lines.push(this.decoder.write(chunk)))];
  }

  end(): Buffer {
    return Buffer.from(this.lines.push(this.decoder.end()) + this.lines.end());
  }
}

function isPlain(chunk: Buffer): boolean {
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0;
    if ((byte < space && byte !== lineFeed && byte !== tab) || byte > tilde) return false;
  }
  return true;
}
