/** Finds, among the calls that a dead host left running, those that were to start a sub-agent and had not come so far. */
import type { Call, SessionState } from '../core/states.ts';
import { wrappers } from '../engine/coerceInput.ts';
import { isObject } from '../engine/jsonForms.ts';
import { notHappened } from './notHappened.ts';
import type { LeftEndings } from './leftovers.ts';

/**
 * A sub-agent is in the journal before it does anything, so without a run of it nothing has happened: the call is queued
 * again, and takes up the agent if it was made. One that may have left a worktree without its agent stays as it is.
 */
export function spawnEndings(state: SessionState): LeftEndings {
  const calls = [...state.calls.values()].filter((call) => hasNotHappened(state, call));
  const events = calls.flatMap(({ id, state: call }) =>
    call.status === 'running' ? notHappened(id, call, message) : [],
  );
  return { events, callIds: new Set(calls.map(({ id }) => id)) };
}

const message = 'The program that ran this call ended before the sub-agent had begun.';

function hasNotHappened(state: SessionState, { id, tool, input, state: call }: Call): boolean {
  if (call.status !== 'running' || tool !== 'spawn_agent') return false;
  const agents = [...state.agents.values()].filter(({ parent }) => parent?.callId === id);
  return agents.length === 0 ? !isIsolated(input) : agents.every(({ runs }) => runs.length === 0);
}

function isIsolated(input: Call['input']): boolean {
  if (input.kind === 'unparsable') return false;
  const { value } = input;
  // In a string or a wrapper it would have to be looked for: such a call stays as it is.
  if (!isObject(value) || wrappers.some((key) => key in value)) return true;
  return value['isolation'] !== undefined && value['isolation'] !== null;
}
