/** What is to be said of many calls in a few words. */
import type { Call } from '../core/states.ts';
import { allOnRecord } from '../core/unrecordedCalls.ts';
import { countOutcomes, countsText, summaryText } from './counts.ts';

/** `13 of 14 · 1 failed`, beside an icon; empty where there are no calls. */
export function callsPhrase(calls: readonly Call[], unrecorded = allOnRecord): string {
  const counts = countOutcomes(calls, unrecorded);
  return counts.total === 0 ? '' : countsText(counts, askingOf(calls));
}

/** `13 of 14 succeeded, 1 failed`, where there is no icon; empty where there are no calls. */
export function callsSummary(calls: readonly Call[], unrecorded = allOnRecord): string {
  const counts = countOutcomes(calls, unrecorded);
  return counts.total === 0 ? '' : summaryText(counts, askingOf(calls));
}

function askingOf(calls: readonly Call[]): number {
  return calls.filter(({ state }) => state.status === 'awaitingApproval').length;
}
