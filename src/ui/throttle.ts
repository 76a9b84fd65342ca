/** Calls something after changes, at most 10 times a second. */
import type { Clock } from '../core/ports.ts';
import type { Disposable } from '../core/emitter.ts';

export interface Throttled extends Disposable {
  /** Something has changed. */
  changed(): void;
}

/** Disposing drops what was still to come. */
export function throttled(clock: Pick<Clock, 'after'>, redraw: () => void, everyMs = 100): Throttled {
  let timer: Disposable | undefined;
  return {
    changed() {
      timer ??= clock.after(everyMs, () => {
        timer = undefined;
        redraw();
      });
    },
    dispose: () => timer?.dispose(),
  };
}
