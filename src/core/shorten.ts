/** Shortens long text to its head and tail, and counts exactly what was left out; pure. */

/** How many characters of the beginning and of the end are kept. */
export interface KeptChars {
  readonly headChars: number;
  readonly tailChars: number;
}

export type Shortened =
  | { readonly isWhole: true; readonly text: string }
  | {
      readonly isWhole: false;
      readonly head: string;
      readonly tail: string;
      readonly leftOutBytes: number;
      /** Line ends among the bytes left out. */
      readonly leftOutLines: number;
    };

/** Keeps head and tail of a text that comes in pieces; memory is bounded by what is kept. */
export class HeadAndTail {
  private readonly kept: KeptChars;
  private head = '';
  private tail = '';
  private leftOutBytes = 0;
  private leftOutLines = 0;

  constructor(kept: KeptChars) {
    this.kept = kept;
  }

  push(text: string): void {
    const room = this.tail === '' ? this.kept.headChars - this.head.length : 0;
    const cut = room > 0 ? cutBefore(text, room) : 0;
    this.head += text.slice(0, cut);
    this.tail += text.slice(cut);
    // Trimming only at twice the size copies each character once on average.
    if (this.tail.length > 2 * this.kept.tailChars) this.trimTail();
  }

  result(): Shortened {
    if (this.leftOutBytes === 0 && this.tail.length <= this.kept.tailChars) {
      return { isWhole: true, text: this.head + this.tail };
    }
    this.trimTail();
    const head = wholeLinesOfHead(this.head);
    const tail = wholeLinesOfTail(this.tail);
    const atSeams = this.head.slice(head.length) + this.tail.slice(0, this.tail.length - tail.length);
    return {
      isWhole: false,
      head,
      tail,
      leftOutBytes: this.leftOutBytes + Buffer.byteLength(atSeams),
      leftOutLines: this.leftOutLines + countLineEnds(atSeams),
    };
  }

  private trimTail(): void {
    const excess = this.tail.length - this.kept.tailChars;
    if (excess <= 0) return;
    const cut = cutBefore(this.tail, excess);
    const dropped = this.tail.slice(0, cut);
    this.leftOutBytes += Buffer.byteLength(dropped);
    this.leftOutLines += countLineEnds(dropped);
    this.tail = this.tail.slice(cut);
  }
}

/** The text with a mark in the place of what was left out; `file` holds the whole. */
export function markLeftOut(shortened: Shortened, file?: string): string {
  if (shortened.isWhole) return shortened.text;
  const { head, tail, leftOutBytes, leftOutLines } = shortened;
  const whole = file === undefined ? '' : `; the whole output is in ${file}`;
  const lines = leftOutLines === 1 ? '1 line' : `${leftOutLines} lines`;
  const before = head === '' || head.endsWith('\n') ? '' : '\n';
  return `${head}${before}[... ${leftOutBytes} bytes (${lines}) left out${whole} ...]\n${tail}`;
}

/** Shortens a text that is there as a whole. */
export function shortenText(text: string, kept: KeptChars, file?: string): string {
  const keeper = new HeadAndTail(kept);
  keeper.push(text);
  return markLeftOut(keeper.result(), file);
}

/** The nearest place at or before `index` that does not split a surrogate pair. */
export function cutBefore(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const code = text.charCodeAt(index);
  const isLowSurrogate = code >= 0xdc00 && code <= 0xdfff;
  return isLowSurrogate && index > 0 ? index - 1 : index;
}

// A cut line reads like a short one, so cuts move to a line end, unless that costs half of what is kept.
function wholeLinesOfHead(head: string): string {
  const end = head.lastIndexOf('\n') + 1;
  return end > head.length / 2 ? head.slice(0, end) : head;
}

function wholeLinesOfTail(tail: string): string {
  const start = tail.indexOf('\n') + 1;
  return start > 0 && start < tail.length / 2 ? tail.slice(start) : tail;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
