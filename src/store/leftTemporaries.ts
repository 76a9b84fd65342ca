/** Removes what a dead program's writes left in a folder. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isTemporaryOf } from '../core/temporaryFile.ts';

/** `pid` is that of the dead program. Never rejects: what can't be removed stays. */
export async function removeTemporaries(folder: string, pid: number): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const left = names.filter((name) => isTemporaryOf(pid, name));
  await Promise.allSettled(left.map((name) => rm(path.join(folder, name), { force: true })));
}
