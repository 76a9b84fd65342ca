/** Where tools work: paths as the model names them and sees them. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';

/** How paths are shown to the model: relative to its working directory, with forward slashes. */
export interface ShownPaths {
  show(absolute: string): string;
}

/** The paths to show are canonical, so the working directory is made so too. */
export async function shownFrom(place: Place, files: Pick<Files, 'canonical'>): Promise<ShownPaths> {
  const cwd = await files.canonical(place.cwd);
  return {
    show(absolute) {
      const relative = path.relative(cwd, absolute);
      return relative === '' ? '.' : relative.split(path.sep).join('/');
    },
  };
}
