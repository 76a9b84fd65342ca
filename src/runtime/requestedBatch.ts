/** A batch that a person or a program asked for: what the engine is given, and the records that come back. */
import { narrower } from '../core/agents.ts';
import type { CallRecord } from '../core/calls.ts';
import type { AskedBatch, SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import type { BatchRequest, IndexedCall } from '../engine/batch.ts';
import { callRecord } from '../views/callRecord.ts';
import type { RunBatchOptions } from './runtime.ts';

/** A batch session has one batch that no call asked for. */
const batchId = 'batch-1';

/** The part of a batch that is on record with the first line of its session. */
export function askedBatch({ batch, file }: RunBatchOptions): AskedBatch {
  const source = file === undefined ? ({ kind: 'api' } as const) : ({ kind: 'file', file } as const);
  return { source, callCount: batch.calls.length };
}

/** The batch without its calls; its permission is never wider than the host's. */
export function batchRequest(options: RunBatchOptions, sessionId: SessionId): BatchRequest {
  const { batch, cwd, roots, permission } = options;
  return {
    id: batchId,
    ...askedBatch(options),
    sessionId,
    permission: batch.permission ? narrower(permission, batch.permission) : permission,
    cwd,
    roots,
    failFast: batch.failFast ?? false,
  };
}

/** The calls in file order. */
export function batchCalls({ batch }: RunBatchOptions): readonly IndexedCall[] {
  return batch.calls.map(({ input, ...call }, index) => ({
    ...call,
    index,
    input: { kind: 'parsed', value: input },
  }));
}

/** The records of the batch's calls, in file order. */
export function batchRecords({ batches, calls }: SessionState, now: number): readonly CallRecord[] {
  const ids = batches.get(batchId)?.callIds ?? [];
  return ids.flatMap((id) => calls.get(id) ?? []).map((call) => callRecord(call, now));
}
