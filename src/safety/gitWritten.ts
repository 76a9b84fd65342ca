/** Keeps git from writing through links in a repository's own folder. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { isInside } from './containment.ts';
import type { GitLocation } from './gitPlace.ts';

const hexadecimal = [...'0123456789abcdef'];
const writtenFiles = [
  ...['HEAD', 'index', 'ORIG_HEAD', 'COMMIT_EDITMSG', 'MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'AUTO_MERGE'],
  ...[
    'config',
    'config.worktree',
    'packed-refs',
    'sharedindex',
    'refs/stash',
    'logs/refs/stash',
    'logs/HEAD',
  ],
  ...[
    'objects/info',
    'objects/pack',
    ...hexadecimal.flatMap((a) => hexadecimal.map((b) => `objects/${a}${b}`)),
  ],
];

/**
 * What git would write to through a link that leads out of the workspace and of the repository, or undefined: it follows
 * a link in the place of a log, a branch or the last message. `branches` are those that may be written, beside the current one.
 */
export async function findWrittenLinkOut(
  { gitDir, commonDir }: GitLocation,
  branches: readonly string[],
  { roots }: Pick<Place, 'roots'>,
  files: Pick<Files, 'canonical' | 'readText'>,
): Promise<string | undefined> {
  const folders = [...new Set([gitDir, commonDir])];
  const allowed: string[] = [];
  for (const folder of [...roots, ...folders]) allowed.push(await files.canonical(folder));
  const current = await currentBranch(gitDir, files);
  const named = [...branches, ...(current === undefined ? [] : [current])];
  const names = [...writtenFiles, ...named.flatMap(filesOfBranch)];
  for (const folder of folders) {
    for (const name of names) {
      const canonical = await files.canonical(path.join(folder, name));
      if (!allowed.some((each) => isInside(each, canonical))) return `${name} leads to ${canonical}`;
    }
  }
  return undefined;
}

const maxBytesOfHead = 8192;

async function currentBranch(gitDir: string, files: Pick<Files, 'readText'>): Promise<string | undefined> {
  const read = await files.readText(path.join(gitDir, 'HEAD'), maxBytesOfHead, new AbortController().signal);
  return read.ok ? /^ref: refs\/heads\/(\S+)\s*$/.exec(read.text)?.[1] : undefined;
}

function filesOfBranch(branch: string): readonly string[] {
  return [`refs/heads/${branch}`, `logs/refs/heads/${branch}`];
}
