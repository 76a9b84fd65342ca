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

export interface PruneOptions {
  /** Sessions that stay whatever their age and size. */
  readonly spared?: ReadonlySet<SessionId>;
  /** Also the age deletes no session without a last word. */
  readonly sparesUnresolved?: true;
  /** Ends the work early; the next time goes on. */
  readonly signal?: AbortSignal;
}

const longestTrustedMs = 24 * 60 * 60 * 1000;

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

  /** Newest first, without those that can't be read. */
  async list(): Promise<readonly SessionSummary[]> {
    const summaries: SessionSummary[] = [];
    for (const event of (await this.folders.firstEvents()).events) {
      if (event.type !== 'session.started') continue;
      const { sessionId: id, kind, title, cwd, at: startedAt } = event;
      const lastAt = Math.max(startedAt, await this.shelf.lastWrittenAt(id));
      const isUnresolved = await this.shelf.isMarked(id);
      summaries.push({ id, kind, title, cwd, startedAt, lastAt, isUnresolved });
    }
    return summaries;
  }

  /** The journals whose first line can't be read, which says what the session is. */
  async unreadable(): Promise<readonly string[]> {
    return (await this.folders.firstEvents()).unreadable.map((id) => this.folders.journal(id));
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
   * Notes the start of a program, and returns the time to tell ages by. A clock that is more than a day ahead of the last
   * start may have jumped, which would make all sessions old at once: then it is the time of that start. Never rejects.
   */
  async noteStart(now: number): Promise<number> {
    const last = await this.shelf.lastStart();
    await this.shelf.noteStart(now).catch(() => undefined);
    return last !== undefined && now - last > longestTrustedMs ? last : now;
  }

  /**
   * Deletes what is too old, then the oldest while all together is too large. What a program has is never deleted, and
   * what is unresolved only by its age. Settles with the ids of the deleted ones; a failure is logged.
   */
  async prune(limits: KeepLimits, now: number, options: PruneOptions = {}): Promise<readonly SessionId[]> {
    await this.shelf.finishRemovals().catch((error: unknown) => this.warn('Deleted sessions', error));
    const written = (await this.written()).filter(({ id }) => !options.spared?.has(id));
    const old = await this.pruneByAge(written, now - limits.maxAgeMs, options);
    const rest = written.filter(({ id }) => !old.includes(id));
    return [...old, ...(await this.pruneBySize(rest, limits.maxBytes, options))];
  }

  /** Those that went longest without a write come first. */
  private async written(): Promise<readonly WrittenSession[]> {
    const sessions: WrittenSession[] = [];
    for (const id of await this.shelf.ids()) {
      const lastAt = await this.shelf.lastWrittenAt(id);
      // Without a journal it is just being made, or nothing that anybody could open.
      if (lastAt > 0) sessions.push({ id, lastAt });
    }
    return sessions.sort((a, b) => a.lastAt - b.lastAt);
  }

  private async pruneByAge(
    sessions: readonly WrittenSession[],
    oldest: number,
    { sparesUnresolved, signal }: PruneOptions,
  ): Promise<readonly SessionId[]> {
    const deleted: SessionId[] = [];
    for (const { id, lastAt } of sessions) {
      // Looked at after the first, so that each time gets on.
      if (lastAt >= oldest || (signal?.aborted && deleted.length > 0)) break;
      if (sparesUnresolved && (await this.shelf.isMarked(id))) continue;
      if (await this.deleted(id)) deleted.push(id);
    }
    return deleted;
  }

  private async pruneBySize(
    sessions: readonly WrittenSession[],
    maxBytes: number,
    { signal }: PruneOptions,
  ): Promise<readonly SessionId[]> {
    const sizes: number[] = [];
    for (const { id } of sessions) {
      if (signal?.aborted) return [];
      sizes.push(await this.shelf.bytes(id));
    }
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    const deleted: SessionId[] = [];
    for (const [index, { id }] of sessions.entries()) {
      if (bytes <= maxBytes || signal?.aborted) break;
      if ((await this.shelf.isMarked(id)) || !(await this.deleted(id))) continue;
      bytes -= sizes[index] ?? 0;
      deleted.push(id);
    }
    return deleted;
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

interface WrittenSession {
  readonly id: SessionId;
  readonly lastAt: number;
}
