/** What a run took, counted from its session's state. */
import { noUsage, type Usage } from './agents.ts';
import type { Run, SessionState } from './states.ts';

export interface RunStatistics extends Usage {
  readonly turns: number;
  readonly calls: number;
  /** Requests that had to be sent again. */
  readonly repeatedRequests: number;
  /** Until its end, or until the session's newest event. */
  readonly durationMs: number;
}

export function runStatistics(state: SessionState, run: Run): RunStatistics {
  const turns = run.turnIds.flatMap((id) => state.turns.get(id) ?? []);
  const calls = turns.map(({ batchId }) => state.batches.get(batchId ?? '')?.callIds.length ?? 0);
  const ended = 'endedAt' in run.state ? run.state : undefined;
  return {
    turns: turns.length,
    calls: sum(calls),
    repeatedRequests: sum(turns.map(({ attempt }) => attempt - 1)),
    ...(ended?.usage ?? noUsage),
    durationMs: (ended?.endedAt ?? state.lastAt) - run.startedAt,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
