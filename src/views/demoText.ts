/** The words at the demo's end. */
import type { SessionState } from '../core/states.ts';
import { callsSummary } from './callsPhrase.ts';

/** `13 of 14 calls succeeded …`, and what to do next. */
export function demoEndText(state: SessionState): string {
  const summary = callsSummary(state, [...state.calls.values()]).replace(' succeeded', ' calls succeeded');
  return `The demo has ended: ${summary}. Each call kept its own result; click the failed one to see why. Next: start an agent of your own.`;
}
