/** What a list of the sessions on disk says of each. */
import type { SessionState } from '../core/states.ts';
import { ageText } from './duration.ts';
import { joined } from './row.ts';
import { sessionRow } from './sessionRow.ts';

interface Standing {
  /** Its host is gone, and nobody has resumed or dismissed it. */
  readonly isCutOff: boolean;
  /** Where the session is open here. */
  readonly state?: SessionState | undefined;
}

/** `5 min ago · interrupted`; of one that has ended and is not open, only its age is known. */
export function pastSessionText(
  { lastAt, isUnresolved }: { readonly lastAt: number; readonly isUnresolved: boolean },
  now: number,
  { isCutOff, state }: Standing,
): string {
  const unresolved = isCutOff ? 'interrupted' : 'goes on elsewhere';
  const word = state ? sessionRow(state).description : isUnresolved ? unresolved : '';
  return joined(ageText(now - lastAt), word);
}
