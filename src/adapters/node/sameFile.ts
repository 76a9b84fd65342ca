/** Compares what the system tells of a file with what it told before. */
import type { Stats } from 'node:fs';

/** True if a file is the same as before, unchanged. */
export function isUntouched(before: Stats, now: Stats | undefined): boolean {
  return (
    isSameFile(before, now) &&
    before.size === now?.size &&
    before.mtimeMs === now.mtimeMs &&
    before.ctimeMs === now.ctimeMs
  );
}

export function isSameFile(one: Stats, other: Stats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}
