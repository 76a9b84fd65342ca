/** What one run may use, and how it ends when it has used it. */
import type { Clock } from '../core/ports.ts';
import type { Ending } from './endings.ts';
import type { RunStop } from './stops.ts';

/** The ending of a run that may not take a further turn; undefined where it may. */
export function turnLimitReached(maxTurns: number, turns: number): Ending | undefined {
  if (turns < maxTurns) return undefined;
  return {
    status: 'interrupted',
    terminationReason: 'maxTurns',
    message: `The run was stopped after ${maxTurns} turns. Send a follow-up to go on.`,
  };
}

/** A signal that aborts as `outer` does, or after the time that the run is given. The caller disposes it at the run's end. */
export function withinWallTime(
  outer: AbortSignal,
  maxWallMs: number | undefined,
  clock: Clock,
): { readonly signal: AbortSignal; dispose(): void } {
  if (maxWallMs === undefined) return { signal: outer, dispose: () => undefined };
  const over = new AbortController();
  const timer = clock.after(maxWallMs, () => over.abort('wallTime' satisfies RunStop));
  return { signal: AbortSignal.any([outer, over.signal]), dispose: () => timer.dispose() };
}
