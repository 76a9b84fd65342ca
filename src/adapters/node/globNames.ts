/** One alternative of a glob: what each name of a path must be. */
import { comparableName } from './comparableName.ts';
import { compileWildcards, type Wildcards } from './wildcards.ts';

/** `folders` stands for no folder or any number of them. */
export type GlobName = { readonly kind: 'folders' } | NamedPart;

interface NamedPart {
  readonly kind: 'name';
  /** As it was written, in its comparable form. */
  readonly written: string;
  readonly wildcards: Wildcards;
}

const folders: GlobName = { kind: 'folders' };

/** The names of a pattern without braces. A slash at its end, and no name at all, stand for all that is in the folder. */
export function readNames(pattern: string): readonly GlobName[] {
  const written = comparableName(pattern).split('/');
  const names = written.filter((name) => name !== '' && name !== '.').map(readName);
  const isOpen = names.length === 0 || names.at(-1)?.kind === 'folders';
  if (isOpen) return [...names, folders, readName('*')];
  return written.at(-1) === '' ? [...names, folders, readName('*')] : names;
}

function readName(written: string): GlobName {
  if (written === '**') return folders;
  return { kind: 'name', written, wildcards: compileWildcards(written) };
}

/** True if the pattern matches the path, or ends with the written name of a folder that holds it. */
export function matchesNames(pattern: readonly GlobName[], names: readonly string[]): boolean {
  if (matchesAll(pattern, names)) return true;
  const last = pattern.at(-1);
  return names.some(
    (name, index) =>
      index < names.length - 1 && isWritten(last, name) && matchesAll(pattern, names.slice(0, index + 1)),
  );
}

/** False if the pattern matches nothing below the folder. */
export function mayMatchBelow(pattern: readonly GlobName[], folder: readonly string[]): boolean {
  const open = pattern.findIndex(({ kind }) => kind === 'folders');
  const fixed = open === -1 ? pattern : pattern.slice(0, open);
  const isOnTheWay = folder.every((name, index) => {
    const part = fixed[index];
    return part === undefined || matchesName(part, name);
  });
  if (!isOnTheWay) return false;
  if (open !== -1 || folder.length < fixed.length) return true;
  return isWritten(fixed.at(-1), folder[fixed.length - 1]);
}

/** True if the name is the pattern's own text, taken as it was written or without its escapes. */
function isWritten(part: GlobName | undefined, name: string | undefined): boolean {
  return part?.kind === 'name' && (part.written === name || part.wildcards.literal === name);
}

function matchesName(part: GlobName, name: string): boolean {
  return part.kind === 'name' && (part.written === name || part.wildcards.matches(name));
}

// Goes back to the last `folders` alone: what an earlier one could take more would leave less to this one.
function matchesAll(pattern: readonly GlobName[], names: readonly string[]): boolean {
  let part = 0;
  let at = 0;
  let retry: { readonly part: number; at: number } | undefined;
  for (;;) {
    const next = pattern[part];
    const name = names[at];
    if (next === undefined && name === undefined) return true;
    if (next?.kind === 'folders') {
      part += 1;
      retry = { part, at };
    } else if (next !== undefined && name !== undefined && matchesName(next, name)) {
      part += 1;
      at += 1;
    } else if (retry !== undefined && retry.at < names.length) {
      retry.at += 1;
      ({ part, at } = retry);
    } else {
      return false;
    }
  }
}
