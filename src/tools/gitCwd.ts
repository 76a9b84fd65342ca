/** The folder that a call of a git tool names, and the repositories to name instead where there is none. */
import path from 'node:path';
import { z } from 'zod';
import type { Files } from '../core/filePorts.ts';
import { findGitFolder } from './gitFolder.ts';
import type { Failed } from './askGit.ts';

/** The property of the schemas; the path is resolved by `placeAt` of `places.ts`. */
export const cwdInput = z
  .string()
  .min(1)
  .optional()
  .describe('The folder to run in; its repository is used. Default: the working directory.');

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
