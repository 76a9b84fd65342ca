/** Sends a turn's request through the model lane, and shows the run as waiting while the API's limit holds it back. */
import type { AgentId, RunId } from '../core/agents.ts';
import type { Clock, Recorder } from '../core/ports.ts';
import type { ModelAnswer, ModelLane, ModelLaneResult } from '../engine/modelLane.ts';
import { isRefusal } from './endings.ts';
import type { Reply } from './turn.ts';

export interface LanePlace {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly longestWaitMs: number;
}

export interface LanePorts {
  readonly modelLane: ModelLane;
  readonly recorder: Recorder;
  readonly clock: Pick<Clock, 'now'>;
}

/** Settles as `ask` does, or without having called it where the limit would hold it back for too long. */
export function askInLane(
  { agentId, runId, longestWaitMs }: LanePlace,
  ask: () => Promise<Reply>,
  { modelLane, recorder, clock }: LanePorts,
  signal: AbortSignal,
): Promise<ModelLaneResult<Reply>> {
  let isHeld = false;
  return modelLane.run({
    signal,
    longestWaitMs,
    answerOf,
    onHeld: (waitMs) => {
      isHeld = true;
      const until = clock.now() + waitMs;
      const waiting = { agentId, runId, waitingFor: 'rateLimit', until, waitMs } as const;
      void recorder.record({ type: 'run.waiting', ...waiting }, 'buffered'); // Never rejects.
    },
    work: () => {
      if (isHeld) void recorder.record({ type: 'run.continued', agentId, runId }, 'buffered'); // Never rejects.
      return ask();
    },
  });
}

function answerOf({ error, retryAfterMs }: Reply): ModelAnswer {
  if (error === undefined) return { kind: 'answered' };
  if (!isRefusal(error)) return { kind: 'neither' };
  return { kind: 'refused', ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
