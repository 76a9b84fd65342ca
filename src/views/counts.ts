/** How the calls of a batch ended, counted and in words. */
import { isSettled, type CallState, type OutcomeStatus } from '../core/calls.ts';

/** How many calls ended in which outcome; `open` ones have not ended. */
export type OutcomeCounts = Readonly<Record<OutcomeStatus | 'open' | 'total', number>>;

/** Counts calls by their outcome. */
export function countOutcomes(calls: Iterable<{ readonly state: CallState }>): OutcomeCounts {
  const counts = { ...noCalls };
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

/** `13 of 14 · 1 failed`, for a row of the tree. */
export function countsText(counts: OutcomeCounts): string {
  return [`${counts.succeeded} of ${counts.total}`, ...others(counts)].join(' · ');
}

/** `13 of 14 succeeded, 1 failed`, for a summary. */
export function summaryText(counts: OutcomeCounts): string {
  return [`${counts.succeeded} of ${counts.total} succeeded`, ...others(counts)].join(', ');
}

const words: readonly (readonly [keyof OutcomeCounts, string])[] = [
  ['failed', 'failed'],
  ['timedOut', 'timed out'],
  ['denied', 'denied'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
  ['interrupted', 'interrupted'],
  ['open', 'open'],
];

function others(counts: OutcomeCounts): readonly string[] {
  return words.flatMap(([key, word]) => (counts[key] > 0 ? [`${counts[key]} ${word}`] : []));
}
