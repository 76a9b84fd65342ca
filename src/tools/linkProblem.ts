/** Keeps delete_file and rename_file from following a link to a file that was not named. */
import path from 'node:path';
import type { CallError } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { shownFrom } from './places.ts';

/** Why a path that leads to `resolved` may be neither deleted nor renamed: its last part is a link. */
export async function linkProblem(
  named: string,
  resolved: string,
  place: Place,
  files: Pick<Files, 'canonical' | 'isLink'>,
): Promise<CallError | undefined> {
  if (!(await files.isLink(path.resolve(place.cwd, named)))) return undefined;
  const target = (await shownFrom(place, files)).show(resolved);
  const message = `${named} is a link to ${target}. Links are neither deleted nor renamed; name the file itself if that is meant.`;
  return { kind: 'refused', message };
}
