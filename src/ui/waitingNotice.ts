/** Shows one notification for all calls that wait, however many they become. */
import type { Disposable } from '../core/emitter.ts';
import type { Clock } from '../core/ports.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';

/** Shows a notification and does what its buttons stand for; settles when it is closed. `isAlone`: no other of ours may still be there. */
export type ShowNotice = (calls: readonly WaitingCall[], isAlone: boolean) => PromiseLike<unknown>;

/** After this long VS Code has put a notification away, to where nobody looks by chance. */
const seenForMs = 15_000;

/**
 * A notification can neither be changed nor taken back. While one is seen of whose calls any still waits, no other is shown;
 * what came meanwhile is told when it is closed or put away. Whoever closes one without an answer is not told of its calls
 * again.
 */
export class WaitingNotice {
  private readonly show: ShowNotice;
  private readonly clock: Pick<Clock, 'after'>;
  private readonly told = new Set<string>();
  private readonly open = new Set<readonly WaitingCall[]>();
  /** Those of `open` that are seen. */
  private readonly seen = new Map<readonly WaitingCall[], Disposable>();
  private waiting: readonly WaitingCall[] = [];

  constructor(show: ShowNotice, clock: Pick<Clock, 'after'>) {
    this.show = show;
    this.clock = clock;
  }

  /** The calls that wait now. */
  update(waiting: readonly WaitingCall[]): void {
    this.waiting = waiting;
    const keys = keysOf(waiting);
    for (const key of this.told) if (!keys.has(key)) this.told.delete(key);
    this.tell();
  }

  dispose(): void {
    for (const timer of this.seen.values()) timer.dispose();
  }

  private tell(): void {
    const { waiting, told, open, seen } = this;
    if (waiting.every(({ key }) => told.has(key))) return;
    const keys = keysOf(waiting);
    const isSeen = [...seen.keys()].some((calls) => calls.some(({ key }) => keys.has(key)));
    if (isSeen) return;
    const isAlone = open.size === 0;
    for (const key of keys) told.add(key);
    open.add(waiting);
    const putAway = (): void => {
      seen.get(waiting)?.dispose();
      seen.delete(waiting);
      this.tell();
    };
    seen.set(waiting, this.clock.after(seenForMs, putAway));
    const closed = (): void => {
      open.delete(waiting);
      putAway();
    };
    this.show(waiting, isAlone).then(closed, closed);
  }
}

function keysOf(calls: readonly WaitingCall[]): ReadonlySet<string> {
  return new Set(calls.map(({ key }) => key));
}
