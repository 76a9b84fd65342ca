/** How a matching line is shown: bounded, around its match. */
import { cutBefore } from '../../core/shorten.ts';

const maxChars = 500;
const charsBefore = 100;

/** The line without its end; of a long one the part around `matchStart`, with marks where it was cut. */
export function showLine(line: string, matchStart: number): string {
  const text = line.replace(/\r?\n?$/, '');
  if (text.length <= maxChars) return text;
  const from = cutBefore(text, Math.max(0, matchStart - charsBefore));
  const to = cutBefore(text, from + maxChars);
  return `${from > 0 ? '[...]' : ''}${text.slice(from, to)}${to < text.length ? '[...]' : ''}`;
}
