/** The pause before a turn is asked again, shown as waiting. */
import type { AgentId, RunId } from '../core/agents.ts';
import type { Clock, Recorder } from '../core/ports.ts';
import { orStopped } from '../engine/orStopped.ts';

/** Milliseconds after the n-th attempt where the API names none: 1 s, 2 s, 4 s, ... */
export function retryDelayMs(attempt: number): number {
  return 1000 * 2 ** (attempt - 1);
}

/** Settles when the pause is over, or rejects with the signal's reason. */
export async function waitToAskAgain(
  delayMs: number,
  { agentId, runId }: { readonly agentId: AgentId; readonly runId: RunId },
  { recorder, clock }: { readonly recorder: Recorder; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + delayMs;
  void recorder.record({ type: 'run.waiting', agentId, runId, waitingFor: 'rateLimit', until }, 'buffered'); // Never rejects.
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(delayMs, resolve);
  await orStopped(promise, signal).finally(() => timer.dispose());
  void recorder.record({ type: 'run.continued', agentId, runId }, 'buffered'); // Never rejects.
}
