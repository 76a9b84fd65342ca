/** Finds out if the program was started so that the end of its terminal is nothing to it, as by `nohup`. */
import { fstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * True if traces of `nohup` are found, or if the parent ignores the signal too. The process itself can't
 * tell: Node gives each ignored signal its default back before any of our code runs.
 */
export function ignoresHangup(): boolean {
  if (process.platform === 'win32') return false;
  return isStartedByNohup() || doesParentIgnoreHangup();
}

/** bash and zsh name in `_` what they started; `nohup` itself leaves two traces where the terminal was a stream. */
function isStartedByNohup(): boolean {
  return (
    path.basename(process.env['_'] ?? '') === 'nohup' ||
    path.basename(attempt(() => readlinkSync('/proc/self/fd/1')) ?? '') === 'nohup.out' ||
    isNullForWriting()
  );
}

/** `nohup` puts the null device in place of a terminal's input, opened so that reading from it fails. */
function isNullForWriting(): boolean {
  const flags = attempt(
    () => /^flags:\s*0*([0-7]+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1],
  );
  if (flags === undefined || (parseInt(flags, 8) & 3) !== 1) return false;
  return attempt(() => fstatSync(0).rdev === statSync('/dev/null').rdev) ?? false;
}

/** A shell that was told to ignore it (`trap '' HUP`), or that runs below `nohup`, hands that on to what it starts. */
function doesParentIgnoreHangup(): boolean {
  const status = attempt(() => readFileSync(`/proc/${process.ppid}/status`, 'utf8')) ?? '';
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return ignored !== undefined && (BigInt(`0x${ignored}`) & 1n) === 1n; // Signal 1 is SIGHUP.
}

/** Undefined where the system does not say. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
