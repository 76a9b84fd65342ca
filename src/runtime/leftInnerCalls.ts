/** The account of the calls of a container that was cut off. */
import { isSettled, type CallId } from '../core/calls.ts';
import type { SessionState } from '../core/states.ts';
import { innerBatchId } from '../engine/innerCalls.ts';

/** A sentence that accounts for each of them; none for a call that is no container. */
export function leftInnerCalls({ batches, calls }: SessionState, callId: CallId): readonly string[] {
  const batch = batches.get(innerBatchId(callId));
  if (!batch) return [];
  const states = batch.callIds.flatMap((id) => calls.get(id)?.state ?? []);
  const asked = Math.max(batch.callCount ?? 0, states.length);
  const ended = states.filter(isSettled).length;
  const running = states.filter(({ status }) => status === 'running').length;
  if (ended + running === 0) return [`None of its ${asked} calls had begun.`];
  return [
    `Of its ${asked} calls ${ended} had ended, ${running} ran and ${asked - ended - running} had not begun.`,
  ];
}
