/** The sessions that this program owns: takes them, ends what a dead owner left running, and gives them up. */
import type { SessionId } from '../core/events.ts';
import type { Log } from '../core/ports.ts';
import type { ProcessIdentity, RunningProcesses } from '../core/processPorts.ts';
import { forgetProcesses, leftProcesses } from '../store/leftProcesses.ts';
import type { SessionFolders } from '../store/sessionFolders.ts';
import { ownerOf, takeSession } from '../store/sessionOwner.ts';

export interface SessionHoldsPorts {
  readonly folders: SessionFolders;
  readonly runningProcesses: RunningProcesses;
  readonly log: Log;
}

export class SessionHolds {
  private readonly ports: SessionHoldsPorts;
  private readonly releases = new Map<SessionId, () => void>();
  private us: Promise<ProcessIdentity> | undefined;

  constructor(ports: SessionHoldsPorts) {
    this.ports = ports;
  }

  /** Whether the session is ours now; false where another program that runs has it. */
  async take(id: SessionId): Promise<boolean> {
    const { folders, runningProcesses } = this.ports;
    this.us ??= runningProcesses.find(process.pid).then((found) => found ?? { pid: process.pid });
    const ownership = await takeSession(folders.owners(id), await this.us, runningProcesses);
    if (ownership.kind === 'theirs') return false;
    this.releases.set(id, ownership.release);
    await this.endLeftProcesses(id);
    return true;
  }

  has(id: SessionId): boolean {
    return this.releases.has(id);
  }

  /** Whether any program that runs, this one too, has the session. */
  async isOwned(id: SessionId): Promise<boolean> {
    const { folders, runningProcesses } = this.ports;
    return (await ownerOf(folders.owners(id), runningProcesses)) !== undefined;
  }

  /** At once, because the program may be about to end. */
  giveUp(id: SessionId): void {
    this.releases.get(id)?.();
    this.releases.delete(id);
  }

  giveUpAll(): void {
    for (const id of [...this.releases.keys()]) this.giveUp(id);
  }

  private async endLeftProcesses(id: SessionId): Promise<void> {
    const { folders, runningProcesses, log } = this.ports;
    const left = await leftProcesses(folders.running(id));
    const ended = await Promise.allSettled(left.map((one) => runningProcesses.end(one)));
    const count = ended.filter((end) => end.status === 'fulfilled' && end.value).length;
    if (count > 0)
      log.info(`Ended ${count} commands that session ${id} had left running when its program died.`);
    await forgetProcesses(folders.running(id));
  }
}
