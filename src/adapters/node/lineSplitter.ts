/** Splits a byte stream into lines, with a bound on the length of a line. */

const maxLineBytes = 8 * 1024 * 1024;
const lineFeed = 10;

/** Gives each whole line without its end; a line beyond the bound is dropped and counted. */
export class LineSplitter {
  droppedLines = 0;
  private readonly onLine: (line: string) => void;
  private pieces: Buffer[] = [];
  private pendingBytes = 0;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.keep(chunk.subarray(from, end));
      this.finishLine();
      from = end + 1;
    }
    this.keep(chunk.subarray(from));
  }

  private keep(piece: Buffer): void {
    this.pendingBytes += piece.length;
    if (this.pendingBytes > maxLineBytes) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  private finishLine(): void {
    if (this.pendingBytes > maxLineBytes) this.droppedLines += 1;
    else this.onLine(Buffer.concat(this.pieces).toString());
    this.pieces = [];
    this.pendingBytes = 0;
  }
}
