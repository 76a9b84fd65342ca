/** The runtime, loaded and created at its first use: activation must not pay for it. */
import { Emitter } from '../core/emitter.ts';
import type { LiveEvent, SessionEvent, SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** Its events come from the runtime as soon as there is one; before that there are no sessions. */
export class LazyRuntime {
  private readonly create: () => Promise<Runtime>;
  private readonly events: Emitter<SessionEvent>;
  private readonly liveEvents: Emitter<LiveEvent>;
  private readonly openings: Emitter<SessionId>;
  private starting: Promise<Runtime> | undefined;
  private current: Runtime | undefined;

  constructor(create: () => Promise<Runtime>, onError: (error: unknown) => void) {
    this.create = create;
    this.events = new Emitter(onError);
    this.liveEvents = new Emitter(onError);
    this.openings = new Emitter(onError);
  }

  get onEvent(): Runtime['onEvent'] {
    return this.events.event;
  }

  get onLive(): Runtime['onLive'] {
    return this.liveEvents.event;
  }

  /** A past session was read back or deleted, without an event of its own. */
  get onOpened(): Emitter<SessionId>['event'] {
    return this.openings.event;
  }

  /** Rejects where the runtime can't be created; the next call tries again. */
  async get(): Promise<Runtime> {
    this.starting ??= this.start();
    try {
      return await this.starting;
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
  }

  sessions(): readonly SessionState[] {
    return this.current?.sessions() ?? [];
  }

  session(id: SessionId): SessionState | undefined {
    return this.current?.session(id);
  }

  waitingApprovals(): ReturnType<Runtime['waitingApprovals']> {
    return this.current?.waitingApprovals() ?? [];
  }

  /** The session, read back from its journal where it is not open. Rejects with a message for a person. */
  async openSession(id: SessionId): Promise<SessionState> {
    const open = this.session(id);
    if (open) return open;
    const state = await (await this.get()).openSession(id);
    this.openings.fire(id);
    return state;
  }

  /** Rejects with a message for a person where it can't be deleted. The caller has asked the person. */
  async deleteSession(id: SessionId): Promise<void> {
    await (await this.get()).deleteSession(id);
    this.openings.fire(id);
  }

  async dispose(): Promise<void> {
    await this.current?.dispose();
  }

  private async start(): Promise<Runtime> {
    const runtime = await this.create();
    runtime.onEvent((event) => this.events.fire(event));
    runtime.onLive((event) => this.liveEvents.fire(event));
    this.current = runtime;
    return runtime;
  }
}
