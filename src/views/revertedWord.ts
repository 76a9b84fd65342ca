/** What the row of a turn or an agent says and offers of its edits. */
import type { RevertTarget } from '../core/reverts.ts';
import { revertedOf, revertToUndo } from '../core/standingReverts.ts';
import type { SessionState } from '../core/states.ts';

const words = { no: '', partly: 'partly reverted', whole: 'reverted' } as const;

/** Empty where nothing was taken back. */
export function revertedWord(state: SessionState, target: RevertTarget): string {
  return words[revertedOf(state, target)];
}

/** The end of a row's context value: `.edits` where they can be taken back, `.reverted` where that can be undone. */
export function revertContext(state: SessionState, target: RevertTarget, hasEdits: boolean): string {
  if (!hasEdits) return '';
  const edits = revertedOf(state, target) === 'whole' ? '' : '.edits';
  return `${edits}${revertToUndo(state, target) ? '.reverted' : ''}`;
}
