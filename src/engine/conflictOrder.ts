/** Remembers the effects of earlier calls, and says which of them a later one waits for. */
import type { CallId } from '../core/calls.ts';
import type { EffectKey, Effects } from '../core/effects.ts';
import { KeyIndex } from './keyIndex.ts';

/** What an added call meets among the calls before it. */
export interface EarlierCalls {
  /** Those that it waits for; the table of design.md, "Ordering inside a batch". */
  readonly waitsFor: readonly CallId[];
  /** Those whose effects nobody knows: what it reads may change under it. */
  readonly unknown: readonly CallId[];
}

const none: readonly CallId[] = [];

export class ConflictOrder {
  private readonly readers = new KeyIndex<CallId>();
  private readonly writers = new KeyIndex<CallId>();
  private readonly allWriters: CallId[] = [];
  private readonly allUnknown: CallId[] = [];

  /** Adds a call after all others. */
  add(id: CallId, effects: Effects): EarlierCalls {
    const unknown = this.allUnknown.length > 0 ? [...this.allUnknown] : none;
    if (effects.kind === 'unknown') {
      this.allUnknown.push(id);
      return { waitsFor: [...this.allWriters], unknown };
    }
    const waitsFor = this.conflicting(effects, unknown);
    if (effects.writes.length > 0) this.allWriters.push(id);
    for (const key of effects.reads) this.readers.add(key, id);
    for (const key of effects.writes) this.writers.add(key, id);
    return { waitsFor, unknown };
  }

  private conflicting(
    { reads, writes }: Extract<Effects, { kind: 'known' }>,
    unknown: readonly CallId[],
  ): readonly CallId[] {
    if (writes.length === 0 && this.writers.isEmpty) return none;
    const found = this.overlapping(reads, writes);
    if (writes.length > 0) for (const other of unknown) found.add(other);
    return [...found];
  }

  private overlapping(reads: readonly EffectKey[], writes: readonly EffectKey[]): Set<CallId> {
    const found = new Set<CallId>();
    for (const key of [...reads, ...writes]) for (const id of this.writers.overlapping(key)) found.add(id);
    for (const key of writes) for (const id of this.readers.overlapping(key)) found.add(id);
    return found;
  }
}
