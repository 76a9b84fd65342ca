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

export class ConflictOrder {
  private readonly readers = new KeyIndex<CallId>();
  private readonly writers = new KeyIndex<CallId>();
  private readonly allWriters: CallId[] = [];
  private readonly allUnknown: CallId[] = [];

  /** Adds a call after all others. */
  add(id: CallId, effects: Effects): EarlierCalls {
    const unknown = [...this.allUnknown];
    if (effects.kind === 'unknown') {
      this.allUnknown.push(id);
      return { waitsFor: [...this.allWriters], unknown };
    }
    const waitsFor = this.overlapping(effects.reads, effects.writes);
    if (effects.writes.length > 0) {
      for (const other of unknown) waitsFor.add(other);
      this.allWriters.push(id);
    }
    for (const key of effects.reads) this.readers.add(key, id);
    for (const key of effects.writes) this.writers.add(key, id);
    return { waitsFor: [...waitsFor], unknown };
  }

  private overlapping(reads: readonly EffectKey[], writes: readonly EffectKey[]): Set<CallId> {
    const found = new Set<CallId>();
    for (const key of [...reads, ...writes]) for (const id of this.writers.overlapping(key)) found.add(id);
    for (const key of writes) for (const id of this.readers.overlapping(key)) found.add(id);
    return found;
  }
}
