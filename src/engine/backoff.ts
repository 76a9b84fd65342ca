/** The pauses before further attempts: exponential, with jitter, so that many who failed together don't come back together. */
import { ExponentialBackoff, noJitterGenerator, type IBackoff } from 'cockatiel';

export interface BackoffOptions {
  /** The longest that the first pause can be, in milliseconds; each further one can be twice as long. */
  readonly firstMs: number;
  /** No pause is longer, in milliseconds. */
  readonly longestMs: number;
  /** From 0 up to, not including, 1; `Math.random` where absent. */
  readonly random?: () => number;
}

export interface BackoffDelays {
  /** How long to wait before the next attempt, in milliseconds: from half of what the attempt allows to the whole. */
  next(): number;
}

/** Pure: the delays are counted here, and waited for on the caller's clock. One for each thing that is attempted. */
export function backoffDelays({ firstMs, longestMs, random = Math.random }: BackoffOptions): BackoffDelays {
  let state: IBackoff<unknown> | undefined;
  const backoff = new ExponentialBackoff<number>({
    initialDelay: firstMs,
    maxDelay: longestMs,
    // Cockatiel's own jitter can't be told what to draw.
    generator: (attempts, options) => {
      const [delayMs, next] = noJitterGenerator(attempts, options);
      return [Math.round((delayMs * (1 + random())) / 2), next];
    },
  });
  return {
    next: () => {
      state = (state ?? backoff).next(undefined);
      return state.duration;
    },
  };
}
