/** What is to be said of many calls in a few words. */
import type { Call } from '../core/states.ts';
import { countOutcomes, countsText } from './counts.ts';

/** `13 of 14 · 1 failed`; empty where there are no calls. */
export function callsPhrase(calls: readonly Call[]): string {
  return calls.length === 0 ? '' : countsText(countOutcomes(calls));
}
