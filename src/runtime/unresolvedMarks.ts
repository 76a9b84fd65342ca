/** Marks on disk the sessions that have no last word, so that the next window finds them without reading every journal. */
import type { Disposable } from '../core/emitter.ts';
import type { EventType, SessionEvent, SessionId } from '../core/events.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { SessionState } from '../core/states.ts';
import { isUnresolved } from '../core/unresolved.ts';
import type { SessionShelf } from '../store/sessionShelf.ts';

export interface UnresolvedMarksPorts {
  readonly shelf: Pick<SessionShelf, 'mark' | 'unmark'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  /** The state of a session that this program may write. */
  readonly stateOf: (id: SessionId) => SessionState | undefined;
}

/** A session's last word can come with these, or be taken back. */
const decisive: ReadonlySet<EventType> = new Set([
  'session.reopened',
  'session.interrupted',
  'session.dismissed',
  'run.queued',
  'run.ended',
  'run.dismissed',
  'batch.interrupted',
  'batch.resumed',
  'batch.dismissed',
  'tasks.interrupted',
  'tasks.resumed',
  'tasks.dismissed',
  'tasks.ended',
  'call.settled',
]);

const lookEveryMs = 200;

/**
 * Every session is marked when it is made. The mark may outlive what it says, where a program dies in between; it is
 * never missing for longer than the pause between two looks.
 */
export class UnresolvedMarks {
  private readonly ports: UnresolvedMarksPorts;
  private readonly marked = new Map<SessionId, boolean>();
  private readonly changed = new Set<SessionId>();
  private timer: Disposable | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(ports: UnresolvedMarksPorts) {
    this.ports = ports;
  }

  /** Looks at the session soon. */
  note({ type, sessionId }: Pick<SessionEvent, 'type' | 'sessionId'>): void {
    if (!decisive.has(type)) return;
    this.changed.add(sessionId);
    this.timer ??= this.ports.clock.after(lookEveryMs, () => void this.settle()); // Never rejects.
  }

  /** Looks now at all that has changed, and settles when the disk has it. Never rejects. */
  settle(): Promise<void> {
    this.timer?.dispose();
    this.timer = undefined;
    for (const id of this.changed) {
      const state = this.ports.stateOf(id);
      if (state) this.set(id, isUnresolved(state));
    }
    this.changed.clear();
    return this.writing;
  }

  private set(id: SessionId, isMarked: boolean): void {
    if (this.marked.get(id) === isMarked) return;
    this.marked.set(id, isMarked);
    const { shelf, log } = this.ports;
    const write = () => (isMarked ? shelf.mark(id) : shelf.unmark(id));
    this.writing = this.writing
      .then(write)
      .catch((error: unknown) => log.warn(`Session ${id} could not be marked: ${String(error)}`));
  }
}
