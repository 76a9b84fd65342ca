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

  /** The id that was asked for, or the next free one that begins with it. */
  claim(wanted: CallId): CallId {
    let id = wanted;
    for (let number = 2; this.taken.has(id); number += 1) id = `${wanted}_${number}`;
    this.taken.add(id);
    return id;
  }
}
