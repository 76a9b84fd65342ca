/** Keeps one notification true of all calls that wait, however many they are and whoever answers them. */
import type { Clock } from '../core/ports.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';

/** A notification that is shown. */
export interface Notice {
  update(calls: readonly WaitingCall[]): void;
  close(): void;
}

/** VS Code keeps each for most of a second: whatever takes its place sooner would be seen beside it. */
const newForMs = 2000;

/**
 * One notification at most: its words follow what waits, and it goes when nothing does. A call that is new brings it back
 * to where it is seen, also after the person has put it away.
 */
export class WaitingNotice {
  private readonly open: (calls: readonly WaitingCall[]) => Notice;
  private readonly clock: Pick<Clock, 'monotonicMs'>;
  private notice: Notice | undefined;
  private openedAtMs = 0;
  private told: ReadonlySet<string> = new Set();

  constructor(open: (calls: readonly WaitingCall[]) => Notice, clock: Pick<Clock, 'monotonicMs'>) {
    this.open = open;
    this.clock = clock;
  }

  /** The calls that wait now. */
  update(calls: readonly WaitingCall[]): void {
    const isNew = calls.some(({ key }) => !this.told.has(key));
    this.told = new Set(calls.map(({ key }) => key));
    if (calls.length === 0) this.dispose();
    else if (isNew && !this.isJustOpened()) this.show(calls);
    else this.notice?.update(calls);
  }

  dispose(): void {
    this.notice?.close();
    this.notice = undefined;
  }

  private show(calls: readonly WaitingCall[]): void {
    this.dispose();
    this.notice = this.open(calls);
    this.openedAtMs = this.clock.monotonicMs();
  }

  private isJustOpened(): boolean {
    return this.notice !== undefined && this.clock.monotonicMs() - this.openedAtMs < newForMs;
  }
}
