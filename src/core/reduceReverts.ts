/** The transitions of reverts. */
import { UnexpectedEventError, push, type Draft, type EventOf } from './drafts.ts';
import { fileChangesOf, type Revert } from './reverts.ts';
import type { SessionState } from './states.ts';

export function startRevert(state: SessionState, event: EventOf<'revert.started'>): void {
  const { revertId, target, callIds, files, leftOut } = event;
  push(state.reverts, { id: revertId, target, callIds, files, leftOut });
  for (const file of files)
    for (const change of fileChangesOf(file, { kind: 'revert', revertId })) push(state.fileChanges, change);
}

export function endRevert(state: SessionState, event: EventOf<'revert.ended'>): void {
  const revert: Draft<Revert> | undefined = state.reverts.find(({ id }) => id === event.revertId);
  if (!revert) throw new UnexpectedEventError(event, `no revert ${event.revertId}`);
  revert.notRestored = event.notRestored;
}
