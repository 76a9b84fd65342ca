/** What every transition of a session's state needs: writable views of it, and its parts by the ids of an event. */
import type { EventBody, SessionEvent } from './events.ts';
import type { Agent, AgentMessage, Batch, Run, SessionState, Turn } from './states.ts';

export type Draft<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, V>
    : T extends readonly (infer E)[]
      ? E[]
      : T extends object
        ? { -readonly [P in keyof T]: T[P] }
        : T;

export type EventOf<T extends EventBody['type']> = Extract<SessionEvent, { readonly type: T }>;

/** An event that contradicts what came before it: the journal is damaged, or a writer is wrong. */
export class UnexpectedEventError extends Error {
  constructor(event: SessionEvent, why: string) {
    super(`Event ${event.seq} (${event.type}) of session ${event.sessionId} does not fit: ${why}`);
    this.name = 'UnexpectedEventError';
  }
}

export function agentOf(
  state: SessionState,
  event: SessionEvent & { readonly agentId: string },
): Draft<Agent> {
  const agent = state.agents.get(event.agentId);
  if (!agent) throw new UnexpectedEventError(event, `no agent ${event.agentId}`);
  return agent;
}

export function runOf(
  state: SessionState,
  event: SessionEvent & { readonly agentId: string; readonly runId: string },
): Draft<Run> {
  const run = agentOf(state, event).runs.find((candidate) => candidate.id === event.runId);
  if (!run) throw new UnexpectedEventError(event, `no run ${event.runId}`);
  return run;
}

export function messageOf(
  state: SessionState,
  event: SessionEvent & { readonly agentId: string },
  id: string,
): Draft<AgentMessage> {
  const message = agentOf(state, event).messages.find((candidate) => candidate.id === id);
  if (!message) throw new UnexpectedEventError(event, `no message ${id}`);
  return message;
}

export function batchOf(
  state: SessionState,
  event: SessionEvent & { readonly batchId: string },
): Draft<Batch> {
  const batch = state.batches.get(event.batchId);
  if (!batch) throw new UnexpectedEventError(event, `no batch ${event.batchId}`);
  return batch;
}

export function turnOf(state: SessionState, event: SessionEvent & { readonly turnId: string }): Draft<Turn> {
  const turn = state.turns.get(event.turnId);
  if (!turn) throw new UnexpectedEventError(event, `no turn ${event.turnId}`);
  return turn;
}

export function mapOf<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return map as Map<K, V>;
}

export function push<T>(list: readonly T[], item: T): void {
  (list as T[]).push(item);
}
