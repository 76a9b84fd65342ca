/** Runs the calls of a container as a batch below it: they hold slots and locks, the container holds none. */
import type { BatchId, CallId, CallRequest } from '../core/calls.ts';
import type { Call } from '../core/states.ts';
import type { BatchRequest, EnginePorts } from './batch.ts';
import type { StopReason } from './outcomes.ts';
import { isRepeat, repeatInnerCalls } from './repeatInnerCalls.ts';
import { requeueReads } from './requeueReads.ts';
import type { StopSignal } from './stopping.ts';

export interface InnerCalls {
  /** The container. */
  readonly callId: CallId;
  /** With the ids that they have among each other. */
  readonly calls: readonly CallRequest[];
  readonly failFast: boolean;
  /** The batch that the container belongs to. */
  readonly batch: BatchRequest;
  readonly ports: EnginePorts;
  /** The signal of the container's attempt; its abort cancels the calls. */
  readonly signal: StopSignal;
}

/** The batch of a container's calls. */
export function innerBatchId(callId: CallId): BatchId {
  return `${callId}-batch`;
}

/** Settles when each call has its outcome, in order. An inner call's id is `<call id>/<id>`. Never rejects. */
export async function runInnerCalls(inner: InnerCalls): Promise<readonly Call[]> {
  const { callId, calls, failFast, ports, signal } = inner;
  const request: BatchRequest = {
    ...inner.batch,
    id: innerBatchId(callId),
    source: { kind: 'call', callId },
    failFast,
    callCount: calls.length,
  };
  const { state } = ports.recorder;
  const known = (state.batches.get(request.id)?.callIds ?? []).flatMap((id) => state.calls.get(id) ?? []);
  await (isRepeat(state.calls.get(callId))
    ? repeatInnerCalls(known, ports.recorder)
    : requeueReads(known, request, ports));
  const batch = ports.openBatch(request, ports);
  const cancel = (): void => {
    const reason = signal.reason as StopReason;
    batch.cancel(reason.kind === 'cancelled' ? reason.by : 'parent');
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const idOf = (id: CallId): CallId => `${callId}/${id}`;
  calls.forEach((call, index) => {
    // The container runs again, after its host died or a failure: what is not queued again stands.
    const left = known.find((candidate) => candidate.index === index);
    if (left) return batch.adopt(left);
    const after = call.after?.map((dependency) => ({ ...dependency, id: idOf(dependency.id) }));
    return batch.add({ ...call, id: idOf(call.id), index, ...(after && { after }) });
  });
  await batch.start();
  signal.removeEventListener('abort', cancel);
  return batch.callIds.flatMap((id) => ports.recorder.state.calls.get(id) ?? []);
}
