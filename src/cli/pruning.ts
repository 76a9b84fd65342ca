/** Keeps the past sessions of a terminal's state folder within the limits that a window keeps too. */
import { nodeClock } from '../adapters/node/clock.ts';
import { createRunningProcesses } from '../adapters/node/runningProcesses.ts';
import type { SessionId } from '../core/events.ts';
import type { Log } from '../core/ports.ts';
import { PastSessions } from '../runtime/pastSessions.ts';
import { SessionFolders } from '../store/sessionFolders.ts';
import { ownerOf } from '../store/sessionOwner.ts';
import { defaults } from './manifest.ts';

const longestMs = 5000;

/** Deletes what is kept too long, within seconds. The sessions of this command stay. Never rejects. */
export type Prune = (own: ReadonlySet<SessionId>) => Promise<void>;

/** Notes the start of the program; the command prunes at its end. */
export function pruneAtEnd(stateDir: string, log: Log): Prune {
  const folders = new SessionFolders(stateDir);
  const processes = createRunningProcesses(nodeClock);
  const isOwned = async (id: SessionId): Promise<boolean> =>
    (await ownerOf(folders.owners(id), processes)) !== undefined;
  const past = new PastSessions({ stateDir, log, isOwned });
  const startedMs = nodeClock.monotonicMs();
  const startTime = past.noteStart(nodeClock.now());
  return async (spared) => {
    const now = (await startTime) + (nodeClock.monotonicMs() - startedMs);
    const signal = AbortSignal.timeout(longestMs);
    await past
      .prune(defaults.keepSessions, now, { spared, sparesUnresolved: true, signal })
      .catch((error: unknown) => log.warn(`Past sessions could not be looked through: ${String(error)}`));
  };
}
