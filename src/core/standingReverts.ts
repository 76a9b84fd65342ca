/** Which reverts of a session stand, and what of a turn or an agent they took back. */
import type { CallId } from './calls.ts';
import { coveredCalls } from './checkpoints.ts';
import type { Revert, RevertId, RevertTarget } from './reverts.ts';
import type { SessionState } from './states.ts';

/** `partly`: some of its files, or some of its calls. */
export type Reverted = 'no' | 'partly' | 'whole';

/** What of a target's edits is taken back now. */
export function revertedOf(state: SessionState, target: RevertTarget): Reverted {
  if (state.reverts.length === 0) return 'no'; // As almost always, and rows are drawn often.
  const calls = [...coveredCalls(state, target)];
  const reverts = standingReverts(state);
  const reverted = calls.map((callId) => revertedCall(state, reverts, callId));
  if (calls.length === 0 || reverted.every((each) => each === 'no')) return 'no';
  return reverted.every((each) => each === 'whole') ? 'whole' : 'partly';
}

/** The newest revert of exactly this target that is not undone: what its undoing would undo. */
export function revertToUndo(state: SessionState, target: RevertTarget): Revert | undefined {
  return standingReverts(state).findLast((revert) => isSame(revert.target, target));
}

/** Those that took something back and were not undone, oldest first. */
export function standingReverts({ reverts }: SessionState): readonly Revert[] {
  const undone = new Set<RevertId>();
  // A later one is never undone by an earlier one.
  for (const { id, target, files } of reverts.toReversed())
    if (target.kind === 'revert' && files.length > 0 && !undone.has(id)) undone.add(target.revertId);
  return reverts.filter(
    ({ id, target, files }) => target.kind !== 'revert' && files.length > 0 && !undone.has(id),
  );
}

function revertedCall(state: SessionState, reverts: readonly Revert[], callId: CallId): Reverted {
  const newest = reverts.findLast(({ callIds }) => callIds.includes(callId));
  if (!newest) return 'no';
  const left = new Set([...newest.leftOut, ...(newest.notRestored ?? [])].map(({ path }) => path));
  const isLeft = state.fileChanges.some(
    ({ by, path }) => by.kind === 'call' && by.callId === callId && left.has(path),
  );
  return isLeft || !newest.notRestored ? 'partly' : 'whole';
}

function isSame(one: RevertTarget, other: RevertTarget): boolean {
  switch (one.kind) {
    case 'turn':
      return other.kind === 'turn' && one.turnId === other.turnId;
    case 'agent':
      return other.kind === 'agent' && one.agentId === other.agentId;
    case 'revert':
      return other.kind === 'revert' && one.revertId === other.revertId;
  }
}
