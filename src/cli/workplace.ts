/** The folder that a command works in. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { FilePlace } from '../formats/fileProblem.ts';
import { readCwd } from '../formats/readCwd.ts';
import type { Workplace } from '../runtime/runtime.ts';

export type FoundWorkplace =
  { readonly ok: true; readonly workplace: Workplace } | { readonly ok: false; readonly message: string };

/** The folder of `--cwd`, or the one that the program was started in. */
export async function findWorkplace(startFolder: string, cwd: string | undefined): Promise<FoundWorkplace> {
  const folder = resolve(startFolder, cwd ?? '.');
  if (await isFolder(folder)) return found(folder);
  return { ok: false, message: `The folder ${folder} does not exist, or is no folder.` };
}

/** The folder for a file's work, or what is wrong with it at its place in the file. */
export async function findFileWorkplace(
  text: string,
  { file, cwd }: { readonly file: string; readonly cwd?: string },
  startFolder: string,
): Promise<
  | { readonly ok: true; readonly workplace: Workplace }
  | { readonly ok: false; readonly problem: { readonly message: string } & Partial<FilePlace> }
> {
  const named = cwd === undefined ? readCwd(text) : undefined;
  const found = named
    ? await findBatchWorkplace(startFolder, file, named.path)
    : await findWorkplace(startFolder, cwd);
  return found.ok ? found : { ok: false, problem: { message: found.message, ...named?.place } };
}

/**
 * The folder that a batch file names, relative to its own. A file can't send its calls to any place it likes: what
 * lies outside both its own folder and the one that the program was started in needs `--cwd`.
 */
async function findBatchWorkplace(startFolder: string, file: string, cwd: string): Promise<FoundWorkplace> {
  const folder = resolve(dirname(file), cwd);
  if (!(await isFolder(folder)))
    return { ok: false, message: `"cwd": the folder ${folder} does not exist, or is no folder.` };
  const canonical = await realpath(folder);
  const homes = await Promise.allSettled([realpath(startFolder), realpath(dirname(file))]);
  const isAllowed = homes.some((home) => home.status === 'fulfilled' && isInside(canonical, home.value));
  if (isAllowed) return found(folder);
  const message = `"cwd": the folder ${folder} lies outside of this one and of the file's. Pass --cwd to allow it.`;
  return { ok: false, message };
}

function found(folder: string): FoundWorkplace {
  return { ok: true, workplace: { cwd: folder, roots: [folder] } };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** True if a path is the folder or lies below it, as both are written. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
