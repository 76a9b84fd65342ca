/** How the calls of a batch ended, counted and in words. */
import { isSettled, type CallState, type OutcomeStatus } from '../core/calls.ts';
import { allOnRecord, type UnrecordedCalls } from '../core/unrecordedCalls.ts';

/** How many calls ended in which outcome; `open` ones have not ended. */
export interface OutcomeCounts extends Readonly<Record<OutcomeStatus | 'open' | 'total', number>> {
  /** Asked for and not on record; absent where all are. */
  readonly missing?: number;
}

/** Counts calls by their outcome; the total is of all that were asked for. */
export function countOutcomes(
  calls: Iterable<{ readonly state: CallState }>,
  { open, missing }: UnrecordedCalls = allOnRecord,
): OutcomeCounts {
  const counts = { ...noCalls, open, total: open + missing, ...(missing > 0 && { missing }) };
  for (const { state } of calls) {
    counts.total++;
    counts[isSettled(state) ? state.status : 'open']++;
  }
  return counts;
}

const noCalls: OutcomeCounts = {
  total: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  denied: 0,
  skipped: 0,
  cancelled: 0,
  interrupted: 0,
  open: 0,
};

/** `13 of 14 · 1 failed`, for a row of the tree. Of the open ones, `asking` wait for a person. */
export function countsText(counts: OutcomeCounts, asking = 0): string {
  return [`${counts.succeeded} of ${counts.total}`, ...others(counts, asking)].join(' · ');
}

/** `13 of 14 succeeded, 1 failed`, for a summary. Of the open ones, `asking` wait for a person. */
export function summaryText(counts: OutcomeCounts, asking = 0): string {
  return [`${counts.succeeded} of ${counts.total} succeeded`, ...others(counts, asking)].join(', ');
}

const words: readonly (readonly [keyof OutcomeCounts, string])[] = [
  ['failed', 'failed'],
  ['timedOut', 'timed out'],
  ['denied', 'denied'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
  ['interrupted', 'interrupted'],
  ['open', 'unfinished'],
  ['missing', 'not on record'],
];

function others(counts: OutcomeCounts, asking: number): readonly string[] {
  const rest = { ...counts, open: counts.open - asking };
  const ended = words.flatMap(([key, word]) => {
    const count = rest[key] ?? 0;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  return asking > 0 ? [...ended, `${asking} to approve`] : ended;
}
