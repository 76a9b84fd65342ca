/** Walks a tree of files in the order of their paths. */
import path from 'node:path';
import { ignoring, type Ignoring } from './ignoreRules.ts';
import { below, rulesInside, type FolderRules, type RuleReader } from './ignoreSources.ts';
import type { EntryKind, WalkEntry } from './walkDisk.ts';

// Folders whose reads are started before they are needed, because a disk answers several at a time sooner.
const mostReadsAhead = 24;
const looksAhead = 200;

export interface WalkStart {
  /** Canonical. */
  readonly folder: string;
  /** Those that the folder has from outside. Undefined: nothing is ignored. */
  readonly rules: FolderRules | undefined;
  readonly reader: RuleReader;
}

export interface WalkedEntry {
  /** Relative to the folder of the start, with forward slashes. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Of an entry that is ignored, or is in an ignored folder, and is not tracked. */
  readonly ignoredBy: Ignoring | undefined;
  /** Of an ignored folder: true if a file in it is tracked. */
  readonly hasTracked: boolean;
}

export interface WalkVisitor {
  /** Asked of folders, any number of times. */
  enters(folder: WalkedEntry): boolean;
  /** Told of each entry in order. False ends the walk. */
  visit(entry: WalkedEntry): boolean | Promise<boolean>;
  /** Told of a folder that could not be read; the empty path is the folder of the start. */
  unreadable(folder: string, cause: unknown): void;
}

/** Leaves `.git` out and follows no link. Rejects if it is stopped. */
export async function walkTree(start: WalkStart, visitor: WalkVisitor, signal: AbortSignal): Promise<void> {
  const first = { path: '', kind: 'folder', ignoredBy: undefined, hasTracked: false } as const;
  const waiting: Waiting[] = [{ ...first, rules: start.rules }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    signal.throwIfAborted();
    const isStart = next.path === '';
    if (!isStart && !(await visitor.visit(next))) return;
    if (next.kind !== 'folder' || !(isStart || visitor.enters(next))) continue;
    const read = await (next.read ?? readFolder(start, next));
    if (read.ok) waiting.push(...read.entries);
    else visitor.unreadable(next.path, read.cause);
    readAhead(start, waiting, visitor);
  }
}

interface Waiting extends WalkedEntry {
  /** Of a folder those that it has from outside. */
  readonly rules: FolderRules | undefined;
  read?: Promise<FolderRead>;
}

type FolderRead =
  | { readonly ok: true; readonly entries: readonly Waiting[] }
  | { readonly ok: false; readonly cause: unknown };

function readAhead(start: WalkStart, waiting: readonly Waiting[], visitor: WalkVisitor): void {
  let reads = 0;
  for (let index = waiting.length - 1; index >= 0 && index >= waiting.length - looksAhead; index -= 1) {
    const next = waiting[index];
    if (next?.kind !== 'folder' || !visitor.enters(next)) continue;
    next.read ??= readFolder(start, next);
    reads += 1;
    if (reads === mostReadsAhead) return;
  }
}

/** The entries of a folder, the last one first. Never rejects. */
async function readFolder(start: WalkStart, folder: Waiting): Promise<FolderRead> {
  const absolute = path.join(start.folder, folder.path);
  try {
    const entries = await start.reader.disk.readFolder(absolute);
    const names = new Set(entries.map(({ name }) => name));
    const { rules: outside, ignoredBy } = folder;
    const rules = outside && !ignoredBy ? await rulesInside(absolute, names, outside, start.reader) : outside;
    const waiting: Waiting[] = [];
    for (const entry of entries)
      if (entry.name !== '.git') waiting.push(await waitingOf(entry, folder, rules));
    return { ok: true, entries: waiting.sort((one, other) => (orderOf(one) < orderOf(other) ? 1 : -1)) };
  } catch (cause) {
    return { ok: false, cause };
  }
}

async function waitingOf(
  entry: WalkEntry,
  folder: Waiting,
  rules: FolderRules | undefined,
): Promise<Waiting> {
  const { name, kind } = entry;
  const isFolder = kind === 'folder';
  const inside = `${rules?.base ?? ''}${name}`;
  const ignoredBy = folder.ignoredBy ?? ignoring(inside, isFolder, rules?.rules);
  const tracked = ignoredBy && (await rules?.tracked?.());
  const isTracked = !isFolder && tracked?.has(inside) === true;
  return {
    path: folder.path === '' ? name : `${folder.path}/${name}`,
    kind,
    ignoredBy: isTracked ? undefined : ignoredBy,
    hasTracked: isFolder && tracked?.hasBelow(inside) === true,
    rules: rules && isFolder ? below(rules, name) : undefined,
  };
}

// What is in a folder comes where the folder's name with a slash comes, so that whole paths are in order.
function orderOf({ path: file, kind }: Waiting): string {
  return kind === 'folder' ? `${file}/` : file;
}
