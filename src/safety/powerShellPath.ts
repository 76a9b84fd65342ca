/** Says which words PowerShell takes for a path of the disk, and for the same path as everybody. */
import path from 'node:path';
import { malformed } from './containment.ts';

/**
 * The path in a spelling that this system resolves as PowerShell does; undefined where PowerShell may see another one in
 * it: a drive of a provider (`env:`), the home folder, a folder of the current drive, a stream, a device or a share, or
 * where Windows drops something of a name. The last segment may be a pattern.
 */
export function powerShellPath(named: string): string | undefined {
  if (!plain.test(named) || malformed(named, 'win32') !== undefined) return undefined;
  const onDrive = /^[A-Za-z]:/.test(named);
  if (onDrive && !path.isAbsolute(named)) return undefined;
  const segments = named.slice(onDrive ? 2 : 0).split(/[\\/]/);
  if (!onDrive && segments[0] === '') return undefined;
  if (segments.slice(0, -1).some(isPattern) || segments.some(isDropped)) return undefined;
  return named.replaceAll('\\', '/');
}

/** Whether PowerShell puts in its place the files that it fits. */
export function isPattern(named: string): boolean {
  return /[*?]/.test(named);
}

// A tilde is the home folder or part of a short name, a backtick escapes, and brackets are a class of characters.
const plain = /^[^~`[\]<>|"\p{Cc}]+$/u;

// Windows leaves out blanks and dots at the end of a name, and some of its parts those before it.
function isDropped(segment: string): boolean {
  return segment !== '.' && segment !== '..' && /^ |[ .]$/.test(segment);
}
