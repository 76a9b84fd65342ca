/** Where tools work: paths as the model names them and sees them. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import type { Failed } from './askGit.ts';

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

/** The place with the folder as its working directory, or why it can't be. */
export async function placeAt<At extends Place>(
  cwd: string | undefined,
  place: At,
  files: Pick<Files, 'canonical'>,
): Promise<{ readonly ok: true; readonly place: At } | Failed> {
  if (cwd === undefined) return { ok: true, place };
  const resolved = await resolveInside(cwd, place, files);
  return resolved.ok ? { ok: true, place: { ...place, cwd: resolved.path } } : resolved;
}

/** As `placeAt`, for a look before the call: a folder that can't be is refused by the call itself. */
export async function placeOr(
  cwd: string | undefined,
  place: Place,
  files: Pick<Files, 'canonical'>,
): Promise<Place> {
  const at = await placeAt(cwd, place, files);
  return at.ok ? at.place : place;
}
