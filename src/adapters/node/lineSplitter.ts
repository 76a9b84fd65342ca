/** Splits a byte stream into lines, with a bound on what is kept of a line. */

const lineFeed = 10;

export interface SplitLine {
  /** The line without its end; of one beyond the bound its beginning. Part of the chunk, so it lasts as long as that. */
  readonly start: Buffer;
  /** Size of the whole line. */
  readonly bytes: number;
}

/** Gives each line when its end has come; `end` gives a last one that has none. A chunk may be overwritten before the next. */
export class LineSplitter {
  private readonly maxLineBytes: number;
  private readonly onLine: (line: SplitLine) => void;
  private pieces: Buffer[] = [];
  private bytes = 0;
  private keptBytes = 0;

  constructor(maxLineBytes: number, onLine: (line: SplitLine) => void) {
    this.maxLineBytes = maxLineBytes;
    this.onLine = onLine;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.keep(chunk.subarray(from, end));
      this.finishLine();
      from = end + 1;
    }
    this.keepCopy(chunk.subarray(from));
  }

  end(): void {
    if (this.bytes > 0) this.finishLine();
  }

  private keep(piece: Buffer, kept = this.fitting(piece)): void {
    this.bytes += piece.length;
    this.keptBytes += kept.length;
    if (kept.length > 0) this.pieces.push(kept);
  }

  private keepCopy(piece: Buffer): void {
    this.keep(piece, Buffer.from(this.fitting(piece)));
  }

  private fitting(piece: Buffer): Buffer {
    return piece.subarray(0, this.maxLineBytes - this.keptBytes);
  }

  private finishLine(): void {
    const [first] = this.pieces;
    const start = this.pieces.length === 1 && first ? first : Buffer.concat(this.pieces);
    this.onLine({ start, bytes: this.bytes });
    this.pieces = [];
    this.bytes = 0;
    this.keptBytes = 0;
  }
}
