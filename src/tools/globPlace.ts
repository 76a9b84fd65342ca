/** Finds the folder that a glob of a model starts from. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';

/** `folder` is a path as a model names it. */
export interface GlobPlace {
  readonly folder: string;
  readonly glob: string;
}

/**
 * The folder and the glob in it, if the glob is an absolute path below the folder or a folder of the workspace, or begins with
 * "../"; else both as they are. Never rejects.
 */
export async function globPlace(
  { folder, glob }: GlobPlace,
  place: Place,
  files: Pick<Files, 'canonical'>,
): Promise<GlobPlace> {
  if (/^\.\.(\/|$)/.test(glob)) return above({ folder, glob });
  if (!path.isAbsolute(glob)) return { folder, glob };
  for (const named of [folder, ...place.roots]) {
    const absolute = path.resolve(place.cwd, named);
    for (const start of [absolute, await files.canonical(absolute).catch(() => absolute)]) {
      if (glob === start) return { folder: named, glob: '.' };
      if (glob.startsWith(start.endsWith(path.sep) ? start : `${start}${path.sep}`))
        return { folder: named, glob: glob.slice(start.length).replace(/^[\\/]+/, '') || '.' };
    }
  }
  return { folder, glob };
}

function above({ folder, glob }: GlobPlace): GlobPlace {
  const names = glob.split('/');
  const down = names.findIndex((name) => name !== '..');
  const steps = down === -1 ? names : names.slice(0, down);
  const rest = down === -1 ? [] : names.slice(down);
  return { folder: path.join(folder, ...steps), glob: rest.join('/') || '.' };
}
