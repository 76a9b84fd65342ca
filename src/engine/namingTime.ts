/** Naming what a call touches resolves links and reads files; where that takes longer, as on a dead network mount, nobody waits. */
import type { Clock } from '../core/ports.ts';

export const longestNamingMs = 5000;

/** What is named in time, else the fallback. Rejects as `named` does. */
export function withinNamingTime<T>(named: Promise<T>, fallback: T, clock: Clock): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const timer = clock.after(longestNamingMs, () => resolve(fallback));
  return Promise.race([named, promise]).finally(() => timer.dispose());
}
