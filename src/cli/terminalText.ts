/** Makes text of tools and models harmless for a terminal. */
import { visibleText, withoutSequences } from '../core/visibleText.ts';

/** The text without escape sequences, in lines; other control characters and hidden ones become visible signs. */
export function harmless(text: string): string {
  // A carriage return alone would let later text hide what stands before it.
  return visibleText(withoutSequences(text).replaceAll('\r\n', '\n'));
}
