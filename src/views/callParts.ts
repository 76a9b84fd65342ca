/** What became of the work that a call holds: its calls, or its tasks. */
import { countTasks, taskCountsText } from '../core/taskCounts.ts';
import type { Call, SessionState } from '../core/states.ts';
import { countOutcomes, countsText } from './counts.ts';
import { taskRecords } from './taskRecords.ts';

export interface CallParts {
  /** How many completed or succeeded. */
  readonly good: number;
  readonly total: number;
  /** `9 of 12 completed · 2 failed`. */
  readonly text: string;
}

/** Undefined for a call that holds no other work, or that never came so far. */
export function callParts(state: SessionState, call: Call): CallParts | undefined {
  switch (call.tool) {
    case 'run_agents': {
      const list = state.taskLists.find(({ callId }) => callId === call.id);
      const counts = list && countTasks(taskRecords(state, list));
      return counts && { good: counts.completed, total: counts.total, text: taskCountsText(counts, ' · ') };
    }
    case 'run_batch': {
      const calls = innerCalls(state, call);
      const counts = countOutcomes(calls);
      return calls.length === 0
        ? undefined
        : { good: counts.succeeded, total: counts.total, text: countsText(counts) };
    }
    default:
      return undefined;
  }
}

/** Finds the calls that failed for the sake of some of their parts, while others came to their end. */
export function isDoneInPart(state: SessionState, call: Call): boolean {
  if (call.state.status !== 'failed' || !partErrors.has(call.state.error.kind)) return false;
  const parts = callParts(state, call);
  return parts !== undefined && parts.good > 0;
}

/** What is told of parts, and not of the call itself. */
const partErrors: ReadonlySet<string> = new Set(['agentNotCompleted', 'innerCalls', 'refused']);

/** The calls of the batch that a call runs. */
export function innerCalls(state: SessionState, { id }: Call): readonly Call[] {
  const inner = [...state.batches.values()].filter(
    ({ source }) => source.kind === 'call' && source.callId === id,
  );
  return inner.flatMap(({ callIds }) => callIds.flatMap((callId) => state.calls.get(callId) ?? []));
}
