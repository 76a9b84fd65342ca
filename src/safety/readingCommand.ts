/** Tells of a command line whether it provably only reads, inside the workspace. */
import type { Files } from '../core/filePorts.ts';
import type { Shell } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import { readingBash } from './readingBash.ts';
import { readingPowerShell } from './readingPowerShell.ts';

/** A command line that only reads. */
export interface ReadingCommand {
  /** The canonical roots that it may read in. */
  readonly roots: readonly string[];
  /** The PATH that it must run with; absent where it runs no program. */
  readonly searchPath?: string;
}

export interface ReadingPorts {
  readonly files: Pick<Files, 'canonical'>;
  readonly shell: Shell;
}

/**
 * What the line reads, where every part of it is known to read and print only, in folders of the workspace, with
 * programs from outside of it. Undefined for all else. Never rejects.
 */
export async function readingCommand(
  line: string,
  place: Place,
  ports: ReadingPorts,
): Promise<ReadingCommand | undefined> {
  const read = ports.shell.language === 'powershell' ? readingPowerShell : readingBash;
  return read(line, place, ports).catch(() => undefined);
}
