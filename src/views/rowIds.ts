/** Row ids, `session/agent/turn/callId`, `session/batch/callId` and `session//task/index/callId`: what a row stands for, and where it hangs. */
import type { AgentId, TurnId } from '../core/agents.ts';
import type { BatchId, CallId } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';

export type RowId = string;

/** What a row stands for. */
export type RowTarget =
  | { readonly kind: 'session'; readonly sessionId: SessionId }
  | { readonly kind: 'agent'; readonly sessionId: SessionId; readonly agentId: AgentId }
  | {
      readonly kind: 'turn';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly turnId: TurnId;
    }
  | { readonly kind: 'call'; readonly sessionId: SessionId; readonly callId: CallId }
  | CallRange
  | TaskTarget;

/** Some neighbouring calls of a batch that has too many for one list: those whose places begin with `first`. */
export interface CallRange {
  readonly kind: 'range';
  readonly sessionId: SessionId;
  readonly batchId: BatchId;
  readonly first: number;
}

/** A task that no agent of this session was started for; `callId` as in its list. */
export interface TaskTarget {
  readonly kind: 'task';
  readonly sessionId: SessionId;
  readonly index: number;
  readonly callId?: CallId;
}

/** The longest list of calls. VS Code asks for all rows of a list whenever one above it changes: ten thousand would stop the editor. */
export const mostCallsInOneList = 200;
export const callsInRange = 100;

/** The session that a row belongs to. */
export function sessionIdOf(rowId: RowId): SessionId {
  return rowId.split('/', 1)[0] ?? '';
}

/** What a row of this session stands for; undefined where the session has no such thing. */
export function targetOf(state: SessionState, rowId: RowId): RowTarget | undefined {
  const [sessionId = '', second, third, ...rest] = rowId.split('/');
  if (sessionId !== state.id) return undefined;
  const range = rangeOf(state, rowId);
  if (range) return range;
  if (second === undefined) return { kind: 'session', sessionId };
  if (second === '') return third === 'task' ? task(state, rest) : undefined;
  if (!state.agents.has(second)) return third === undefined ? undefined : call(state, [third, ...rest]);
  if (third === undefined) return { kind: 'agent', sessionId, agentId: second };
  if (rest.length > 0) return call(state, rest);
  return state.turns.has(third) ? { kind: 'turn', sessionId, agentId: second, turnId: third } : undefined;
}

/** The row of a target; a call's never changes, whatever happens to it. */
export function rowIdOf(state: SessionState, target: RowTarget): RowId {
  switch (target.kind) {
    case 'session':
      return state.id;
    case 'agent':
      return `${state.id}/${target.agentId}`;
    case 'turn':
      return `${state.id}/${target.agentId}/${target.turnId}`;
    case 'call':
      return callRowId(state, target.callId);
    case 'range':
      return rangeRowId(target);
    case 'task':
      return taskRowId(target);
  }
}

/** No id is empty, so no row of another kind begins so. */
function taskRowId({ sessionId, index, callId }: TaskTarget): RowId {
  return `${sessionId}//task/${index}${callId === undefined ? '' : `/${callId}`}`;
}

function task(state: SessionState, [place = '', ...parts]: readonly string[]): RowTarget | undefined {
  const index = Number(place);
  const callId = parts.length > 0 ? parts.join('/') : undefined;
  const list = state.taskLists.find((candidate) => candidate.callId === callId);
  if (list?.notes[index] === undefined) return undefined;
  return { kind: 'task', sessionId: state.id, index, ...(callId !== undefined && { callId }) };
}

/** The row of neighbouring calls. No id is empty, so no other row has `//` before its end. */
export function rangeRowId({ sessionId, batchId, first }: CallRange): RowId {
  return `${sessionId}/${batchId}//${first}`;
}

function rangeOf(state: SessionState, rowId: RowId): CallRange | undefined {
  const at = rowId.lastIndexOf('//');
  const batchId = rowId.slice(state.id.length + 1, at);
  if (at < 0 || !state.batches.has(batchId)) return undefined;
  return { kind: 'range', sessionId: state.id, batchId, first: Number(rowId.slice(at + 2)) };
}

/** The ranges that a batch's calls are listed in; undefined where one list holds them all. */
export function rangesOf(state: SessionState, batchId: BatchId): readonly CallRange[] | undefined {
  const callIds = state.batches.get(batchId)?.callIds ?? [];
  if (callIds.length <= mostCallsInOneList) return undefined;
  const firsts = new Set(callIds.map((id) => firstOfRange(state.calls.get(id)?.index ?? 0)));
  return [...firsts].map((first) => ({ kind: 'range', sessionId: state.id, batchId, first }));
}

/** The place of the first call of the range that holds a place. */
export function firstOfRange(index: number): number {
  return index - (index % callsInRange);
}

export function callRowId(state: SessionState, callId: CallId): RowId {
  const batchId = state.calls.get(callId)?.batchId;
  return `${batchId === undefined ? state.id : batchPrefix(state, batchId)}/${callId}`;
}

/** The row that a batch's calls hang under. */
export function batchRowId(state: SessionState, batchId: BatchId | undefined): RowId {
  const source = batchId === undefined ? undefined : state.batches.get(batchId)?.source;
  if (source?.kind === 'turn') return `${state.id}/${source.agentId}/${source.turnId}`;
  if (source?.kind === 'call') return callRowId(state, source.callId);
  return state.id;
}

/** What precedes the call id in the row ids of a batch. Inner call ids carry the outer id themselves. */
function batchPrefix(state: SessionState, batchId: BatchId): string {
  const source = state.batches.get(batchId)?.source;
  if (source?.kind === 'turn') return `${state.id}/${source.agentId}/${source.turnId}`;
  const outer = source?.kind === 'call' ? state.calls.get(source.callId) : undefined;
  return outer ? batchPrefix(state, outer.batchId) : `${state.id}/${batchId}`;
}

function call(state: SessionState, parts: readonly string[]): RowTarget | undefined {
  const callId = parts.join('/');
  return state.calls.has(callId) ? { kind: 'call', sessionId: state.id, callId } : undefined;
}
