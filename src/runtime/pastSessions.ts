/** The sessions on disk: lists them, deletes them, and keeps their age and their size within limits. */
import type { SessionId, SessionKind } from '../core/events.ts';
import type { Log } from '../core/ports.ts';
import { SessionFolders } from '../store/sessionFolders.ts';
import { SessionShelf } from '../store/sessionShelf.ts';

/** A session on disk, for a list. Times are epoch milliseconds. */
export interface SessionSummary {
  readonly id: SessionId;
  readonly kind: SessionKind;
  readonly title: string;
  readonly cwd: string;
  readonly startedAt: number;
  /** When its journal was written last. */
  readonly lastAt: number;
  /** It goes on somewhere, or it was interrupted and is neither resumed nor dismissed. */
  readonly isUnresolved: boolean;
}

/** How long and how much is kept. */
export interface KeepLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

export interface PastSessionsOptions {
  /** Absolute. */
  readonly stateDir: string;
  readonly log: Log;
  /** Whether a program that runs, this one too, has the session. */
  readonly isOwned: (id: SessionId) => Promise<boolean>;
}

/** Light: it can be used without a runtime. */
export class PastSessions {
  private readonly folders: SessionFolders;
  private readonly shelf: SessionShelf;
  private readonly options: PastSessionsOptions;

  constructor(options: PastSessionsOptions) {
    this.options = options;
    this.folders = new SessionFolders(options.stateDir);
    this.shelf = new SessionShelf(options.stateDir);
  }

  /** Newest first; what can't be read is passed over. */
  async list(): Promise<readonly SessionSummary[]> {
    const summaries: SessionSummary[] = [];
    for (const event of await this.folders.firstEvents()) {
      if (event.type !== 'session.started') continue;
      const { sessionId: id, kind, title, cwd, at: startedAt } = event;
      const lastAt = Math.max(startedAt, await this.shelf.lastWrittenAt(id));
      const isUnresolved = await this.shelf.isMarked(id);
      summaries.push({ id, kind, title, cwd, startedAt, lastAt, isUnresolved });
    }
    return summaries;
  }

  /** Those without a last word whose host is gone, oldest first. */
  async interrupted(): Promise<readonly SessionSummary[]> {
    const interrupted: SessionSummary[] = [];
    for (const summary of (await this.list()).toReversed())
      if (summary.isUnresolved && !(await this.options.isOwned(summary.id))) interrupted.push(summary);
    return interrupted;
  }

  /** Rejects with a message for a person while a program has the session. The caller has asked the person. */
  async delete(id: SessionId): Promise<void> {
    if (!(await this.shelf.ids()).includes(id)) throw new Error(`There is no session ${id}.`);
    if (await this.options.isOwned(id))
      throw new Error('This session is open in another window or terminal. Close it there first.');
    await this.shelf.remove(id);
  }

  /**
   * Deletes what is too old, then the oldest while all together is too large. What a program has is never deleted, and
   * what is unresolved only by its age. Settles with the ids of the deleted ones; a failure is logged.
   */
  async prune({ maxAgeMs, maxBytes }: KeepLimits, now: number): Promise<readonly SessionId[]> {
    await this.shelf.finishRemovals().catch((error: unknown) => this.warn('Deleted sessions', error));
    const sessions = await this.measured();
    let bytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
    const deleted: SessionId[] = [];
    for (const { id, lastAt, isUnresolved, bytes: own } of sessions) {
      const isOld = now - lastAt > maxAgeMs;
      const isTooMuch = bytes > maxBytes && !isUnresolved;
      if ((!isOld && !isTooMuch) || !(await this.deleted(id))) continue;
      bytes -= own;
      deleted.push(id);
    }
    return deleted;
  }

  /** Those that went longest without a write come first. */
  private async measured(): Promise<readonly (Measured & { readonly id: SessionId })[]> {
    const sessions: (Measured & { readonly id: SessionId })[] = [];
    for (const id of await this.shelf.ids()) {
      const lastAt = await this.shelf.lastWrittenAt(id);
      // Without a journal it is just being made, or nothing that anybody could open.
      if (lastAt === 0) continue;
      sessions.push({
        id,
        lastAt,
        isUnresolved: await this.shelf.isMarked(id),
        bytes: await this.shelf.bytes(id),
      });
    }
    return sessions.sort((a, b) => a.lastAt - b.lastAt);
  }

  private async deleted(id: SessionId): Promise<boolean> {
    try {
      if (await this.options.isOwned(id)) return false;
      await this.shelf.remove(id);
      return true;
    } catch (error) {
      this.warn(`Session ${id}`, error);
      return false;
    }
  }

  private warn(what: string, error: unknown): void {
    this.options.log.warn(`${what} could not be deleted: ${String(error)}`);
  }
}

interface Measured {
  readonly lastAt: number;
  readonly isUnresolved: boolean;
  readonly bytes: number;
}
