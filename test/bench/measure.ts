/** Medians over rounds, and waiting that ends. */

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/**
 * The figures of everyone, by name. Each round measures all in turn, so that a busy moment of the machine meets all alike,
 * and begins with another, so that nobody always cleans up the memory of the same one.
 */
export async function inRounds<T>(
  rounds: number,
  entries: readonly { readonly name: string; readonly measure: () => Promise<T> }[],
): Promise<ReadonlyMap<string, readonly T[]>> {
  const figures = new Map<string, T[]>(entries.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const { name, measure } of rotated(entries, round)) figures.get(name)?.push(await measure());
  return figures;
}

function rotated<T>(entries: readonly T[], by: number): readonly T[] {
  const first = entries.length === 0 ? 0 : by % entries.length;
  return [...entries.slice(first), ...entries.slice(0, first)];
}

export type Observed<T> =
  | { readonly kind: 'settled'; readonly value: T; readonly ms: number }
  | { readonly kind: 'rejected'; readonly reason: string; readonly ms: number }
  | { readonly kind: 'pending' };

/** What became of the promise within the time. */
export async function observe<T>(promise: Promise<T>, withinMs: number): Promise<Observed<T>> {
  const startedAt = performance.now();
  const took = (): number => performance.now() - startedAt;
  const { promise: late, resolve } = Promise.withResolvers<Observed<T>>();
  const timer = setTimeout(() => resolve({ kind: 'pending' }), withinMs);
  const settled = promise.then(
    (value): Observed<T> => ({ kind: 'settled', value, ms: took() }),
    (error: unknown): Observed<T> => ({ kind: 'rejected', reason: String(error), ms: took() }),
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
