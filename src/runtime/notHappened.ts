/** The events of a call that a dead host left running and that surely had no effect: it is queued again. */
import { timesOfLeft, type CallId, type CallState } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';

export function notHappened(
  callId: CallId,
  running: Extract<CallState, { status: 'running' }>,
  message: string,
): readonly EventBody[] {
  const times = timesOfLeft(running);
  const outcome = { status: 'interrupted', error: { kind: 'hostExit', message } } as const;
  return [
    { type: 'call.settled', callId, outcome, times },
    { type: 'call.requeued', callId },
  ];
}
