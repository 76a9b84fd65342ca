/** Finds what leads git from inside a repository to what lies outside the workspace. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import { readNames } from './gitNames.ts';

type WayOutFiles = Pick<Files, 'canonical' | 'readText' | 'links'>;

type IsAllowed = (canonical: string) => boolean;

/** Says in words which part of a repository leads out; undefined if none does. The folders are canonical. */
export async function findWayOut(
  { gitDir, commonDir }: { readonly gitDir: string; readonly commonDir: string },
  isAllowed: IsAllowed,
  files: WayOutFiles,
): Promise<string | undefined> {
  for (const folder of new Set([gitDir, commonDir])) {
    for (const link of await files.links(folder, isRead)) {
      const canonical = await files.canonical(path.join(folder, link));
      if (!neverShown.has(link) && !isAllowed(canonical)) return `${link} leads to ${canonical}`;
    }
  }
  return findStoreOutside(path.join(commonDir, 'objects'), isAllowed, files, deepestStore);
}

// Git shows lines of each file in these folders, or the objects in it, if only in a complaint about it.
const read: ReadonlySet<string> = new Set([
  ...[
    'refs',
    'logs',
    'info',
    'objects',
    'reftable',
    'worktrees',
    'sequencer',
    'rebase-merge',
    'rebase-apply',
  ],
]);

const neverShown: ReadonlySet<string> = new Set([
  ...['hooks', 'lfs', 'annex', 'description', 'gc.log', 'COMMIT_EDITMSG'],
]);

function isRead(folder: string): boolean {
  const [first = '', second] = folder.split('/');
  // The folders of loose objects are many, and may themselves not be links.
  return read.has(first) && (first !== 'objects' || second === undefined || /^(pack|info)$/.test(second));
}

/** Git itself follows no more. */
const deepestStore = 5;
const maxBytes = 64 * 1024;

/** A store names further ones, from which git takes what it lacks. */
async function findStoreOutside(
  objects: string,
  isAllowed: IsAllowed,
  files: WayOutFiles,
  deepest: number,
): Promise<string | undefined> {
  const file = path.join(objects, 'info/alternates');
  const named = await files.readText(file, maxBytes, new AbortController().signal);
  if (!named.ok) return named.error.kind === 'notFound' ? undefined : `${file} can't be read`;
  for (const line of readNames(named.text)) {
    if (line.startsWith('#')) continue;
    const store = await files.canonical(path.resolve(objects, line));
    if (!isAllowed(store)) return `objects/info/alternates names the objects in ${store}`;
    const further = deepest > 0 ? await findStoreOutside(store, isAllowed, files, deepest - 1) : undefined;
    if (further !== undefined) return further;
  }
  return undefined;
}
