/** What stops one call: an AbortController without its weight, because ten thousand queued calls have one each. */
import type { StopReason } from './outcomes.ts';

/** The part of an AbortSignal that the engine listens to; every AbortSignal is one. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Aborts at most once, and tells each listener at most once. */
export class Stopping implements StopSignal {
  private given: StopReason | undefined;
  private listeners: Set<() => void> | undefined;
  private controller: AbortController | undefined;

  get aborted(): boolean {
    return this.given !== undefined;
  }

  get reason(): StopReason | undefined {
    return this.given;
  }

  /** For those who need a whole AbortSignal. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.aborted) this.controller.abort(this.given);
    return this.controller.signal;
  }

  /** The first reason counts. */
  abort(reason: StopReason): void {
    if (this.aborted) return;
    this.given = reason;
    this.controller?.abort(reason);
    for (const listener of this.listeners ?? []) listener();
  }

  throwIfAborted(): void {
    if (this.aborted) this.signal.throwIfAborted();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    (this.listeners ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners?.delete(listener);
  }
}
