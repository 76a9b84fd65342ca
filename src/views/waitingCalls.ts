/** The calls that wait for a person's answer: who asks, and for what. */
import type { ApprovalRequest, CallId } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import { agentOfBatch } from '../core/states.ts';
import type { Call, SessionState } from '../core/states.ts';
import { waitingApproval } from '../core/waitingApprovals.ts';
import { agentLabel } from './agentRow.ts';
import { oneLine } from './plainText.ts';
import { callRowId } from './rowIds.ts';
import type { RowId } from './rowIds.ts';

/** One of them. An `edit` is shown as a diff; everything else as the exact text of what would run. */
export interface WaitingCall {
  /** Unique among all sessions. */
  readonly key: string;
  readonly sessionId: SessionId;
  readonly callId: CallId;
  readonly rowId: RowId;
  readonly kind: 'edit' | 'command';
  readonly request: ApprovalRequest;
  /** The agent's name, or the batch file's. */
  readonly asker: string;
  /** Absolute folder that the session works in. */
  readonly home: string;
  /** What asked has ended with its host: the answer starts the agent's next run, or the rest of the batch. */
  readonly isLeft: boolean;
}

/** Of all sessions, those that still go on and those that a closed window left: the oldest first. */
export function waitingCalls(sessions: readonly SessionState[]): readonly WaitingCall[] {
  return sessions
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .flatMap((state) => [...state.calls.values()].flatMap((call) => waitingCall(state, call) ?? []));
}

/** Undefined where the call waits for nobody. */
export function waitingCall(state: SessionState, call: Call): WaitingCall | undefined {
  const waiting = waitingApproval(state, call);
  if (!waiting) return undefined;
  return {
    key: `${state.id}/${call.id}`,
    sessionId: state.id,
    callId: call.id,
    rowId: callRowId(state, call.id),
    kind: isEdit(call.tool) ? 'edit' : 'command',
    request: waiting.request,
    asker: askerOf(state, call),
    home: state.cwd,
    isLeft: waiting.isLeft,
  };
}

const edits = new Set(['write_file', 'edit_file', 'delete_file', 'rename_file']);

/** Whether what a tool would do can be shown as a diff. */
export function isEdit(tool: string): boolean {
  return edits.has(tool);
}

/** The agent's name, or the batch file's. */
export function askerOf(state: SessionState, call: Call): string {
  const agent = agentOfBatch(state, call.batchId);
  const label = agent ? agentLabel(state, agent) : 'Agent';
  return (label === 'Agent' ? oneLine(state.title, 60) : label) || 'An agent';
}
