/** The folder that a call of a git tool names, and the repositories to name instead where there is none. */
import path from 'node:path';
import { z } from 'zod';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { findGitFolder } from './gitFolder.ts';
import type { Failed } from './askGit.ts';

/** The property of the schemas; the path is resolved by `placeAt`. */
export const cwdInput = z
  .string()
  .min(1)
  .optional()
  .describe('The folder to run in; its repository is used. Default: the working directory.');

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

const mostNamed = 5;

/** The failure with the repositories below the folder that were meant, if it is that there is no repository here. */
export async function withRepositoriesBelow<Result>(
  result: Result | Failed,
  cwd: string,
  files: Pick<Files, 'names' | 'readText'>,
): Promise<Result | Failed> {
  const error = (result as Partial<Failed>).error;
  if (error?.kind !== 'notFound' || !error.message.endsWith('is in no git repository.')) return result;
  const below = await repositoriesBelow(cwd, files);
  if (below.length === 0) return result;
  const named = below.slice(0, mostNamed).map((name) => JSON.stringify(name));
  const message = `${error.message} Give "cwd": there are repositories in ${named.join(', ')}${below.length > mostNamed ? ' and others' : ''}.`;
  return { ok: false, error: { ...error, message } };
}

async function repositoriesBelow(
  folder: string,
  files: Pick<Files, 'names' | 'readText'>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await files.names(folder)) {
    const top = path.join(folder, name);
    if ((await findGitFolder(top, files))?.top === top) found.push(name);
  }
  return found.sort();
}
