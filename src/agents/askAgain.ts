/** The pause before a turn is asked again, shown as waiting. */
import type { AgentId, RunId, WaitingFor } from '../core/agents.ts';
import type { Clock, Recorder } from '../core/ports.ts';
import { orStopped } from '../engine/orStopped.ts';

export interface PauseOfRun {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly waitingFor: WaitingFor;
  readonly delayMs: number;
}

/** Settles when the pause is over, or rejects with the signal's reason. */
export async function waitToAskAgain(
  { agentId, runId, waitingFor, delayMs }: PauseOfRun,
  { recorder, clock }: { readonly recorder: Recorder; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  if (delayMs === 0) return;
  const until = clock.now() + delayMs;
  const waiting = { agentId, runId, waitingFor, until, waitMs: delayMs };
  void recorder.record({ type: 'run.waiting', ...waiting }, 'buffered'); // Never rejects.
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(delayMs, resolve);
  await orStopped(promise, signal).finally(() => timer.dispose());
  void recorder.record({ type: 'run.continued', agentId, runId }, 'buffered'); // Never rejects.
}
