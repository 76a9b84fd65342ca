/** Opens a batch that an earlier host began, with the calls that the journal has of it. */
import { isSettled } from '../core/calls.ts';
import { keyNotKept } from '../core/keyMask.ts';
import type { Call } from '../core/states.ts';
import type { Batch, BatchRequest, EnginePorts } from './batch.ts';
import { failure } from './outcomes.ts';
import { requeueReads } from './requeueReads.ts';

/** The caller starts it: what has settled stands, what only reads is read again, what had not started runs. */
export async function adoptCalls(
  request: BatchRequest,
  calls: readonly Call[],
  ports: EnginePorts,
): Promise<Batch> {
  await requeueReads(calls, request, ports);
  const batch = ports.openBatch(request, ports);
  for (const call of calls) {
    batch.adopt(call);
    if (call.isMasked) await failInside(call, ports);
  }
  return batch;
}

/**
 * Fails the calls that a container had not begun. The container can't continue, because its input is not what
 * was asked for.
 */
async function failInside({ id }: Call, { recorder }: EnginePorts): Promise<void> {
  const inner = [...recorder.state.batches.values()].find(
    ({ source }) => source.kind === 'call' && source.callId === id,
  );
  const outcome = failure('refused', keyNotKept);
  const times = { durationMs: 0, attempts: 0 };
  for (const callId of inner?.callIds ?? []) {
    const call = recorder.state.calls.get(callId);
    if (call && !isSettled(call.state))
      await recorder.record({ type: 'call.settled', callId, outcome, times }, 'durable');
  }
}
