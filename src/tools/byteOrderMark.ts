/** Tells a file's byte order mark from its text. */

const mark = '\uFEFF';

/** A text without the mark that it began with. */
export interface MarkedText {
  readonly text: string;
  readonly hasMark: boolean;
}

/** Takes one mark off: a second one is text. */
export function splitMark(text: string): MarkedText {
  return text.startsWith(mark) ? { text: text.slice(mark.length), hasMark: true } : { text, hasMark: false };
}
