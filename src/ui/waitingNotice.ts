/** Shows one notification for all calls that wait, however many they become. */
import type { WaitingCall } from '../views/waitingCalls.ts';

/** Shows a notification and does what its buttons stand for; settles when it is closed. `isAlone`: no other of ours may still be there. */
export type ShowNotice = (calls: readonly WaitingCall[], isAlone: boolean) => PromiseLike<unknown>;

/**
 * A notification can neither be changed nor taken back. While one is shown of whose calls any still waits, no other is;
 * what came meanwhile is told when it is closed. Whoever closes one without an answer is not told of its calls again.
 */
export class WaitingNotice {
  private readonly show: ShowNotice;
  private readonly told = new Set<string>();
  private readonly open = new Set<readonly WaitingCall[]>();
  private waiting: readonly WaitingCall[] = [];

  constructor(show: ShowNotice) {
    this.show = show;
  }

  /** The calls that wait now. */
  update(waiting: readonly WaitingCall[]): void {
    this.waiting = waiting;
    const keys = keysOf(waiting);
    for (const key of this.told) if (!keys.has(key)) this.told.delete(key);
    this.tell();
  }

  private tell(): void {
    const { waiting, told, open } = this;
    if (waiting.every(({ key }) => told.has(key))) return;
    const keys = keysOf(waiting);
    const stillTrue = [...open].some((calls) => calls.some(({ key }) => keys.has(key)));
    if (stillTrue) return;
    const isAlone = open.size === 0;
    for (const key of keys) told.add(key);
    open.add(waiting);
    const closed = (): void => {
      open.delete(waiting);
      this.tell();
    };
    this.show(waiting, isAlone).then(closed, closed);
  }
}

function keysOf(calls: readonly WaitingCall[]): ReadonlySet<string> {
  return new Set(calls.map(({ key }) => key));
}
