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

/** The heading of what is not of this window's folders. */
export const otherFolders = 'Other folders';

/** The heading of a session in a list: its day if it is of this window's folders, else that it is of others. */
export function pastSessionGroup(
  { lastAt }: { readonly lastAt: number },
  now: number,
  isOfThisWindow: boolean,
): string {
  if (!isOfThisWindow) return otherFolders;
  const days = Math.round((startOfDay(now) - startOfDay(lastAt)) / dayMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days < 7 ? 'The last seven days' : 'Older';
}

const dayMs = 24 * 60 * 60 * 1000;

/** In the person's time zone. */
function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
