/** Opens a batch that an earlier host began, with the calls that the journal has of it. */
import type { Call } from '../core/states.ts';
import type { Batch, BatchRequest, EnginePorts } from './batch.ts';
import { requeueReads } from './requeueReads.ts';

/** The caller starts it: what has settled stands, what only reads is read again, what had not started runs. */
export async function adoptCalls(
  request: BatchRequest,
  calls: readonly Call[],
  ports: EnginePorts,
): Promise<Batch> {
  await requeueReads(calls, request, ports);
  const batch = ports.openBatch(request, ports);
  for (const call of calls) batch.adopt(call);
  return batch;
}
