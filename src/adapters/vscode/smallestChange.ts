/** The part of a text that differs from another, in whole lines; pure. */

/** Replacing the characters from `start` to `end` with `newText` makes one text of the other. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** Whole lines, so that neither a CRLF nor a pair of surrogates is cut in two. */
export function smallestChange(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before[prefix] === after[prefix]) prefix += 1;
  let suffix = 0;
  while (suffix < shorter - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix += 1;
  const start = prefix === 0 ? 0 : before.lastIndexOf('\n', prefix - 1) + 1;
  const lineEnd = before.indexOf('\n', before.length - suffix);
  const kept = lineEnd === -1 ? 0 : before.length - lineEnd - 1;
  return { start, end: before.length - kept, newText: after.slice(start, after.length - kept) };
}
