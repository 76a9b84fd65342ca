/** Lists the files below a folder that match a glob. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { globbyStream } from 'globby';
import type { CallError } from '../../core/calls.ts';
import type { FileListing } from '../../core/filePorts.ts';
import { insideOnly } from './insideOnly.ts';
import { isInside } from './isInside.ts';
import { readError } from './readRegularFile.ts';

const maxGlobChars = 1000;
// Sorting needs all matches; this many bound the memory.
const maxCollected = 200_000;

export async function listFiles(
  folder: string,
  glob: string,
  limit: number,
  signal: AbortSignal,
): Promise<FileListing> {
  const problem = (await folderProblem(folder)) ?? globProblem(glob);
  if (problem !== undefined) return { ok: false, error: problem };
  try {
    const root = await realpath(folder);
    const found = await collect(root, glob, signal);
    const inside = await keepInside(root, found.paths);
    inside.sort();
    return { ok: true, paths: inside.slice(0, limit), isCut: found.isCut || inside.length > limit };
  } catch (error) {
    if (signal.aborted) return failure('cancelled', `Listing ${folder} was stopped.`);
    return failure(
      'io',
      `${folder} could not be listed: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

/** How a folder is walked, on a disk and elsewhere: ignore rules apply, and no link is followed. */
export const walkOptions = {
  gitignore: true,
  dot: true,
  ignore: ['**/.git/**'],
  followSymbolicLinks: false,
  expandDirectories: false,
  suppressErrors: true,
};

async function collect(
  folder: string,
  glob: string,
  signal: AbortSignal,
): Promise<{ paths: string[]; isCut: boolean }> {
  const paths: string[] = [];
  signal.throwIfAborted();
  // The library takes no signal: reading the ignore files can't be stopped, the walk is by leaving the loop.
  const stream = globbyStream(glob, {
    ...walkOptions,
    cwd: folder,
    fs: insideOnly(folder),
  });
  for await (const found of stream) {
    signal.throwIfAborted();
    paths.push(String(found));
    if (paths.length >= maxCollected) return { paths, isCut: true };
  }
  return { paths, isCut: false };
}

// A fixed beginning of a glob can be a link that leads out, by which the library also names a single file.
async function keepInside(root: string, paths: readonly string[]): Promise<string[]> {
  const isKept = new Map<string, boolean>();
  const kept: string[] = [];
  for (const found of paths) {
    const parent = path.posix.dirname(found);
    if (!isKept.has(parent)) isKept.set(parent, await isBelow(root, path.join(root, parent)));
    if (isKept.get(parent)) kept.push(found);
  }
  return kept;
}

async function isBelow(root: string, folder: string): Promise<boolean> {
  return realpath(folder).then(
    (real) => isInside(root, real),
    () => false,
  );
}

async function folderProblem(folder: string): Promise<CallError | undefined> {
  try {
    if ((await stat(folder)).isDirectory()) return undefined;
    return { kind: 'invalidInput', message: `${folder} is a file. Give the folder, or use read_file.` };
  } catch (error) {
    return readError(folder, error);
  }
}

function globProblem(glob: string): CallError | undefined {
  const invalid = (message: string): CallError => ({ kind: 'invalidInput', message });
  if (glob.length > maxGlobChars) return invalid(`The pattern is longer than ${maxGlobChars} characters.`);
  if (glob.startsWith('!')) return invalid('A pattern says what to find; it can’t begin with "!".');
  if (
    path.posix.isAbsolute(glob) ||
    path.win32.isAbsolute(glob) ||
    /(^|[/\\{,(|])\.\.($|[/\\},)|])/.test(glob)
  ) {
    return invalid(
      'The pattern must be relative to its folder, without "..". Give another folder in "path" instead.',
    );
  }
  return undefined;
}

function failure(kind: CallError['kind'], message: string): FileListing {
  return { ok: false, error: { kind, message } };
}
