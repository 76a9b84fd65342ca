/** From what a session journalled: how each file was before a turn or an agent touched it, and how they left it. */
import { agentOfBatch, outermostBatch } from './states.ts';
import type { Call, SessionState } from './states.ts';
import type { AgentId } from './agents.ts';
import type { CallId, FileTraits } from './calls.ts';
import type { ChangedBy, FileChange, RevertTarget } from './reverts.ts';

/** A file before and after all edits of a target. Hashes of texts; null: no file. */
export interface Checkpoint {
  /** Canonical. */
  readonly path: string;
  readonly restoreTo: string | null;
  /** Of the file that is to be restored. */
  readonly traits?: FileTraits;
  /** What is there now was made anew, or was given traits, so these may be others than before. */
  readonly hasNewTraits: boolean;
  /** What stands there if nobody else has changed it: more than one, where nobody knows whether an edit happened. */
  readonly left: readonly (string | null)[];
  /** Somebody else changed it between two edits of the target; a call of this session, where one is known. */
  readonly between?: { readonly by?: ChangedBy };
  /** Later changes by others, oldest first. */
  readonly later: readonly FileChange[];
  /** Where its file went with the last edit. */
  readonly movedTo?: string;
}

/** The hash of the newest text that a session has kept of a file before it was changed; undefined where there is none. */
export function lastTextBefore({ fileChanges }: SessionState, path: string): string | undefined {
  return (
    fileChanges.findLast((change) => change.path === path && change.before !== null)?.before ?? undefined
  );
}

/** The calls whose edits a target covers, in no order that matters. */
export function coveredCalls(state: SessionState, target: RevertTarget): ReadonlySet<CallId> {
  if (target.kind === 'revert')
    return new Set(state.reverts.find(({ id }) => id === target.revertId)?.callIds);
  const ids = new Set<CallId>();
  for (const { by } of state.fileChanges)
    if (by.kind === 'call' && !ids.has(by.callId) && covers(state, target, by.callId)) ids.add(by.callId);
  return ids;
}

/** The agents that a target covers, which must be at rest for it to be reverted. */
export function coveredAgents(state: SessionState, target: RevertTarget): ReadonlySet<AgentId> {
  const calls = target.kind === 'revert' ? coveredCalls(state, target) : new Set<CallId>();
  const own = [...calls].map((id) => agentOfCall(state, id)).filter((id) => id !== undefined);
  if (target.kind === 'agent') own.push(target.agentId);
  if (target.kind === 'turn') own.push(state.turns.get(target.turnId)?.agentId ?? '');
  const below = [...state.agents.values()].filter(
    ({ parent }) => parent && target.kind !== 'revert' && covers(state, target, parent.callId),
  );
  return new Set([...own, ...below.map(({ id }) => id)]);
}

/** What a revert of the target would restore, in the order in which the files were changed first. */
export function checkpointsOf(state: SessionState, target: RevertTarget): readonly Checkpoint[] {
  const calls = coveredCalls(state, target);
  const isCovered = ({ by }: FileChange): boolean =>
    target.kind === 'revert'
      ? by.kind === 'revert' && by.revertId === target.revertId
      : by.kind === 'call' && calls.has(by.callId);
  const byPath = new Map<string, FileChange[]>();
  for (const change of state.fileChanges) {
    const changes = byPath.get(change.path);
    if (changes) changes.push(change);
    else if (isCovered(change)) byPath.set(change.path, [change]);
  }
  return [...byPath.values()].flatMap((changes) => checkpointOf(state, changes, isCovered) ?? []);
}

/** What is known of one file while its changes are gone through. */
interface Walk {
  first: FileChange | undefined;
  left: (string | null)[];
  /** What may stand there, as far as this session knows. */
  possible: (string | null)[];
  between: { readonly by?: ChangedBy } | undefined;
  later: FileChange[];
  movedTo: string | undefined;
  hasNewTraits: boolean;
}

function checkpointOf(
  state: SessionState,
  changes: readonly FileChange[],
  isCovered: (change: FileChange) => boolean,
): Checkpoint | undefined {
  const walk: Walk = {
    first: undefined,
    left: [],
    possible: [],
    between: undefined,
    later: [],
    movedTo: undefined,
    hasNewTraits: false,
  };
  for (const change of changes) {
    const happened = hasHappened(state, change);
    if (happened === 'no') continue;
    const after = afterOf(state, change);
    if (isCovered(change)) stepOver(walk, change, after, happened);
    else if (walk.first) noteOther(walk, { ...change, after });
  }
  const { first, left, between, later, movedTo, hasNewTraits } = walk;
  if (!first) return undefined;
  const { path, before: restoreTo, traits } = first;
  return {
    path,
    restoreTo,
    hasNewTraits,
    left,
    later,
    ...(traits && { traits }),
    ...(between && { between }),
    ...(movedTo !== undefined && { movedTo }),
  };
}

function stepOver(walk: Walk, change: FileChange, after: string | null, happened: 'yes' | 'maybe'): void {
  const { before, movedTo } = change;
  if (walk.first && !walk.possible.includes(before)) {
    const by = walk.later.findLast((other) => other.after === before)?.by;
    walk.between ??= by ? { by } : {};
  }
  walk.first ??= change;
  walk.left = happened === 'yes' ? [after] : [...walk.left, after];
  walk.possible = happened === 'yes' ? [after] : [...walk.possible, before, after];
  walk.movedTo = movedTo;
  walk.hasNewTraits ||= after === null || change.setsTraits === true;
  walk.later = [];
}

/** What a revert restores, and what the undoing of one brings back, is not a change by somebody else. */
function noteOther(walk: Walk, change: FileChange): void {
  if (change.by.kind === 'revert' && walk.possible.includes(change.before)) {
    walk.left.push(change.after);
    walk.possible.push(change.after);
  } else walk.later.push(change);
}

/** `maybe`: its call was stopped, or its host died, and nobody has looked. */
function hasHappened(state: SessionState, { by, path }: FileChange): 'yes' | 'no' | 'maybe' {
  if (by.kind === 'revert') {
    const notRestored = state.reverts.find(({ id }) => id === by.revertId)?.notRestored;
    if (!notRestored) return 'maybe';
    return notRestored.some((file) => file.path === path) ? 'no' : 'yes';
  }
  const call = state.calls.get(by.callId)?.state;
  if (call === undefined || !('attempts' in call) || call.attempts !== by.attempt) return 'maybe';
  if (call.status === 'succeeded') return 'yes';
  return call.status === 'failed' && call.error.kind !== 'internal' ? 'no' : 'maybe';
}

/** An editor may have formatted the text when it saved it. */
function afterOf(state: SessionState, { by, path, after }: FileChange): string | null {
  const call = by.kind === 'call' ? state.calls.get(by.callId)?.state : undefined;
  const seen = call?.status === 'succeeded' ? call.output.seen : undefined;
  return seen?.path === path && after !== null ? seen.hash : after;
}

function covers(state: SessionState, target: RevertTarget, callId: CallId): boolean {
  for (let call: Call | undefined = state.calls.get(callId); call;) {
    const source = outermostBatch(state, call.batchId)?.source;
    if (source?.kind !== 'turn') return false;
    if (target.kind === 'turn' && source.turnId === target.turnId) return true;
    if (target.kind === 'agent' && source.agentId === target.agentId) return true;
    const parent = state.agents.get(source.agentId)?.parent;
    call = parent && state.calls.get(parent.callId);
  }
  return false;
}

function agentOfCall(state: SessionState, callId: CallId): AgentId | undefined {
  const call = state.calls.get(callId);
  return call && agentOfBatch(state, call.batchId)?.id;
}
