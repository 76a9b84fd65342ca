/** Locks on effect keys, across all batches and agents: a call takes all its keys at once, first come first served. */
import type { CallId } from '../core/calls.ts';
import type { EffectKey, Effects } from '../core/effects.ts';
import { KeyIndex } from './keyIndex.ts';
import type { StopSignal } from './stopping.ts';

/** What a call holds, or waits for. */
export interface Lock {
  /** Gives the keys to who waits for them. */
  release(): void;
  /** Keeps the keys, because the work may still run: who waits for them, now or later, is told instead of waiting. */
  abandon(): void;
}

/** The keys are held by a call that can't be stopped. */
export class AbandonedLockError extends Error {
  readonly holder: CallId;

  constructor(holder: CallId) {
    super(
      `Call ${holder} was stopped but may still be at work on the same files. Wait until it has ended, or restart the host.`,
    );
    this.name = 'AbandonedLockError';
    this.holder = holder;
  }
}

interface Claim {
  readonly owner: CallId;
  readonly reads: readonly EffectKey[];
  readonly writes: readonly EffectKey[];
  readonly granted: PromiseWithResolvers<void>;
  /** Earlier claims that conflict; the lock is granted when none is left. */
  readonly waitsFor: Set<Claim>;
  /** Later claims that wait for this one. */
  readonly behind: Set<Claim>;
  isAbandoned: boolean;
}

const nothingHeld: Lock = { release: () => undefined, abandon: () => undefined };

export class Locks {
  private readonly readers = new KeyIndex<Claim>();
  private readonly writers = new KeyIndex<Claim>();

  /**
   * The lock, where the call can have all its keys now; else a promise that settles when it does, or rejects with the
   * signal's reason or with AbandonedLockError. Throws what it would reject with, where that is known now.
   * Unknown effects take no lock: they order inside their batch only.
   */
  acquire(owner: CallId, effects: Effects, signal: StopSignal): Lock | Promise<Lock> {
    signal.throwIfAborted();
    if (effects.kind === 'unknown' || effects.reads.length + effects.writes.length === 0) return nothingHeld;
    const { reads, writes } = effects;
    const waitsFor = this.conflicting(reads, writes);
    for (const earlier of waitsFor) if (earlier.isAbandoned) throw new AbandonedLockError(earlier.owner);
    const granted = Promise.withResolvers<void>();
    const claim: Claim = { owner, reads, writes, granted, waitsFor, behind: new Set(), isAbandoned: false };
    this.enter(claim);
    const lock: Lock = { release: () => this.leave(claim), abandon: () => this.abandon(claim) };
    return waitsFor.size === 0 ? lock : this.untilGranted(claim, signal).then(() => lock);
  }

  private async untilGranted(claim: Claim, signal: StopSignal): Promise<void> {
    const stop = (): void => {
      this.leave(claim);
      claim.granted.reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      await claim.granted.promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  private conflicting(reads: readonly EffectKey[], writes: readonly EffectKey[]): Set<Claim> {
    const found = new Set<Claim>();
    for (const key of [...reads, ...writes])
      for (const claim of this.writers.overlapping(key)) found.add(claim);
    for (const key of writes) for (const claim of this.readers.overlapping(key)) found.add(claim);
    return found;
  }

  private enter(claim: Claim): void {
    for (const earlier of claim.waitsFor) earlier.behind.add(claim);
    for (const key of claim.reads) this.readers.add(key, claim);
    for (const key of claim.writes) this.writers.add(key, claim);
  }

  private leave(claim: Claim): void {
    for (const key of claim.reads) this.readers.remove(key, claim);
    for (const key of claim.writes) this.writers.remove(key, claim);
    for (const later of claim.behind) {
      later.waitsFor.delete(claim);
      if (later.waitsFor.size === 0) later.granted.resolve();
    }
    claim.behind.clear();
  }

  private abandon(claim: Claim): void {
    claim.isAbandoned = true;
    for (const later of [...claim.behind]) {
      this.leave(later);
      later.granted.reject(new AbandonedLockError(claim.owner));
    }
  }
}
