/** Tells a text from binary data, by the part of it that can't be read; pure. */
import { signOf } from './visibleText.ts';

/** From this part of NULs and of signs for bytes that are no character on, nothing is shown. */
const binaryShare = 0.3;

/** How a NUL is seen in a text that is shown. */
const nulSign = '␀';

/** `ownSigns`: the number of U+FFFD that stand in the text for themselves. */
export function isMostlyUnreadable(text: string, ownSigns = 0): boolean {
  const unreadable = countOf(text, '\0') + countOf(text, '\ufffd') - ownSigns;
  return unreadable > 0 && unreadable >= text.length * binaryShare;
}

export function withVisibleNuls(text: string): string {
  return text.replaceAll('\0', nulSign);
}

/** For a text that was not rendered: all that drives a terminal is seen as a sign. */
export function withVisibleControls(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, signOf);
}

/** A text, or its bytes in UTF-8. */
interface Searched {
  indexOf(wanted: string, from?: number): number;
}

export function countOf(text: Searched, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
