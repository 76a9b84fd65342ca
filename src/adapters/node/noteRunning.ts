/** Notes on disk that a command runs, so that whoever comes after a crash of this program can end it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Disposable } from '../../core/emitter.ts';
import type { NotedProcess } from '../../core/processPorts.ts';
import { findProcess, findProcessNow } from './processIdentity.ts';

/**
 * The note is there when this returns, as the file `<pid>` of the folder; disposing takes it away. The process leads its own
 * group, whose id is its own. A note that can't be written, as on a full disk, is done without.
 */
export function noteRunning(folder: string, pid: number, mark: string): Disposable {
  const file = path.join(folder, String(pid));
  const identity = findProcessNow(pid);
  let isOver = identity === undefined;
  if (identity) note(file, { ...identity, mark });
  // Where only another program tells the start, it comes later; until then nobody would end the process.
  if (identity && identity.start === undefined)
    void findProcess(pid).then((found) => {
      if (!isOver && found) note(file, { ...found, mark });
    });
  return {
    dispose() {
      isOver = true;
      rmSync(file, { force: true });
    },
  };
}

function note(file: string, identity: NotedProcess): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  } catch {
    // The command's intent is in the journal all the same.
  }
}
