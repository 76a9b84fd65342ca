/** Tells of paths that a model wrote for another system, or for a folder in place of a file; pure. */
import path from 'node:path';
import type { CallError } from '../core/calls.ts';

const separatesByBackslash = path.sep === '\\';

/** The reason why a path can't be that of a file that is to be made; undefined where it can. */
export function newFileProblem(named: string): CallError | undefined {
  if ((separatesByBackslash ? /[\\/]\.{0,2}$/ : /\/\.{0,2}$/).test(named)) {
    const message = `${named} names a folder, because of how it ends. Give the path of the file, with its name.`;
    return { kind: 'invalidInput', message };
  }
  if (separatesByBackslash || !named.includes('\\')) return undefined;
  const message = `${named} would be one name with a backslash in it: folders are separated by / here. Write ${withSlashes(named)}. Nothing was made.`;
  return { kind: 'invalidInput', message };
}

/** The error of a path that was not found, with the form in which the path is written on this system. */
export function withRightForm<T extends { readonly ok: false; readonly error: CallError }>(
  named: string,
  failure: T,
): { readonly ok: false; readonly error: CallError } {
  const { error } = failure;
  if (error.kind !== 'notFound' || separatesByBackslash || !named.includes('\\')) return failure;
  const message = `${error.message} Folders are separated by / here: ${withSlashes(named)}.`;
  return { ok: false, error: { ...error, message } };
}

function withSlashes(named: string): string {
  return named.replaceAll('\\', '/');
}
