/** A call as a record: what the CLI, the API and results show of it. */
import {
  isSettled,
  type CallInput,
  type CallOutput,
  type CallRecord,
  type CallState,
} from '../core/calls.ts';
import type { Call } from '../core/states.ts';

/** The record of a call at the time `now`, in epoch milliseconds. */
export function callRecord(call: Call, now: number): CallRecord {
  const { state } = call;
  return {
    id: call.id,
    tool: call.tool,
    input: recordedInput(call.input),
    status: state.status,
    ...timesOf(call, now),
    ...('output' in state && state.output !== undefined && { output: recordedOutput(state.output) }),
    ...('error' in state && { error: state.error }),
    ...(state.status === 'skipped' && { because: state.because }),
  };
}

/** What the session keeps for itself, to know later what an agent has read, is left out. */
function recordedOutput({ seen: _seen, ...output }: CallOutput): CallOutput {
  return output;
}

/** An input that could not be parsed is an object that holds the raw text, as in the model's own history. */
function recordedInput(input: CallInput): unknown {
  return input.kind === 'parsed' ? input.value : { unparsable_input: input.raw };
}

type Times = Pick<CallRecord, 'startedAt' | 'durationMs' | 'attempts'>;

function timesOf(call: Call, now: number): Times {
  const state: CallState = call.state;
  if (state.status === 'running')
    return {
      startedAt: state.startedAt,
      durationMs: Math.max(0, now - state.startedAt),
      attempts: state.attempt,
    };
  if (!isSettled(state)) return { durationMs: 0, attempts: call.failedAttempts.length };
  return {
    ...(state.startedAt !== undefined && { startedAt: state.startedAt }),
    ...(state.durationMs !== undefined && { durationMs: state.durationMs }),
    attempts: state.attempts,
  };
}
