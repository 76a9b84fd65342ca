/** Follows the links of a path one by one. */
import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';

const maxLinks = 40;

/** Looks at each place once, so it is for one look at many paths. */
export function linkFollower(): (file: string) => Promise<readonly string[]> {
  const targets = new Map<string, Promise<string | undefined>>();
  const look: LookAtLink = (place) => {
    const target = targets.get(place) ?? targetOf(place);
    targets.set(place, target);
    return target;
  };
  return (file) => wayTo(file, look);
}

/** The target of a link; undefined where there is none. */
type LookAtLink = (place: string) => Promise<string | undefined>;

/**
 * Lists the places that the way to a file passes. Each link is named by the canonical folder that holds it,
 * and the last place is the file itself. Write access to one of these places decides what the path means.
 * Rejects at a ring of links, and if a folder can't be looked into.
 */
async function wayTo(file: string, look: LookAtLink): Promise<readonly string[]> {
  const places: string[] = [];
  let at = path.parse(path.resolve(file)).root;
  const rest = segmentsOf(path.resolve(file));
  for (let segment = rest.shift(); segment !== undefined; segment = rest.shift()) {
    const next = path.resolve(at, segment);
    const target = await look(next);
    if (target === undefined) {
      at = next;
      continue;
    }
    places.push(next);
    if (places.length > maxLinks) throw new Error(`Too many links: ${file}`);
    if (path.isAbsolute(target)) at = path.parse(target).root;
    rest.unshift(...segmentsOf(target));
  }
  return [...places, at];
}

function segmentsOf(file: string): string[] {
  const relative = path.isAbsolute(file) ? file.slice(path.parse(file).root.length) : file;
  return relative.split(path.sep).filter((segment) => segment !== '' && segment !== '.');
}

async function targetOf(place: string): Promise<string | undefined> {
  try {
    return (await lstat(place)).isSymbolicLink() ? await readlink(place) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
