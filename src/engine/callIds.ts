/**
 * Hands out call ids so that each is unique in its session, whatever a model repeats. A renamed id goes back to
 * the API, which takes letters, digits, `_` and `-`.
 */
import type { CallId } from '../core/calls.ts';

export class CallIds {
  private readonly taken: Set<CallId>;

  constructor(taken: Iterable<CallId>) {
    this.taken = new Set(taken);
  }

  /** The id that was asked for, or the next free one that begins with it; an empty one becomes `call`. */
  claim(wanted: CallId): CallId {
    const base = wanted === '' ? 'call' : wanted;
    let id = base;
    for (let number = 2; this.taken.has(id); number += 1) id = `${base}_${number}`;
    this.taken.add(id);
    return id;
  }
}
