/** Decides after each reply of one turn what becomes of it: how often it is asked again, when, and with how many tokens. */
import type { WaitingFor } from '../core/agents.ts';
import type { Clock } from '../core/ports.ts';
import { backoffDelays, type BackoffDelays } from '../engine/backoff.ts';
import { isRefusal, waitTooLong, withoutFollowUp, type Ending } from './endings.ts';
import type { Reply } from './turn.ts';

export interface TurnLimits {
  /** How often one turn is asked again after a failure. */
  readonly turnRetries: number;
  /** A longer `retry-after` ends the run, in milliseconds. */
  readonly longestWaitMs: number;
  /** The setting's most tokens of one turn. */
  readonly maxTokens: number;
}

/** `isVoid`: nothing of the turn stands. */
export type Decision =
  | { readonly kind: 'continue' | 'resume' }
  | { readonly kind: 'end'; readonly ending: Ending; readonly isVoid: boolean }
  | {
      readonly kind: 'askAgain';
      readonly reason: string;
      readonly delayMs: number;
      readonly waitingFor: WaitingFor;
    };

/** As the SDK's own. */
const firstPauseMs = 500;

/** Longer pauses than this only where the API asks for them. */
const longestPauseMs = 30_000;

/** What every model of Anthropic's models overview can write in one turn; the API refuses a request for more than a model can. */
export const mostTokens = 64_000;

/** One for each turn. */
export class TurnBudget {
  /** What the next request asks for, where that is not the setting's number. */
  maxTokens: number | undefined;
  private failures = 0;
  private cutAtMaxTokens: Ending | undefined;
  private readonly limits: TurnLimits;
  private readonly clock: Clock;
  private readonly pauses: BackoffDelays;

  constructor(limits: TurnLimits, clock: Clock, random?: () => number) {
    this.limits = limits;
    this.clock = clock;
    const longestMs = Math.min(longestPauseMs, limits.longestWaitMs);
    this.pauses = backoffDelays({ firstMs: firstPauseMs, longestMs, ...(random && { random }) });
  }

  decide(reply: Reply): Decision {
    const { verdict } = reply;
    switch (verdict.kind) {
      case 'continue':
      case 'resume':
        return { kind: verdict.kind };
      case 'end':
        return { kind: 'end', ending: this.withoutMoreTokens(verdict.ending), isVoid: !reply.isWhole };
      case 'askForMore':
        return this.askForMore(verdict.ending);
      case 'askAgain':
        return this.askAgain(verdict.ending, reply);
    }
  }

  private askForMore(ending: Ending): Decision {
    const maxTokens = Math.min(2 * this.limits.maxTokens, mostTokens);
    if (this.maxTokens !== undefined || maxTokens <= this.limits.maxTokens)
      return { kind: 'end', ending, isVoid: false };
    this.maxTokens = maxTokens;
    this.cutAtMaxTokens = ending;
    return {
      kind: 'askAgain',
      reason: `The reply was cut at ${this.limits.maxTokens} tokens; it is asked for again with ${maxTokens}.`,
      delayMs: 0,
      waitingFor: 'retry',
    };
  }

  /** A model that can't write so much refuses the larger request: then the first cut is what ended the run. */
  private withoutMoreTokens(ending: Ending): Ending {
    return (ending.terminationReason === 'invalidRequest' && this.cutAtMaxTokens) || ending;
  }

  private askAgain(ending: Ending, { error, retryAfterMs = 0 }: Reply): Decision {
    const isVoid = true;
    if (retryAfterMs > this.limits.longestWaitMs)
      return {
        kind: 'end',
        ending: waitTooLong(ending, retryAfterMs, this.clock.now() + retryAfterMs),
        isVoid,
      };
    this.failures += 1;
    if (this.failures > this.limits.turnRetries) return { kind: 'end', ending, isVoid };
    // Never before the API's time; later where it names a short one again and again.
    const delayMs = Math.max(retryAfterMs, this.pauses.next());
    const count = `${this.failures + 1} of ${this.limits.turnRetries + 1}`;
    return {
      kind: 'askAgain',
      reason: `${withoutFollowUp(ending.message)} Asked again in ${Math.ceil(delayMs / 1000)} s (${count}).`,
      delayMs,
      waitingFor: isRefusal(error) || retryAfterMs > 0 ? 'rateLimit' : 'retry',
    };
  }
}
