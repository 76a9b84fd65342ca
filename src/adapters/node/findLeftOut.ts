/** Looks for a pattern in the files that a search leaves out, so that it is not called absent. */
import path from 'node:path';
import type { Unsearched } from '../../core/filePorts.ts';
import { argumentsForFiles, searchedPlace } from './ripgrepArguments.ts';
import { runRipgrep, type Ripgrep } from './runRipgrep.ts';
import { isWantedFile, type SearchTarget } from './textSearch.ts';
import { UnsearchedPlaces } from './unsearchedPlaces.ts';

const mostFiles = 20;

/**
 * The ignored and binary files that hold a match, after a search that found none; or the word that they were not searched, where
 * that takes longer than `limitMs`. Never rejects.
 */
export async function findLeftOut(
  ripgrep: Ripgrep,
  target: SearchTarget,
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly Unsearched[]> {
  if (!target.isFolder) return [];
  const place = await searchedPlace(target);
  const found = new UnsearchedPlaces();
  const stop = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop.abort();
  }, limitMs);
  const run = {
    args: argumentsForFiles(target, place),
    cwd: target.query.path,
    onLine: ({ start }: { readonly start: Buffer }) => {
      const file = path.resolve(place, start.toString());
      if (isWantedFile(file, target)) found.add('leftOut', file);
      if (found.count('leftOut') >= mostFiles) stop.abort();
    },
    onErrorLine: () => undefined,
  };
  await runRipgrep(ripgrep, run, AbortSignal.any([signal, stop.signal]));
  clearTimeout(timer);
  if (isLate && found.count('leftOut') === 0) found.add('ignored', undefined);
  return found.all();
}
