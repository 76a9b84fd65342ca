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
  const undoings = undoingsOf(state.reverts);
  const reverts = standing(state.reverts, undoings);
  const reverted = calls.map((callId) => revertedCall(state, reverts, undoings, callId));
  if (calls.length === 0 || reverted.every((each) => each === 'no')) return 'no';
  return reverted.every((each) => each === 'whole') ? 'whole' : 'partly';
}

/** The newest revert of exactly this target that is not undone: what its undoing would undo. */
export function revertToUndo(state: SessionState, target: RevertTarget): Revert | undefined {
  return standingReverts(state).findLast((revert) => isSame(revert.target, target));
}

/** Those that were to take something back, and of which not all was undone, oldest first. */
export function standingReverts({ reverts }: SessionState): readonly Revert[] {
  return standing(reverts, undoingsOf(reverts));
}

/** The reverts that later reverts have undone, wholly or partly. */
interface Undoings {
  readonly whole: ReadonlySet<RevertId>;
  /** The files that one brought back which did not come to its end. */
  readonly partly: ReadonlyMap<RevertId, ReadonlySet<string>>;
}

function undoingsOf(reverts: readonly Revert[]): Undoings {
  const whole = new Set<RevertId>();
  const partly = new Map<RevertId, Set<string>>();
  // A later one is never undone by an earlier one.
  for (const revert of reverts.toReversed()) {
    const { id, target, notRestored } = revert;
    if (target.kind !== 'revert' || whole.has(id)) continue;
    const undone = partly.get(id);
    const restored = restoredBy(revert).filter((path) => !undone?.has(path));
    if (restored.length === 0) continue;
    const isWhole = !undone && (notRestored ?? []).length === 0;
    if (isWhole) whole.add(target.revertId);
    else partly.set(target.revertId, new Set([...restored, ...(partly.get(target.revertId) ?? [])]));
  }
  return { whole, partly };
}

function standing(reverts: readonly Revert[], { whole }: Undoings): readonly Revert[] {
  return reverts.filter(
    ({ id, target, files }) => target.kind !== 'revert' && files.length > 0 && !whole.has(id),
  );
}

/** The paths of its files that are restored; of one under way those that are to be. */
function restoredBy({ files, notRestored = [] }: Revert): readonly string[] {
  const left = new Set(notRestored.map(({ path }) => path));
  return files.flatMap(({ path }) => (left.has(path) ? [] : [path]));
}

function revertedCall(
  state: SessionState,
  reverts: readonly Revert[],
  { partly }: Undoings,
  callId: CallId,
): Reverted {
  const newest = reverts.findLast(({ callIds }) => callIds.includes(callId));
  if (!newest) return 'no';
  const left = new Set([...newest.leftOut, ...(newest.notRestored ?? [])].map(({ path }) => path));
  const isLeft = state.fileChanges.some(
    ({ by, path }) =>
      by.kind === 'call' &&
      by.callId === callId &&
      (left.has(path) || partly.get(newest.id)?.has(path) === true),
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
