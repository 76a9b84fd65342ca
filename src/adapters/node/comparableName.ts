/** Compares names of files that look the same and differ in their characters. */

/**
 * A name or path in a form that is the same for all that look like it: macOS takes accents apart, and names its screenshots with a
 * narrow blank that does not break.
 */
export function comparableName(name: string): string {
  return isAscii(name) ? name : name.normalize('NFC').replace(/[\u00a0\u202f]/g, ' ');
}

/** False if no other name can look like it. */
export function hasLookAlikes(name: string): boolean {
  return name.includes(' ') || !isAscii(name);
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
