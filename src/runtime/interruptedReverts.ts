/** Ends the reverts that a dead host left under way: each file's hash says whether it is restored. */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EventBody } from '../core/events.ts';
import type { Files } from '../core/filePorts.ts';
import type { LeftFile, Revert, RevertedFile } from '../core/reverts.ts';
import type { SessionState } from '../core/states.ts';
import { removeTemporaries } from '../store/leftTemporaries.ts';
import { contentHash } from '../tools/contentHash.ts';

type LookingFiles = Pick<Files, 'readText' | 'bytesHash' | 'traits'>;

/** Never rejects. */
export async function revertEndings(state: SessionState, files: LookingFiles): Promise<readonly EventBody[]> {
  const events: EventBody[] = [];
  for (const revert of cutOffReverts(state)) {
    const notRestored: LeftFile[] = [];
    for (const file of revert.files)
      if (!(await isRestored(file, files)))
        notRestored.push({ path: file.path, why: 'the program was closed before it was restored' });
    events.push({ type: 'revert.ended', revertId: revert.id, notRestored });
  }
  return events;
}

/** Removes what the reverts of a dead host left half written beside their files. Never rejects. */
export async function removeHalfReverted(state: SessionState, ownPid: number): Promise<void> {
  // What bears our own number may be under way in another session.
  if (state.host.pid === ownPid) return;
  const folders = cutOffReverts(state).flatMap(({ files }) => files.map((file) => path.dirname(file.path)));
  for (const folder of new Set(folders)) await removeTemporaries(folder, state.host.pid);
}

/** The reverts that were under way when the host of their session died. */
export function cutOffReverts({ reverts }: SessionState): readonly Revert[] {
  return reverts.filter(({ notRestored }) => notRestored === undefined);
}

async function isRestored(
  { path: file, before, after, movedFrom, traits }: RevertedFile,
  files: LookingFiles,
): Promise<boolean> {
  const { signal } = new AbortController();
  const hashOf = (each: string) => contentHash(each, files, signal).catch(() => undefined);
  if ((await hashOf(file)) !== after) return false;
  if (movedFrom !== undefined) return (await hashOf(movedFrom)) === null;
  // The same text can have had other traits, and then those alone were to be restored.
  return before !== after || !isDeepStrictEqual(await files.traits(file), traits);
}
