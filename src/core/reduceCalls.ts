/** The transitions of batches and calls. */
import { approvalKey, isSettled, type CallOutput } from './calls.ts';
import { UnexpectedEventError, batchOf, mapOf, push, turnOf, type Draft, type EventOf } from './drafts.ts';
import type { SessionEvent } from './events.ts';
import { fileChangesOf } from './reverts.ts';
import {
  agentOfBatch,
  outermostBatch,
  type Agent,
  type AgentMessage,
  type Call,
  type SessionState,
  type Turn,
} from './states.ts';

export function startBatch(state: SessionState, event: EventOf<'batch.started'>): void {
  mapOf(state.batches).set(event.batchId, {
    id: event.batchId,
    source: event.source,
    permission: event.permission,
    cwd: event.cwd,
    failFast: event.failFast,
    ...(event.callCount !== undefined && { callCount: event.callCount }),
    callIds: [],
  });
  if (event.source.kind !== 'turn') return;
  turnOf(state, { ...event, turnId: event.source.turnId }).batchId = event.batchId;
}

export function queueCall(state: SessionState, event: EventOf<'call.queued'>): void {
  const batch = batchOf(state, event);
  if (state.calls.has(event.callId))
    throw new UnexpectedEventError(event, `call ${event.callId} exists already`);
  push(batch.callIds, event.callId);
  mapOf(state.calls).set(event.callId, {
    id: event.callId,
    batchId: event.batchId,
    index: event.index,
    tool: event.tool,
    input: event.input,
    ...(event.isMasked && { isMasked: true }),
    policy: event.policy ?? {},
    ...(event.renamedFrom !== undefined && { renamedFrom: event.renamedFrom }),
    state: { status: 'queued' },
    failedAttempts: [],
  });
}

/** The call of an event, unless it has settled: an outcome is final. */
export function moveCall(
  state: SessionState,
  event: SessionEvent & { readonly callId: string },
): Draft<Call> {
  const call = state.calls.get(event.callId);
  if (!call) throw new UnexpectedEventError(event, `no call ${event.callId}`);
  if ('attempts' in call.state)
    throw new UnexpectedEventError(event, `call ${event.callId} has settled already`);
  return call;
}

export function answerApproval(state: SessionState, event: EventOf<'approval.answered'>): void {
  const call = moveCall(state, event);
  if (call.state.status === 'awaitingApproval') {
    const { request } = call.state;
    call.approval = { by: 'person', request, answer: event.answer };
    // Behind the sign for the key other bytes could stand.
    if (event.answer === 'allowForSession' && !call.isMasked)
      (state.allowed as Set<string>).add(approvalKey(request));
  }
  call.state = { status: 'queued' };
}

export function startCall(state: SessionState, event: EventOf<'call.started'>): void {
  const call = moveCall(state, event);
  const startedAt = call.state.status === 'running' ? call.state.startedAt : event.at;
  call.state = { status: 'running', attempt: event.attempt, startedAt };
  if (call.intendedEdit) delete call.intendedEdit; // An earlier attempt's.
  delete call.isEditMasked;
  delete call.isInPlace;
}

export function editInPlace(state: SessionState, event: EventOf<'edit.inPlace'>): void {
  moveCall(state, event).isInPlace = true;
}

export function intendEdit(state: SessionState, event: EventOf<'edit.intended'>): void {
  const call = moveCall(state, event);
  const { callId, edit } = event;
  const attempt = call.state.status === 'running' ? call.state.attempt : 1;
  call.intendedEdit = edit;
  if (event.isMasked) {
    call.isEditMasked = true;
    return;
  }
  for (const change of fileChangesOf(edit, { kind: 'call', callId, attempt }))
    push(state.fileChanges, change);
  markEdited(state, call);
}

/** So that no row has to look for edits whenever it is drawn. */
function markEdited(state: SessionState, call: Call): void {
  const source = outermostBatch(state, call.batchId)?.source;
  if (source?.kind !== 'turn') return;
  const turn: Draft<Turn> | undefined = state.turns.get(source.turnId);
  const agent: Draft<Agent> | undefined = state.agents.get(source.agentId);
  if (turn) turn.hasEdits = true;
  if (agent) agent.hasEdits = true;
  const above = agent?.parent && state.calls.get(agent.parent.callId);
  if (above) markEdited(state, above);
}

export function settleCall(state: SessionState, event: EventOf<'call.settled'>): void {
  const call = moveCall(state, event);
  call.state = { ...event.outcome, ...event.times };
  if (event.delivered) tellByCall(state, event.delivered);
  const output = 'output' in event.outcome ? event.outcome.output : undefined;
  if (output?.seen || output?.gone) noteFiles(agentOfBatch(state, call.batchId), output);
}

function noteFiles(agent: Agent | undefined, { seen, gone }: CallOutput): void {
  if (!agent) return;
  const seenFiles = mapOf(agent.seenFiles);
  const known = gone && seenFiles.get(gone.path);
  if (gone) seenFiles.delete(gone.path);
  if (gone?.movedTo !== undefined && known !== undefined) seenFiles.set(gone.movedTo, known);
  if (seen) seenFiles.set(seen.path, seen.hash);
}

/** Two calls of a turn may tell the same. */
function tellByCall(
  state: SessionState,
  { agentId, messageIds }: NonNullable<EventOf<'call.settled'>['delivered']>,
): void {
  for (const message of (state.agents.get(agentId)?.messages ?? []) as Draft<AgentMessage>[])
    if (messageIds.includes(message.id) && message.state.status === 'queued')
      message.state = { status: 'waited' };
}

export function requeueCall(state: SessionState, event: EventOf<'call.requeued'>): void {
  const call: Draft<Call> | undefined = state.calls.get(event.callId);
  if (!call || !isSettled(call.state) || call.state.status === 'succeeded')
    throw new UnexpectedEventError(
      event,
      `call ${event.callId} has no outcome that a further attempt could mend`,
    );
  const { attempts: attempt, error } = call.state;
  if (attempt > 0) push(call.failedAttempts, { attempt, error });
  call.state = { status: 'queued' };
}
