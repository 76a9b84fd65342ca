/** Finds the files that a shell may put in the place of a pattern. */
import type { Files } from '../core/filePorts.ts';
import type { Disk } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import { resolveInside } from './containment.ts';

export interface GlobPorts {
  readonly files: Pick<Files, 'canonical'>;
  readonly disk: Disk;
}

const maxMatches = 1000;
const maxWildcards = 4;

/**
 * The names that a pattern may stand for in a folder, at least all that any shell finds; none where it stays as it is.
 * Undefined where there are too many, where one would be taken for an option, or where the search leaves the workspace.
 * May reject.
 */
export async function globMatches(
  pattern: string,
  place: Place,
  ports: GlobPorts,
): Promise<readonly string[] | undefined> {
  if (pattern.replace(/[^*?]/g, '').length > maxWildcards) return undefined;
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const segment of pattern.split('/').filter((each) => each !== '')) {
    const next: string[] = [];
    for (const folder of found) {
      const names = await namesFor(segment, folder, place, ports);
      if (names === undefined) return undefined;
      // The way that it is written is kept: `./-x` is no option.
      for (const name of names)
        next.push(folder === '' || folder === '/' ? folder + name : `${folder}/${name}`);
      if (next.length > maxMatches) return undefined;
    }
    found = next;
  }
  return found.some((name) => name.startsWith('-')) ? undefined : found;
}

async function namesFor(
  segment: string,
  folder: string,
  place: Place,
  { files, disk }: GlobPorts,
): Promise<readonly string[] | undefined> {
  if (!/[*?]/.test(segment)) return [segment];
  const resolved = await resolveInside(folder === '' ? '.' : folder, place, files);
  if (!resolved.ok) return undefined;
  const names = await disk.names(resolved.path);
  const fits = matcher(segment.normalize());
  // A pattern that begins with a dot finds the folder above in some shells.
  return (
    names &&
    ['..', ...names].filter(
      (name) => (name !== '..' || segment.startsWith('.')) && fits.test(name.normalize()),
    )
  );
}

// More than it finds: names that begin with a dot, names whose letters are put together in another way, and for a question mark each byte of a character or the whole.
function matcher(segment: string): RegExp {
  const source = segment
    .replace(/[.+=^$()|[\]{}\\-]/g, String.raw`\$&`)
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.{0,4}');
  return new RegExp(`^${source}$`, 's');
}
