/** The sessions in memory: starts them, reads them back, and closes them. */
import type { EventBody, SessionEvent, SessionHost, SessionId } from '../core/events.ts';
import type { Model } from '../core/models.ts';
import type { Files } from '../core/filePorts.ts';
import type { Clock, Log, UnsavedAnswer, UnsavedSessions } from '../core/ports.ts';
import type { RunningProcesses } from '../core/processPorts.ts';
import { fold } from '../core/reduce.ts';
import type { SessionBounds } from '../core/sessionBounds.ts';
import type { SessionState } from '../core/states.ts';
import type { openJournalFile } from '../store/journalFile.ts';
import { owedNotifications } from '../agents/notifications.ts';
import { readJournal, refuseUnknownVersion, type DroppedPart } from '../store/journalReader.ts';
import { endLastLine, keepWholePart } from '../store/journalRepair.ts';
import { JournalWriter } from '../store/journalWriter.ts';
import { forgetPartialTexts, PartialTexts, readPartialTexts } from '../store/partialTexts.ts';
import { saveProblem } from '../store/saveProblem.ts';
import type { SessionFolders } from '../store/sessionFolders.ts';
import { SessionLog, type SessionLogOptions } from '../store/sessionLog.ts';
import type { SessionShelf } from '../store/sessionShelf.ts';
import { editEndings, removeHalfWritten } from './interruptedEdits.ts';
import { spawnEndings } from './interruptedSpawns.ts';
import { removeHalfReverted, revertEndings } from './interruptedReverts.ts';
import { restoreTornFiles } from './tornFiles.ts';
import { leftoverEndings, type LeftEndings } from './leftovers.ts';
import { LiveSession, type SessionPorts } from './liveSession.ts';
import { recordAll } from './recordAll.ts';
import { SessionHolds } from './sessionHolds.ts';
import { sessionIdAt } from './sessionId.ts';
import { UnresolvedMarks } from './unresolvedMarks.ts';

export interface OpenSessionsOptions {
  readonly folders: SessionFolders;
  readonly shelf: SessionShelf;
  readonly host: SessionHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly unsaved: UnsavedSessions;
  readonly keyInUse: () => string | undefined;
  readonly runningProcesses: RunningProcesses;
  /** Tell what became of edits that a dead host left under way. */
  readonly files: Files;
  /** Opens a session's journal for writing. */
  readonly openJournalFile: typeof openJournalFile;
  /** Kills at once what the calls of all sessions run. */
  readonly killAll: () => void;
  readonly onEvent: (event: SessionEvent) => void;
  readonly portsOf: (id: SessionId) => SessionPorts;
}

/** An editor gives 5 s at most: commands get their grace, are killed, and their outcomes are still saved. */
const killAfterMs = 2500;
const giveUpAfterMs = 4000;

/** What a new session says of itself. */
export type SessionAbout = Pick<
  Extract<EventBody, { type: 'session.started' }>,
  'kind' | 'title' | 'roots' | 'cwd' | 'batch'
> & { readonly bounds: SessionBounds };

const nothingKnown: LeftEndings = { events: [], callIds: new Set() };

export class OpenSessions {
  private readonly options: OpenSessionsOptions;
  private readonly open = new Map<SessionId, LiveSession>();
  private readonly opening = new Map<SessionId, Promise<LiveSession>>();
  private readonly holds: SessionHolds;
  private readonly marks: UnresolvedMarks;

  constructor(options: OpenSessionsOptions) {
    this.options = options;
    this.holds = new SessionHolds(options);
    const stateOf = (id: SessionId) => (this.holds.has(id) ? this.open.get(id)?.log.state : undefined);
    this.marks = new UnresolvedMarks({ ...options, stateOf });
  }

  get(id: SessionId): LiveSession | undefined {
    return this.open.get(id);
  }

  /** Oldest first. */
  all(): readonly LiveSession[] {
    return [...this.open.values()];
  }

  async start(about: SessionAbout, model: Model): Promise<LiveSession> {
    const { clock, newId, folders, shelf, host } = this.options;
    const id = sessionIdAt(clock.now(), newId());
    const nonce = `${newId()}${newId()}`;
    const { options, add } = this.prepare(id, model, 'started');
    try {
      await folders.create(id);
      await this.holds.take(id);
      await shelf.mark(id);
      const journal = await this.openJournal(id);
      return add(
        await SessionLog.start(
          id,
          { type: 'session.started', ...about, host, nonce },
          { ...options, journal },
        ),
      );
    } catch (error) {
      this.holds.giveUp(id);
      throw forPerson(error, 'started');
    }
  }

  /**
   * Reads a session back, and takes it over where nobody has it. One that another program has is shown as its journal has it
   * now. Rejects, with a message for a person, where the journal can't be read.
   */
  async reopen(id: SessionId, modelOf: (state: SessionState) => Model): Promise<LiveSession> {
    const open = this.open.get(id);
    if (open && this.holds.has(id) && !open.log.refusesIntents) return open;
    const opening = this.opening.get(id) ?? this.readBack(id, modelOf).finally(() => this.opening.delete(id));
    this.opening.set(id, opening);
    return opening;
  }

  /** Whether this program may write the session. */
  isOurs(id: SessionId): boolean {
    return this.holds.has(id);
  }

  /** Whether any program that runs, this one too, has the session. */
  isOwned(id: SessionId): Promise<boolean> {
    return this.holds.isOwned(id);
  }

  /** Settles within the few seconds that an editor gives, whatever still runs then. */
  async close(): Promise<void> {
    const { clock, killAll } = this.options;
    const closed = Promise.allSettled(this.all().map((session) => session.close()));
    const kill = clock.after(killAfterMs, killAll);
    const late = Promise.withResolvers<void>();
    const giveUp = clock.after(giveUpAfterMs, () => late.resolve());
    await Promise.race([closed.then(() => this.marks.settle()), late.promise]);
    kill.dispose();
    giveUp.dispose();
    this.closeNow();
    this.open.clear();
  }

  /** Closes one session and forgets it. Rejects, with a message for a person, while something of it goes on. */
  async forget(id: SessionId): Promise<void> {
    const session = this.open.get(id);
    if (!session) return;
    if (session.isAtWork) throw new Error('This session is at work. Stop it first.');
    await session.close();
    this.open.delete(id);
    this.holds.giveUp(id);
  }

  /** What can be done of it within one turn of the event loop: flushes, and gives the sessions up. */
  closeNow(): void {
    for (const session of this.all()) session.log.flushNow();
    this.holds.giveUpAll();
  }

  private async readBack(id: SessionId, modelOf: (state: SessionState) => Model): Promise<LiveSession> {
    // One that could not be saved is on disk as far as it was.
    await this.open.get(id)?.close();
    this.holds.giveUp(id);
    const { folders, log: host } = this.options;
    // To take a session makes its folder and ends the commands that it left: so first whether it can be read at all.
    await refuseUnknownVersion(folders.journal(id));
    const isOurs = await this.holds.take(id).catch((error: unknown) => {
      throw forPerson(error, 'taken over');
    });
    try {
      const content = await readJournal(folders.journal(id), folders.blobs(id));
      const { events, dropped, losses, endMissingAt } = content;
      const state = fold(events);
      if (!state) throw new Error(`Session ${id} can't be opened: its journal has no whole first line.`);
      for (const loss of losses) host.warn(`Session ${id}: ${loss}`);
      if (dropped && isOurs) await this.repair(id, dropped);
      if (endMissingAt !== undefined && isOurs) await endLastLine(folders.journal(id), endMissingAt);
      const { options, add } = this.prepare(id, modelOf(state), 'readBack');
      const journal = isOurs ? await this.openJournal(id) : undefined;
      const session = add(SessionLog.continue(state, { ...options, ...(journal && { journal }) }));
      if (isOurs) await this.takeOver(session, dropped?.isTornTail === false);
      return session;
    } catch (error) {
      this.holds.giveUp(id);
      throw error;
    }
  }

  /** What a session's log needs beside its journal, and what makes a session of the log. */
  private prepare(
    id: SessionId,
    model: Model,
    origin: 'started' | 'readBack',
  ): { readonly options: SessionLogOptions; readonly add: (log: SessionLog) => LiveSession } {
    const { clock, log, folders, onEvent, portsOf } = this.options;
    const partialTexts = new PartialTexts(folders.partialTexts(id), clock, this.options.keyInUse);
    const options: SessionLogOptions = {
      clock,
      log,
      onEvent: (event) => {
        partialTexts.onEvent(event);
        this.marks.note(event);
        onEvent(event);
      },
      askUnsaved: (title, problem) => this.askUnsaved(id, title, problem),
      keyInUse: this.options.keyInUse,
    };
    const add = (sessionLog: SessionLog): LiveSession => {
      const ports = portsOf(id);
      const { live } = ports.loop;
      const show: typeof live.show = (event) => {
        partialTexts.onLive(event);
        live.show(event);
      };
      const sessionPorts = { ...ports, loop: { ...ports.loop, live: { show } } };
      const session = new LiveSession(sessionLog, model, sessionPorts, origin);
      this.open.set(id, session);
      return session;
    };
    return { options, add };
  }

  private async openJournal(id: SessionId): Promise<JournalWriter> {
    const { folders, openJournalFile } = this.options;
    return new JournalWriter(await openJournalFile(folders.journal(id), folders.blobs(id)));
  }

  private async askUnsaved(sessionId: SessionId, title: string, problem: string): Promise<UnsavedAnswer> {
    const answer = await this.options.unsaved.ask({ sessionId, title, problem });
    // Before anything that waits for the answer goes on.
    if (answer !== 'goOn') this.open.get(sessionId)?.stopAll(answer === 'stop' ? 'person' : 'host');
    return answer;
  }

  private async repair(id: SessionId, dropped: DroppedPart): Promise<void> {
    const copy = await keepWholePart(this.options.folders.journal(id), dropped.wholeBytes);
    this.options.log.warn(
      `Session ${id} goes on from the whole part of its journal. ${dropped.why} A copy is in ${copy}.`,
    );
  }

  /** A session of a program that is gone: what it left under way was cut off. */
  private async takeOver({ log }: LiveSession, isEndLost: boolean): Promise<void> {
    const { host, folders } = this.options;
    const partialTexts = folders.partialTexts(log.state.id);
    await removeHalfWritten(log.state, host.pid);
    await removeHalfReverted(log.state, host.pid);
    await restoreTornFiles(log.state, this.options.files, folders.blobs(log.state.id));
    // Where the end of the journal was lost, a sub-agent may have begun behind it.
    const spawns = isEndLost ? nothingKnown : spawnEndings(log.state);
    const edits = await editEndings(log.state, this.options.files);
    const settled = new Set([...spawns.callIds, ...edits.callIds]);
    const endings = [
      ...spawns.events,
      ...edits.events,
      ...(await revertEndings(log.state, this.options.files)),
      ...leftoverEndings(log.state, await readPartialTexts(partialTexts), settled, isEndLost),
    ];
    const isToldLess = owedNotifications(log.state).length > 0;
    if (log.state.host.pid !== host.pid || endings.length > 0 || isToldLess) {
      await log.record({ type: 'session.reopened', host }, 'durable');
      await recordAll(log, endings);
      // Of the runs that ended just now, and of those whose host died in the very breath of their ending.
      await recordAll(log, owedNotifications(log.state));
    }
    await forgetPartialTexts(partialTexts);
    this.marks.note({ type: 'session.reopened', sessionId: log.state.id });
  }
}

/** Returns a disk's refusal in words for a person, and any other error as it is. */
function forPerson(error: unknown, undone: 'started' | 'taken over'): unknown {
  if ((error as NodeJS.ErrnoException).code === undefined) return error;
  return new Error(`The session can't be ${undone}. ${saveProblem(error)}`, { cause: error });
}
