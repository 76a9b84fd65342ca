/** Gives a new file what another one has beside its bytes: its access list and its extended attributes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';

/** Node can neither read nor set them; GNU's `cp` can. It lies where only the machine's administrator can put a program. */
const program = '/bin/cp';
const preserved = '--preserve=mode,xattr';

/** True if this system's attributes can be copied at all. */
export const copiesAttributes: boolean = process.platform === 'linux';

/**
 * False where it can't be told that all was copied: on systems other than Linux, and without that program. Never rejects.
 * The files are handed over open, so that no path can lead elsewhere meanwhile.
 */
export async function copyAttributes(from: FileHandle, to: FileHandle): Promise<boolean> {
  if (!copiesAttributes) return false;
  const child = spawn(program, ['--attributes-only', preserved, '--', '/proc/self/fd/3', '/proc/self/fd/4'], {
    stdio: ['ignore', 'ignore', 'ignore', from.fd, to.fd],
    env: { LC_ALL: 'C' },
  });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } catch {
    return false; // It is not there, or could not be started.
  }
}
