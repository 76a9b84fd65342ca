/** Keeps one notification true of all calls that wait, however many they are and whoever answers them. */
import type { WaitingCall } from '../views/waitingCalls.ts';

/** A notification that is shown. */
export interface Notice {
  update(calls: readonly WaitingCall[]): void;
  close(): void;
}

/**
 * One notification at most: its words follow what waits, and it goes when nothing does. A call that is new brings it back
 * to where it is seen, also after the person has put it away.
 */
export class WaitingNotice {
  private readonly open: (calls: readonly WaitingCall[]) => Notice;
  private notice: Notice | undefined;
  private told: ReadonlySet<string> = new Set();

  constructor(open: (calls: readonly WaitingCall[]) => Notice) {
    this.open = open;
  }

  /** The calls that wait now. */
  update(calls: readonly WaitingCall[]): void {
    const isNew = calls.some(({ key }) => !this.told.has(key));
    this.told = new Set(calls.map(({ key }) => key));
    if (isNew || calls.length === 0) this.dispose();
    if (isNew) this.notice = this.open(calls);
    else this.notice?.update(calls);
  }

  dispose(): void {
    this.notice?.close();
    this.notice = undefined;
  }
}
