/** Decides what each call of a batch must wait for: declared dependencies, and conflicts of effects. */
import type { CallError, CallId, Dependency } from '../core/calls.ts';
import { onlyReads, type Effects } from '../core/effects.ts';
import { ConflictOrder } from './conflictOrder.ts';

/** A call as the plan sees it. Effects are absent where the call settled before it could be planned. */
export interface PlannableCall {
  readonly id: CallId;
  readonly after: readonly Dependency[];
  readonly effects?: Effects;
}

/** `conflict` and `settled` ask for order alone; `succeeded` skips the call where the other did not succeed. */
export interface Wait {
  readonly id: CallId;
  readonly why: 'succeeded' | 'settled' | 'conflict';
}

export interface Plan {
  readonly waits: ReadonlyMap<CallId, readonly Wait[]>;
  /** For a call that only reads, the earlier calls of unknown effects that it may run beside. */
  readonly beside: ReadonlyMap<CallId, readonly CallId[]>;
  /** Calls whose dependencies make no sense; each is an outcome of that call alone. */
  readonly problems: ReadonlyMap<CallId, CallError>;
  /** How much waits for a call, directly or not; absent where nothing does. */
  readonly urgencies: ReadonlyMap<CallId, number>;
}

/** More dependents than a batch can have: the length of what waits counts before its breadth. */
const perLink = 100_000;

/**
 * Plans a batch. Conflicts are ordered as the model wrote the calls, except where a declared dependency
 * turns that round; every wait points backwards in one line of all calls, so no waiting can go in a circle.
 */
export function planBatch(calls: readonly PlannableCall[]): Plan {
  const problems = dependencyProblems(calls);
  const conflicts = new ConflictOrder();
  const waits = new Map<CallId, readonly Wait[]>();
  const beside = new Map<CallId, readonly CallId[]>();
  const line = inDeclaredOrder(calls.filter(({ id }) => !problems.has(id)));
  for (const call of line) {
    const declared = call.after.map((dependency): Wait => ({ id: dependency.id, why: dependency.when }));
    const earlier = call.effects && conflicts.add(call.id, call.effects);
    const conflicting = (earlier?.waitsFor ?? [])
      .filter((id) => !declared.some((wait) => wait.id === id))
      .map((id): Wait => ({ id, why: 'conflict' }));
    if (declared.length + conflicting.length > 0) waits.set(call.id, [...declared, ...conflicting]);
    if (earlier && earlier.unknown.length > 0 && call.effects && onlyReads(call.effects))
      beside.set(call.id, earlier.unknown);
  }
  return { waits, beside, problems, urgencies: urgenciesOf(line, waits) };
}

/**
 * The longest chain of calls that wait for a call, and then their number. Nobody knows how long calls take; of the rules
 * that don't ask, a lane that takes the longest chain first comes nearest to the best schedule (`npm run bench -- graph`).
 */
function urgenciesOf(
  line: readonly PlannableCall[],
  waits: ReadonlyMap<CallId, readonly Wait[]>,
): ReadonlyMap<CallId, number> {
  const urgencies = new Map<CallId, number>();
  for (const { id } of line.toReversed()) {
    const chain = Math.floor((urgencies.get(id) ?? 0) / perLink) + 1;
    for (const earlier of waits.get(id) ?? []) {
      const known = urgencies.get(earlier.id) ?? 0;
      const longest = Math.max(Math.floor(known / perLink), chain);
      urgencies.set(earlier.id, longest * perLink + (known % perLink) + 1);
    }
  }
  return urgencies;
}

function dependencyProblems(calls: readonly PlannableCall[]): ReadonlyMap<CallId, CallError> {
  const problems = new Map<CallId, CallError>();
  if (calls.every((call) => call.after.length === 0)) return problems;
  const byId = new Map(calls.map((call) => [call.id, call]));
  for (const call of calls) {
    const unknown = call.after.find((dependency) => !byId.has(dependency.id));
    if (unknown) problems.set(call.id, unknownDependency(call.id, unknown.id));
  }
  // Only what can't be put into a line can be part of a cycle; the walk below is slow.
  for (const call of notInLine(calls, byId))
    if (!problems.has(call.id) && waitsForItself(call, byId)) problems.set(call.id, cycleError(call.id));
  return problems;
}

/** The calls of cycles, and those behind them. */
function notInLine(
  calls: readonly PlannableCall[],
  byId: ReadonlyMap<CallId, PlannableCall>,
): readonly PlannableCall[] {
  const missing = new Map<PlannableCall, number>();
  const behind = new Map<CallId, PlannableCall[]>();
  for (const call of calls) {
    const known = call.after.filter(({ id }) => byId.has(id));
    missing.set(call, known.length);
    for (const { id } of known) {
      const list = behind.get(id);
      if (list) list.push(call);
      else behind.set(id, [call]);
    }
  }
  const ready = calls.filter((call) => missing.get(call) === 0);
  for (let call = ready.pop(); call; call = ready.pop()) {
    missing.delete(call);
    for (const later of behind.get(call.id) ?? []) {
      const left = (missing.get(later) ?? 0) - 1;
      missing.set(later, left);
      if (left === 0) ready.push(later);
    }
  }
  return [...missing.keys()];
}

function waitsForItself(call: PlannableCall, byId: ReadonlyMap<CallId, PlannableCall>): boolean {
  const reached = new Set<CallId>();
  const open = call.after.map(({ id }) => id);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === call.id) return true;
    if (reached.has(next)) continue;
    reached.add(next);
    for (const { id } of byId.get(next)?.after ?? []) open.push(id);
  }
  return false;
}

/** The calls as written, each one's dependencies moved before it. There are no cycles left here. */
function inDeclaredOrder(calls: readonly PlannableCall[]): readonly PlannableCall[] {
  if (calls.every(({ after }) => after.length === 0)) return calls;
  const byId = new Map(calls.map((call) => [call.id, call]));
  const placed = new Set<PlannableCall>();
  for (const call of calls) {
    // A stack of our own: a chain of ten thousand calls would overflow the engine's.
    const open = [call];
    for (let next = open.at(-1); next; next = open.at(-1)) {
      const missing = next.after
        .flatMap(({ id }) => byId.get(id) ?? [])
        .filter((other) => !placed.has(other));
      if (missing.length > 0 && !placed.has(next)) open.push(...missing.reverse());
      else placed.add(open.pop() ?? next);
    }
  }
  return [...placed];
}

function unknownDependency(id: CallId, missing: CallId): CallError {
  return {
    kind: 'dependency',
    message: `Call ${id} comes after ${missing}, and no call of this batch has that id. Correct "after".`,
  };
}

function cycleError(id: CallId): CallError {
  return {
    kind: 'cycle',
    message: `Call ${id} would wait for itself: its "after" leads back to it. Remove one of the dependencies.`,
  };
}
