/** The sessions in memory: starts them, reads them back, and closes them. */
import type { EventBody, SessionEvent, SessionHost, SessionId } from '../core/events.ts';
import type { Model } from '../core/models.ts';
import type { Clock, Log, UnsavedAnswer, UnsavedSessions } from '../core/ports.ts';
import { fold } from '../core/reduce.ts';
import type { SessionState } from '../core/states.ts';
import { keepWholePart, readJournal, type JournalContent } from '../store/journalReader.ts';
import { JournalWriter } from '../store/journalWriter.ts';
import { isProcessAlive } from '../store/processAlive.ts';
import type { SessionFolders } from '../store/sessionFolders.ts';
import { SessionLog, type SessionLogOptions } from '../store/sessionLog.ts';
import { leftoverEndings } from './leftovers.ts';
import { LiveSession, type SessionPorts } from './liveSession.ts';
import type { SessionSummary } from './runtime.ts';
import { sessionIdAt } from './sessionId.ts';

export interface OpenSessionsOptions {
  readonly folders: SessionFolders;
  readonly host: SessionHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly unsaved: UnsavedSessions;
  readonly onEvent: (event: SessionEvent) => void;
  readonly portsOf: (id: SessionId) => SessionPorts;
}

/** What a new session says of itself. */
export type SessionAbout = Pick<
  Extract<EventBody, { type: 'session.started' }>,
  'kind' | 'title' | 'roots' | 'cwd'
>;

export class OpenSessions {
  private readonly options: OpenSessionsOptions;
  private readonly open = new Map<SessionId, LiveSession>();

  constructor(options: OpenSessionsOptions) {
    this.options = options;
  }

  get(id: SessionId): LiveSession | undefined {
    return this.open.get(id);
  }

  /** Oldest first. */
  all(): readonly LiveSession[] {
    return [...this.open.values()];
  }

  /** Those on disk, newest first. */
  async past(): Promise<readonly SessionSummary[]> {
    const events = await this.options.folders.firstEvents();
    return events.flatMap((event) =>
      event.type === 'session.started'
        ? [{ id: event.sessionId, title: event.title, startedAt: event.at }]
        : [],
    );
  }

  async start(about: SessionAbout, model: Model): Promise<LiveSession> {
    const { clock, newId, folders, host } = this.options;
    const id = sessionIdAt(clock.now(), newId());
    await folders.create(id);
    const options = await this.logOptions(id, true);
    return this.add(await SessionLog.start(id, { type: 'session.started', ...about, host }, options), model);
  }

  /** Rejects, with a message for a person, where the journal can't be read. */
  async reopen(id: SessionId, model: Model): Promise<LiveSession> {
    const alreadyOpen = this.open.get(id);
    if (alreadyOpen) return alreadyOpen;
    const { folders } = this.options;
    const { events, dropped } = await readJournal(folders.journal(id), folders.blobs(id));
    const state = fold(events);
    if (!state) throw new Error(`Session ${id} can't be opened: its journal has no whole first line.`);
    const isOurs = !this.belongsToAnother(state);
    if (dropped && isOurs) await this.repair(id, dropped);
    const session = this.add(SessionLog.continue(state, await this.logOptions(id, isOurs)), model);
    if (isOurs) await this.takeOver(session);
    return session;
  }

  /** Whether another program that still runs has the session. */
  belongsToAnother(state: SessionState): boolean {
    return state.host.pid !== this.options.host.pid && isProcessAlive(state.host.pid);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.all().map((session) => session.close()));
    this.open.clear();
  }

  private add(log: SessionLog, model: Model): LiveSession {
    const session = new LiveSession(log, model, this.options.portsOf(log.state.id));
    this.open.set(log.state.id, session);
    return session;
  }

  private async logOptions(id: SessionId, isWritten: boolean): Promise<SessionLogOptions> {
    const { clock, log, folders, onEvent } = this.options;
    const journal = isWritten ? await JournalWriter.open(folders.journal(id), folders.blobs(id)) : undefined;
    const askUnsaved = (title: string, problem: string) => this.askUnsaved(id, title, problem);
    return { clock, log, onEvent, askUnsaved, ...(journal && { journal }) };
  }

  private async askUnsaved(sessionId: SessionId, title: string, problem: string): Promise<UnsavedAnswer> {
    const answer = await this.options.unsaved.ask({ sessionId, title, problem });
    // Before anything that waits for the answer goes on.
    if (answer !== 'goOn') this.open.get(sessionId)?.stopAll(answer === 'stop' ? 'person' : 'host');
    return answer;
  }

  private async repair(id: SessionId, dropped: NonNullable<JournalContent['dropped']>): Promise<void> {
    const copy = await keepWholePart(this.options.folders.journal(id), dropped.wholeBytes);
    this.options.log.warn(
      `Session ${id} goes on from the whole part of its journal. ${dropped.why} A copy is in ${copy}.`,
    );
  }

  /** A session of a program that is gone: what it left under way was cut off. */
  private async takeOver({ log }: LiveSession): Promise<void> {
    const { host } = this.options;
    const endings = leftoverEndings(log.state);
    if (log.state.host.pid === host.pid && endings.length === 0) return;
    await log.record({ type: 'session.reopened', host }, 'durable');
    for (const ending of endings) await log.record(ending, 'durable');
  }
}
