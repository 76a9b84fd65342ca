/** The calls that wait for a person's answer: who asks, and for what. */
import type { ApprovalRequest, BatchId, CallId } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { Agent, Call, SessionState } from '../core/states.ts';
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
}

/** Of all sessions, those that still go on and those that a closed window left: the oldest first. */
export function waitingCalls(sessions: readonly SessionState[]): readonly WaitingCall[] {
  return sessions
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .flatMap((state) => [...state.calls.values()].flatMap((call) => waitingCall(state, call) ?? []));
}

/** Undefined where the call waits for nobody. */
export function waitingCall(state: SessionState, call: Call): WaitingCall | undefined {
  if (call.state.status !== 'awaitingApproval') return undefined;
  const { request } = call.state;
  return {
    key: `${state.id}/${call.id}`,
    sessionId: state.id,
    callId: call.id,
    rowId: callRowId(state, call.id),
    kind: edits.has(call.tool) ? 'edit' : 'command',
    request,
    asker: askerOf(state, call),
    home: state.cwd,
  };
}

const edits = new Set(['write_file', 'edit_file', 'delete_file', 'rename_file']);

function askerOf(state: SessionState, call: Call): string {
  const agent = agentOfBatch(state, call.batchId);
  const label = agent ? agentLabel(state, agent) : 'Agent';
  return (label === 'Agent' ? oneLine(state.title, 60) : label) || 'An agent';
}

/** The agent whose turn asked for a batch, however deep; undefined for a batch of nobody's. */
function agentOfBatch(state: SessionState, batchId: BatchId): Agent | undefined {
  const source = state.batches.get(batchId)?.source;
  if (source?.kind === 'turn') return state.agents.get(source.agentId);
  const outer = source?.kind === 'call' ? state.calls.get(source.callId) : undefined;
  return outer && agentOfBatch(state, outer.batchId);
}
