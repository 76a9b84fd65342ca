/** Finds the folder in which the matches of a glob can be. */
import path from 'node:path';
import type { Glob } from './globPattern.ts';
import type { LinkTarget, WalkDisk } from './walkDisk.ts';

/** `shown` is the path relative to the folder of the glob; `at` is canonical. */
export type GlobStart =
  | { readonly kind: 'folder'; readonly shown: string; readonly at: string; readonly missing?: string }
  | { readonly kind: 'file'; readonly shown: string }
  | { readonly kind: 'link'; readonly shown: string; readonly leadsTo: 'elsewhere' | 'nothing' };

/** Takes the beginning of a glob as names for as long as there is something with these names. Never rejects. */
export async function findGlobStart(folder: string, glob: Glob, disk: WalkDisk): Promise<GlobStart> {
  let at = folder;
  let shown = '';
  for (const [index, name] of glob.beginning.entries()) {
    const isLast = index === glob.beginning.length - 1;
    const next = shown === '' ? name : `${shown}/${name}`;
    const found = await look(path.join(at, name), disk);
    if (found.kind === 'elsewhere') return { kind: 'link', shown: next, leadsTo: found.kind };
    if (found.kind === 'file' && isLast && glob.matches(next)) return { kind: 'file', shown: next };
    if (found.kind === 'brokenLink' && isLast) return { kind: 'link', shown: next, leadsTo: 'nothing' };
    // With a bracket it can be a pattern, and the last name is the glob itself.
    if (found.kind !== 'folder')
      return { kind: 'folder', shown, at, ...(!isLast && !name.includes('[') && { missing: next }) };
    ({ at } = found);
    shown = next;
  }
  return { kind: 'folder', shown, at };
}

async function look(file: string, disk: WalkDisk): Promise<LinkTarget | { readonly kind: 'brokenLink' }> {
  const kind = await disk.kindOf(file);
  if (kind === 'file' || kind === 'folder') return { kind, at: file };
  if (kind !== 'link') return { kind: 'nothing' };
  const target = await disk.linkTarget(file);
  return target.kind === 'nothing' ? { kind: 'brokenLink' } : target;
}
