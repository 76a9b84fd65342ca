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

/** What the outcomes alone do not tell. */
export interface FinerCounts {
  /** How many of the open calls wait for a person. */
  readonly asking?: number;
  /** How many of the failed calls hold other work, and some of that came to a good end. */
  readonly inPart?: number;
}

/** `13 of 14 · 1 failed`, for a row of the tree. */
export function countsText(counts: OutcomeCounts, finer: FinerCounts = {}): string {
  return [`${counts.succeeded} of ${counts.total}`, ...others(counts, finer)].join(' · ');
}

/** `13 of 14 succeeded, 1 failed`, for a summary. */
export function summaryText(counts: OutcomeCounts, finer: FinerCounts = {}): string {
  return [`${counts.succeeded} of ${counts.total} succeeded`, ...others(counts, finer)].join(', ');
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

function others(counts: OutcomeCounts, { asking = 0, inPart = 0 }: FinerCounts): readonly string[] {
  const rest = { ...counts, open: counts.open - asking, failed: counts.failed - inPart };
  const ended = words.flatMap(([key, word]) => {
    const count = rest[key] ?? 0;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  const partly = inPart > 0 ? [`${inPart} done in part`] : [];
  return [...partly, ...ended, ...(asking > 0 ? [`${asking} to approve`] : [])];
}
