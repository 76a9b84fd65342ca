/** The events of a call that a dead host left running and that surely had no effect: it is queued again. */
import type { CallId, CallState } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';

/** `lastAt`: the time of the host's last sign of life. */
export function notHappened(
  callId: CallId,
  { startedAt, attempt }: Extract<CallState, { status: 'running' }>,
  lastAt: number,
  message: string,
): readonly EventBody[] {
  const times = { startedAt, durationMs: Math.max(0, lastAt - startedAt), attempts: attempt };
  const outcome = { status: 'interrupted', error: { kind: 'hostExit', message } } as const;
  return [
    { type: 'call.settled', callId, outcome, times },
    { type: 'call.requeued', callId },
  ];
}
