/** Which calls that a dead host left interrupted run again by themselves: those that change nothing. */
import { onlyReads } from '../core/effects.ts';
import type { Call } from '../core/states.ts';
import type { BatchRequest, EnginePorts } from './batch.ts';
import { checkCall } from './checkCall.ts';

/** Queues those again; the others stay interrupted, because nobody knows what they did. Settles when the state has it. */
export async function requeueReads(
  calls: readonly Call[],
  batch: BatchRequest,
  ports: EnginePorts,
): Promise<void> {
  for (const call of calls)
    if (call.state.status === 'interrupted' && (await mayRunAgain(call, batch, ports)))
      await ports.recorder.record({ type: 'call.requeued', callId: call.id }, 'buffered');
}

/** Tool and effects are looked at again: the disk, and the program, may be others by now. */
async function mayRunAgain(call: Call, batch: BatchRequest, ports: EnginePorts): Promise<boolean> {
  const check = await checkCall(call, batch, ports);
  if (check.kind === 'refused') return false;
  const { tool, effects } = check.call;
  if (tool.lane !== 'none') return onlyReads(effects);
  // A container's effects are those of its calls, and they are judged one by one: if they are all known.
  return tool.goesOn === true && !call.isMasked && !isRecordLost(call);
}

function isRecordLost({ state }: Call): boolean {
  return state.status === 'interrupted' && state.error.kind === 'recordLost';
}
