/** Makes text of tools and models harmless for a terminal. */
import { stripVTControlCharacters } from 'node:util';

// Line feeds and tabs stay. A carriage return would let later text hide what stands before it.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const reordering = /[\u202a-\u202e\u2066-\u2069]/g;

/** The text without escape sequences; other control characters become visible signs. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replace(controls, visibleSign)
    .replace(reordering, '\uFFFD');
}

function visibleSign(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
}
