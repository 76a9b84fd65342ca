/** What a person is asked and told about several interruptions at once. */
import type { SessionState } from '../core/states.ts';
import { interruptedAgents, interruptedBatches } from '../core/unresolved.ts';
import { notOnRecordText } from './notOnRecordText.ts';
import { oneLine } from './plainText.ts';

/** `3 agents and 1 batch`; of sessions that ended before either was on record, `1 session`. */
export function interruptionsText(sessions: readonly SessionState[]): string {
  const count = (of: (state: SessionState) => readonly unknown[]): number =>
    sessions.reduce((sum, state) => sum + of(state).length, 0);
  const parts = [
    counted(count(interruptedAgents), 'agent', 'agents'),
    counted(count(interruptedBatches), 'batch', 'batches'),
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' and ') : counted(sessions.length, 'session', 'sessions');
}

/** Why a session can't be resumed as a whole; undefined if it can. */
export function notResumableText(state: SessionState): string | undefined {
  const agents = [...state.agents.values()];
  if (agents.length > 0 && agents.every(({ model }) => model === 'replay')) return 'it is a recording';
  return notOnRecordText(state) === undefined ? undefined : 'not all that it was asked for is on record';
}

/** `Not resumed: “Demo” (it is a recording).`; empty if all were. */
export function notResumedText(sessions: readonly SessionState[]): string {
  const named = sessions.map(
    (state) => `“${oneLine(state.title, 60) || 'Untitled session'}” (${notResumableText(state)})`,
  );
  return named.length === 0 ? '' : `Not resumed: ${named.join(', ')}.`;
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : count === 1 ? `1 ${one}` : `${count} ${many}`;
}
