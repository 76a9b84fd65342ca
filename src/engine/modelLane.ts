/** The model lane: one rate limit for all agents, which slows down when the API says so and finds out when it may go faster. */
import type { Disposable } from '../core/emitter.ts';
import type { Clock } from '../core/ports.ts';
import type { Lanes } from './lanes.ts';

/** What a request to the model tells of the API's limit; `neither`: it failed for another reason. */
export type ModelAnswer =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly retryAfterMs?: number }
  | { readonly kind: 'neither' };

/** One request's way through the lane. */
export interface ModelLaneRequest<T> {
  readonly signal: AbortSignal;
  /** A pause that lasts longer is not waited for. */
  readonly longestWaitMs: number;
  /** A pause holds the request for that long from now on; told again when the pause grows. */
  readonly onHeld: (waitMs: number) => void;
  /** Sends the request. */
  readonly work: () => Promise<T>;
  readonly answerOf: (result: T) => ModelAnswer;
}

/** `heldTooLong`: the request was never sent, and would have been held for `waitMs`. */
export type ModelLaneResult<T> =
  { readonly kind: 'sent'; readonly result: T } | { readonly kind: 'heldTooLong'; readonly waitMs: number };

interface Held {
  hold(waitMs: number): void;
}

/** On the monotonic clock: a person, NTP or a suspended machine may set the other one at any time. */
interface Pause {
  readonly endsAtMs: number;
  readonly timer: Disposable;
}

/** So many answers tell whether the API is crowded. */
const recentAnswers = 16;

/**
 * Each burst of refusals halves the lane once. Where few were refused of late, any answers widen it again to where it was;
 * where many were, answers of its present width alone do, to just below that. From there it grows one by one, each time after
 * as many answers as it is wide, and never beyond the user's setting. While the API asks to wait, no request leaves.
 */
export class ModelLane {
  private readonly lanes: Lanes;
  private readonly clock: Clock;
  private readonly waiting = new Set<Held>();
  private pause: Pause | undefined;
  private width = Infinity;
  private answers = 0;
  /** How wide it was when it was halved last. */
  private refusedAt = Infinity;
  /** Of the last answers, which were refusals. */
  private readonly recent: boolean[] = [];
  /** Counts the halvings: what a request that left before the last one meets says nothing of the present width. */
  private era = 0;

  constructor(lanes: Lanes, clock: Clock) {
    this.lanes = lanes;
    this.clock = clock;
  }

  /** Settles as the work does; rejects with the signal's reason where it aborts before. */
  async run<T>(request: ModelLaneRequest<T>): Promise<ModelLaneResult<T>> {
    const leaving = new AbortController();
    let heldForMs = 0;
    const held: Held = {
      hold: (waitMs) => {
        heldForMs = waitMs;
        if (waitMs > request.longestWaitMs) leaving.abort();
        else request.onHeld(waitMs);
      },
    };
    this.waiting.add(held);
    if (this.pause) held.hold(this.pause.endsAtMs - this.clock.monotonicMs());
    try {
      const signal = AbortSignal.any([request.signal, leaving.signal]);
      const result = await this.lanes.run('model', signal, () => {
        this.waiting.delete(held);
        return this.send(request);
      });
      return { kind: 'sent', result };
    } catch (error) {
      if (request.signal.aborted || !leaving.signal.aborted) throw error;
      return { kind: 'heldTooLong', waitMs: heldForMs };
    } finally {
      this.waiting.delete(held);
    }
  }

  /** Forgets what the API asked for: requests go to another account or address from now on, or nowhere any more. */
  release(): void {
    this.endPause();
    this.era += 1;
    this.refusedAt = Infinity;
    this.recent.length = 0;
    this.setWidth(Infinity);
  }

  private async send<T>({ work, answerOf }: ModelLaneRequest<T>): Promise<T> {
    const { era } = this;
    const result = await work();
    // Told before the slot is free, so that no further request slips through.
    this.learn(answerOf(result), era);
    return result;
  }

  private learn(answer: ModelAnswer, era: number): void {
    switch (answer.kind) {
      case 'answered':
        this.note(false);
        this.countAnswer(era === this.era);
        return;
      case 'refused':
        this.note(true);
        if (answer.retryAfterMs !== undefined) this.pauseFor(answer.retryAfterMs);
        if (era === this.era) this.halve();
        return;
      case 'neither':
        return;
    }
  }

  private countAnswer(isOfThisWidth: boolean): void {
    const width = this.presentWidth();
    if (width >= this.lanes.widthOf('model')) return;
    const isCrowded = this.isCrowded();
    if (isCrowded && !isOfThisWidth) return;
    const known = isCrowded ? this.refusedAt - 1 : this.refusedAt;
    if (width < known) {
      this.setWidth(Math.min(known, width + Math.ceil(width / 2)));
      return;
    }
    if (isOfThisWidth) this.answers += 1;
    if (this.answers >= width) this.setWidth(width + 1);
  }

  private note(isRefusal: boolean): void {
    this.recent.push(isRefusal);
    if (this.recent.length > recentAnswers) this.recent.shift();
  }

  /** A single refusal among many answers is weather; a quarter of them is a limit. */
  private isCrowded(): boolean {
    return this.recent.filter(Boolean).length * 4 > this.recent.length;
  }

  private presentWidth(): number {
    return Math.min(this.width, this.lanes.widthOf('model'));
  }

  private halve(): void {
    this.era += 1;
    this.refusedAt = this.presentWidth();
    this.setWidth(Math.max(1, Math.floor(this.presentWidth() / 2)));
  }

  private setWidth(width: number): void {
    this.width = width;
    this.answers = 0;
    this.lanes.limit('model', width);
  }

  private pauseFor(waitMs: number): void {
    const endsAtMs = this.clock.monotonicMs() + waitMs;
    if (waitMs <= 0 || endsAtMs <= (this.pause?.endsAtMs ?? -Infinity)) return;
    this.lanes.pause('model');
    this.pause?.timer.dispose();
    this.pause = { endsAtMs, timer: this.clock.after(waitMs, () => this.endPause()) };
    for (const held of [...this.waiting]) held.hold(waitMs);
  }

  private endPause(): void {
    this.pause?.timer.dispose();
    this.pause = undefined;
    this.lanes.resume('model');
  }
}
