/** The one writer of a session: numbers its events, journals them, folds them, and tells everyone, in order. */
import type { EventBody, SessionEvent, SessionId } from '../core/events.ts';
import { holdsKey, keyForms, maskKeyIn } from '../core/keyMask.ts';
import type { Clock, Log, Recorder, TextToKeep, UnsavedAnswer } from '../core/ports.ts';
import { reduce, startSession } from '../core/reduce.ts';
import type { SessionState } from '../core/states.ts';
import { toLine, type Blob } from './blobs.ts';
import { sealed } from './journalLine.ts';
import type { JournalWriter } from './journalWriter.ts';
import { keptText } from './keptTexts.ts';
import { saveProblem } from './saveProblem.ts';
import { unsavedEvent } from './unsavedEvent.ts';
import { withoutKey } from './withoutKey.ts';

export interface SessionLogOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Without one the session lives in memory alone. */
  readonly journal?: Pick<JournalWriter, 'append' | 'close' | 'flushNow'>;
  /** Asks, once, whether the session goes on in memory when its journal can't be written, and stops it where it doesn't. */
  readonly askUnsaved?: (title: string, problem: string) => Promise<UnsavedAnswer>;
  /** The API key that is in use: a server can quote it, and a session never holds it. */
  readonly keyInUse?: () => string | undefined;
  /** Hears of each event after it took effect. */
  readonly onEvent: (event: SessionEvent) => void;
}

/** The fate of an event's line. */
type Written = 'saved' | 'lost';

interface Pending {
  readonly event: SessionEvent;
  readonly done: PromiseWithResolvers<void>;
  standing: Written | 'waits';
}

export class SessionLog implements Recorder {
  readonly state: SessionState;
  private readonly options: SessionLogOptions;
  private readonly pending: Pending[] = [];
  private lastSeq: number;
  private saving: 'saved' | 'asking' | 'inMemory' | 'stopped' = 'saved';
  /** Settles when the person has answered. */
  private answered: Promise<void> | undefined;
  private readonly closing = Promise.withResolvers<'stop'>();

  private constructor(state: SessionState, options: SessionLogOptions) {
    this.state = state;
    this.options = options;
    this.lastSeq = state.lastSeq;
  }

  /** Begins a new session; settles when its first event is on disk. */
  static async start(
    id: SessionId,
    body: Extract<EventBody, { type: 'session.started' }>,
    options: SessionLogOptions,
  ): Promise<SessionLog> {
    const event = withoutKey<SessionEvent & typeof body>(
      { v: 1, seq: 1, at: options.clock.now(), sessionId: id, ...body },
      options.keyInUse?.(),
    );
    const { line, blobs } = toLine(event);
    await options.journal?.append(sealed(line), blobs, 'durable');
    const log = new SessionLog(startSession(event), options);
    options.onEvent(event);
    return log;
  }

  /** Goes on with a session that was read back. */
  static continue(state: SessionState, options: SessionLogOptions): SessionLog {
    return new SessionLog(state, options);
  }

  get refusesIntents(): boolean {
    return this.saving === 'asking' || this.saving === 'stopped';
  }

  record(
    body: EventBody,
    durability: 'durable' | 'buffered',
    texts: readonly TextToKeep[] = [],
  ): Promise<void> {
    this.lastSeq += 1;
    const forms = keyForms(this.options.keyInUse?.());
    const asked = {
      v: 1,
      seq: this.lastSeq,
      at: this.options.clock.now(),
      sessionId: this.state.id,
      ...body,
    } as const;
    const masked = maskKeyIn<SessionEvent>(asked, forms);
    const event: SessionEvent = masked === asked ? masked : { ...masked, isMasked: true };
    // A text is kept exactly or not at all.
    const kept = texts.filter(({ text }) => !holdsKey(text, forms)).map(keptText);
    const written = this.write(event, durability, kept);
    const waitsFor = durability === 'durable' && typeof written !== 'string' ? written : undefined;
    const standing = written === 'lost' ? 'lost' : 'saved';
    if (this.pending.length === 0 && !waitsFor) {
      this.apply(event, standing);
      return Promise.resolve();
    }
    const applied = this.applyInOrder(event, waitsFor ?? standing);
    // Its call must leave its slot: nothing is held while a person is asked.
    return this.saving === 'asking' && isIntent(event) ? Promise.resolve() : applied;
  }

  /** Waits for no answer any more: the host is about to end. */
  stopAsking(): void {
    this.closing.resolve('stop');
  }

  /** Writes what is buffered and closes the journal. Nothing may be recorded after. */
  async close(): Promise<void> {
    await this.options.journal?.close();
  }

  /** Writes what is buffered before it returns, for the last moment of a program. */
  flushNow(): void {
    this.options.journal?.flushNow();
  }

  /** Returns the fate of the line, at once if there is nothing to wait for. */
  private write(
    event: SessionEvent,
    durability: 'durable' | 'buffered',
    texts: readonly Blob[],
  ): Written | Promise<Written> {
    const { journal } = this.options;
    if (!journal) return 'saved';
    if (this.saving === 'asking') return this.lostOnceAnswered();
    if (this.saving !== 'saved') return 'lost';
    const { line, blobs } = toLine(event);
    return journal.append(sealed(line), [...texts, ...blobs], durability).then(
      () => 'saved' as const,
      (error: unknown) => this.fail(error),
    );
  }

  private applyInOrder(event: SessionEvent, written: Written | Promise<Written>): Promise<void> {
    const isKnown = typeof written === 'string';
    const entry: Pending = {
      event,
      done: Promise.withResolvers(),
      standing: isKnown ? written : 'waits',
    };
    this.pending.push(entry);
    if (!isKnown)
      void written.then((standing) => {
        entry.standing = standing;
        this.drain();
      });
    return entry.done.promise;
  }

  private drain(): void {
    for (let next = this.pending[0]; next; next = this.pending[0]) {
      if (next.standing === 'waits') return;
      this.pending.shift();
      this.apply(next.event, next.standing);
      next.done.resolve();
    }
  }

  /** A lost event counts only if the person has agreed to go on in memory. */
  private apply(recorded: SessionEvent, standing: Written): void {
    const event = standing === 'lost' && this.saving === 'stopped' ? unsavedEvent(recorded) : recorded;
    try {
      reduce(this.state, event);
      this.options.onEvent(event);
    } catch (error) {
      // A writer's mistake must not keep the events behind it from taking effect.
      this.options.log.error(`Event ${event.seq} (${event.type}) could not take effect.`, error);
    }
  }

  /** Settles when the person has answered; nothing is told before that takes their agreement for granted. */
  private fail(error: unknown): Promise<Written> {
    this.answered ??= this.ask(error);
    return this.lostOnceAnswered();
  }

  private async lostOnceAnswered(): Promise<Written> {
    await this.answered;
    return 'lost';
  }

  private async ask(error: unknown): Promise<void> {
    this.saving = 'asking';
    const { log, askUnsaved } = this.options;
    log.info(`The journal of session ${this.state.id} can't be written: ${String(error)}`);
    for (const { event, done } of this.pending) if (isIntent(event)) done.resolve();
    const asked = askUnsaved?.(this.state.title, saveProblem(error)).catch(() => 'stop' as const) ?? 'stop';
    const answer = await Promise.race([asked, this.closing.promise]);
    this.saving = answer === 'goOn' ? 'inMemory' : 'stopped';
  }
}

function isIntent({ type }: SessionEvent): boolean {
  return type === 'call.started';
}
