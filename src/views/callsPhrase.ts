/** What is to be said of many calls in a few words. */
import type { Call, SessionState } from '../core/states.ts';
import { allOnRecord } from '../core/unrecordedCalls.ts';
import { isDoneInPart } from './callParts.ts';
import { countOutcomes, countsText, summaryText, type FinerCounts } from './counts.ts';

/** `13 of 14 · 1 failed`, beside an icon; empty where there are no calls. */
export function callsPhrase(state: SessionState, calls: readonly Call[], unrecorded = allOnRecord): string {
  const counts = countOutcomes(calls, unrecorded);
  return counts.total === 0 ? '' : countsText(counts, finerCounts(state, calls));
}

/** `13 of 14 succeeded, 1 failed`, where there is no icon; empty where there are no calls. */
export function callsSummary(state: SessionState, calls: readonly Call[], unrecorded = allOnRecord): string {
  const counts = countOutcomes(calls, unrecorded);
  return counts.total === 0 ? '' : summaryText(counts, finerCounts(state, calls));
}

function finerCounts(state: SessionState, calls: readonly Call[]): FinerCounts {
  return {
    asking: calls.filter((call) => call.state.status === 'awaitingApproval').length,
    inPart: calls.filter((call) => isDoneInPart(state, call)).length,
  };
}
