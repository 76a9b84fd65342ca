/** Brings the turn that an earlier run was cut off in to its end, so that the next run can go on from it. */
import { neverStarted } from '../core/callOutcomeText.ts';
import { isSettled, type CallId, type Canceller } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import {
  callsOfTurn,
  type Batch,
  type Call,
  type Run,
  type SessionState,
  type Turn,
} from '../core/states.ts';
import { unrecordedCalls } from '../core/unrecordedCalls.ts';
import type { BatchRequest, EnginePorts } from '../engine/batch.ts';
import { adoptCalls } from '../engine/adoptCalls.ts';
import { judgeTurn, runsCalls, type Ending } from './endings.ts';
import type { RunRequest } from './loopPorts.ts';
import { cancellers, type RunStop } from './stops.ts';
import { trackApprovals } from './trackApprovals.ts';

/** A turn that had ended before its run could say so: the run that goes on ends with it. */
export interface EndedBefore {
  readonly ending: Ending;
  readonly stopReason: string | null;
  readonly text: string;
}

/**
 * Where the run goes on without a prompt from one that did not complete: a cut reply is void, and the calls of a whole
 * one come to their outcomes. Where it has a prompt, what had not started never will. Rejects with the signal's
 * reason once all that it started has ended.
 */
export async function finishOpenTurn(
  request: RunRequest,
  engine: EnginePorts,
  signal: AbortSignal,
): Promise<EndedBefore | undefined> {
  const { state } = engine.recorder;
  const run = runOf(state, request);
  const turn = lastTurnBefore(state, request);
  if (!turn || !run || run.follows === undefined) return undefined;
  if (run.prompt.trim() !== '') return cancelOpenCalls(turn, 'host', engine);
  switch (turn.state.status) {
    case 'streaming':
      return discard(turn, cutReply(state, turn), engine);
    case 'discarded':
      return cancelOpenCalls(turn, 'discardedTurn', engine);
    case 'ended': {
      const notWhole = callsMissing(state, turn);
      if (notWhole !== undefined) return discard(turn, notWhole, engine);
      await finishCalls(turn, request, engine, signal);
      return endedBefore(state, turn, run);
    }
  }
}

/** The events that end what has not started of these calls, and of those inside of them. */
export function cancelledCalls(
  state: SessionState,
  calls: readonly Call[],
  by: Canceller,
): readonly EventBody[] {
  return withInnerCalls(state, calls)
    .filter((call) => !isSettled(call.state))
    .map(({ id }) => ({
      type: 'call.settled',
      callId: id,
      outcome: { status: 'cancelled', by, error: { kind: 'cancelled', message: neverStarted } },
      times: { durationMs: 0, attempts: 0 },
    }));
}

function runOf(state: SessionState, { agentId, runId }: RunRequest): Run | undefined {
  return state.agents.get(agentId)?.runs.find(({ id }) => id === runId);
}

function lastTurnBefore(state: SessionState, { agentId }: RunRequest): Turn | undefined {
  const turnIds = (state.agents.get(agentId)?.runs ?? []).flatMap((run) => run.turnIds);
  return state.turns.get(turnIds.at(-1) ?? '');
}

/** The turn is asked again; what its calls did belongs to it alone, and none of it reaches the model. */
async function discard(turn: Turn, reason: string, engine: EnginePorts): Promise<undefined> {
  const { agentId, id: turnId } = turn;
  await engine.recorder.record({ type: 'turn.discarded', agentId, turnId, reason }, 'buffered');
  return cancelOpenCalls(turn, 'discardedTurn', engine);
}

/** Names what had begun before anybody knew how many calls the reply asks for. */
function cutReply(state: SessionState, turn: Turn): string {
  const begun = callsOfTurn(state, turn).filter((call) => isSettled(call.state)).length;
  const reason = 'The program was closed before the reply had ended.';
  if (begun === 0) return reason;
  return `${reason} ${begun === 1 ? '1 call of it' : `${begun} calls of it`} had begun; it is asked for again.`;
}

/** Undefined where all calls that an ended reply asked for are on record. */
function callsMissing(state: SessionState, { batchId = '' }: Turn): string | undefined {
  const batch = state.batches.get(batchId);
  const missing = batch ? unrecordedCalls(state, batch).missing : 0;
  if (missing === 0) return undefined;
  return `${missing} of ${batch?.callCount} calls of the reply were not on record; it is asked for again.`;
}

async function cancelOpenCalls(turn: Turn, by: Canceller, { recorder }: EnginePorts): Promise<undefined> {
  for (const event of cancelledCalls(recorder.state, callsOfTurn(recorder.state, turn), by))
    await recorder.record(event, 'durable');
}

/** What has settled stands, what only reads is read again, what had not started runs. */
async function finishCalls(
  turn: Turn,
  request: RunRequest,
  engine: EnginePorts,
  signal: AbortSignal,
): Promise<void> {
  const { state } = engine.recorder;
  const left = state.batches.get(turn.batchId ?? '');
  const calls = callsOfTurn(state, turn);
  if (!left || turn.state.status !== 'ended' || !runsCalls(turn.state.stopReason)) return;
  if (calls.every((call) => isSettled(call.state) && call.state.status !== 'interrupted')) return;
  const approvals = trackApprovals(engine.approvals, request, engine.recorder);
  const batch = await adoptCalls(requestOf(left, request, state), calls, { ...engine, approvals });
  const stop = (): void => batch.cancel(cancellers[signal.reason as RunStop]);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await batch.start();
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
}

function requestOf(left: Batch, { agentId, roots }: RunRequest, state: SessionState): BatchRequest {
  const { id, source, permission, cwd, failFast } = left;
  return { id, source, sessionId: state.id, agentId, permission, cwd, roots, failFast };
}

/** Only where the host died between the end of the turn and that of its run: any other ending has been told. */
function endedBefore(state: SessionState, turn: Turn, { agentId, follows }: Run): EndedBefore | undefined {
  const previous = state.agents.get(agentId)?.runs.find(({ id }) => id === follows)?.state;
  if (turn.state.status !== 'ended' || previous?.status !== 'interrupted') return undefined;
  if (previous.terminationReason !== 'hostExit') return undefined;
  const text = textOf(turn);
  const verdict = judgeTurn(turn.state.stopReason, text !== '', callsOfTurn(state, turn).length > 0);
  if (verdict.kind !== 'end') return undefined;
  return { ending: verdict.ending, stopReason: turn.state.stopReason, text };
}

function textOf(turn: Turn): string {
  const texts = turn.blocks.flatMap(({ block }) => (block.type === 'text' ? [block.text] : []));
  return texts.join('\n\n').trim();
}

function withInnerCalls(state: SessionState, calls: readonly Call[]): readonly Call[] {
  const below = new Map<CallId, readonly CallId[]>();
  for (const { source, callIds } of state.batches.values())
    if (source.kind === 'call') below.set(source.callId, callIds);
  const all: Call[] = [];
  for (const open = [...calls].reverse(); open.length > 0;) {
    const call = open.pop();
    if (!call) break;
    all.push(call);
    open.push(...(below.get(call.id) ?? []).flatMap((id) => state.calls.get(id) ?? []).reverse());
  }
  return all;
}
