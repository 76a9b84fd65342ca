/** Keeps account of what a search did not look at. */
import type { Unsearched, UnsearchedReason } from '../../core/filePorts.ts';

const maxExamples = 3;

export class UnsearchedPlaces {
  private readonly places = new Map<UnsearchedReason, { count: number; examples: string[] }>();

  /** `place` is absolute; undefined where it is not known. */
  add(why: UnsearchedReason, place: string | undefined): void {
    const known = this.places.get(why) ?? { count: 0, examples: [] };
    this.places.set(why, known);
    known.count += 1;
    if (place !== undefined && known.examples.length < maxExamples) known.examples.push(place);
  }

  count(why: UnsearchedReason): number {
    return this.places.get(why)?.count ?? 0;
  }

  all(): readonly Unsearched[] {
    return [...this.places].map(([why, { count, examples }]) => ({ why, count, examples }));
  }
}
