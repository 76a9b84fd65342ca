/** Takes one call through its stations to its one outcome; see design.md, "The life of one call". */
import type { CallId, Outcome } from '../core/calls.ts';
import type { Lane } from '../core/tools.ts';
import { Approval } from './approval.ts';
import { Attempts } from './attempts.ts';
import type { BatchRequest, EnginePorts, IndexedCall } from './batch.ts';
import type { CheckedCall } from './checkCall.ts';
import { failure, withOverlap, stoppedOutcome, type StopReason } from './outcomes.ts';
import { LaneStuckError } from './lanes.ts';
import { AbandonedLockError, type Lock } from './locks.ts';
import { NotSavedError } from './notSaved.ts';
import { orStopped } from './orStopped.ts';
import { Stopping } from './stopping.ts';

/** The other calls of the batch that matter to one. */
export interface OtherCalls {
  /** It waits for these. */
  readonly after: readonly CallRun[];
  /** It doesn't wait for these, and they may change what it reads. */
  readonly beside: readonly CallRun[];
  /** How much waits for it; 0 where nothing does. */
  readonly urgency: number;
}

export const alone: OtherCalls = { after: [], beside: [], urgency: 0 };

/** What its batch wants to know of a call. */
export interface CallStanding {
  /** It begins to wait for something other than its lane. */
  stepOut(run: CallRun): void;
  /** That waiting is over. */
  stepIn(run: CallRun): void;
  /** Its outcome is on disk. */
  settled(run: CallRun, outcome: Outcome): void;
}

/** Light until it runs, because a batch may have ten thousand. */
export class CallRun {
  readonly id: CallId;
  readonly request: IndexedCall;
  private readonly batch: BatchRequest;
  private readonly ports: EnginePorts;
  private readonly standing: CallStanding;
  /** In an earlier life of its batch; they count. */
  private readonly attemptsBefore: number;
  private readonly stopping = new Stopping();
  private attempts: Attempts | undefined;
  private lane: Lane | 'none' = 'none';
  private lock: Lock | undefined;
  private isSettling = false;
  private outcome: Outcome | undefined;
  private awaited: PromiseWithResolvers<Outcome> | undefined;

  constructor(
    id: CallId,
    request: IndexedCall,
    batch: BatchRequest,
    ports: EnginePorts,
    standing: CallStanding,
    attemptsBefore = 0,
  ) {
    this.id = id;
    this.request = request;
    this.batch = batch;
    this.ports = ports;
    this.standing = standing;
    this.attemptsBefore = attemptsBefore;
  }

  get hasStarted(): boolean {
    return this.attempts !== undefined && this.attempts.count > this.attemptsBefore;
  }

  get isStopped(): boolean {
    return this.stopping.aborted;
  }

  /** Settles with the outcome when it is on disk. Never rejects. */
  get settled(): Promise<Outcome> {
    this.awaited ??= Promise.withResolvers();
    if (this.outcome) this.awaited.resolve(this.outcome);
    return this.awaited.promise;
  }

  /** Stops the call, or keeps it from starting. The first reason counts; a finished call is past stopping. */
  stop(reason: StopReason): void {
    this.stopping.abort(reason);
  }

  /** The call has settled in an earlier life of its batch: the others are told, and nothing is journalled again. */
  stand(outcome: Outcome): void {
    this.isSettling = true;
    this.announce(outcome);
  }

  /** Settles without running: a check said no. */
  async refuse(outcome = failure('internal', 'The call was not checked.')): Promise<void> {
    await this.settle(outcome);
  }

  /** Waits for the others, asks, runs and settles. Never rejects. */
  async run(call: CheckedCall, others: OtherCalls): Promise<void> {
    await this.settle(await this.outcomeOf(call, others));
  }

  private async outcomeOf(call: CheckedCall, others: OtherCalls): Promise<Outcome> {
    const { stopping } = this;
    try {
      await this.waitFor(others.after);
      const approval = call.needsApproval ? this.approvalOf(call) : undefined;
      const denied = approval && (await this.enterApproved(call, approval));
      if (denied) return denied;
      const couldOverlap = others.beside.filter((other) => !other.isSettling);
      this.lane = call.tool.lane;
      if (!approval && this.lane !== 'none') await this.lockKeys(call);
      const noted = (outcome: Outcome): Outcome => {
        const overlapped = couldOverlap.filter((other) => other.hasStarted);
        return withOverlap(
          outcome,
          overlapped.map((other) => other.id),
        );
      };
      const attempts = this.attemptsWith(others.urgency, call, approval);
      const end = await attempts.run(call, ({ outcome, over }) => this.settle(noted(outcome), over));
      return noted(end.outcome);
    } catch (error) {
      if (stopping.reason) return stoppedOutcome(stopping.reason, undefined, false);
      if (error instanceof AbandonedLockError || error instanceof LaneStuckError)
        return failure('busy', error.message);
      if (error instanceof NotSavedError) {
        this.lock?.release(); // Nothing ran under it, and a person may be asked before the outcome can be told.
        return failure('io', error.message);
      }
      return failure('internal', `AllSettled itself failed at this call: ${String(error)}`);
    }
  }

  private async lockKeys({ effects }: CheckedCall): Promise<void> {
    const { standing } = this;
    const lock = this.ports.locks.acquire(this.id, effects, this.stopping);
    if (!(lock instanceof Promise)) {
      this.lock = lock;
      return;
    }
    standing.stepOut(this);
    this.lock = await lock.finally(() => standing.stepIn(this));
  }

  private attemptsWith(urgency: number, call: CheckedCall, approval: Approval | undefined): Attempts {
    const { id, request, batch, ports, stopping: signal, standing, attemptsBefore } = this;
    this.attempts = new Attempts({
      id,
      request,
      batch,
      ports,
      signal,
      attemptsBefore,
      urgency,
      stepOut: () => standing.stepOut(this),
      stepIn: () => standing.stepIn(this),
      ...(approval && {
        approval: { holds: () => approval.holds(), renew: () => this.renewApproval(call, approval) },
      }),
    });
    return this.attempts;
  }

  private async waitFor(others: readonly CallRun[]): Promise<void> {
    const open = others.filter((other) => !other.isSettling);
    if (open.length > 0) {
      const waitsFor = open.map((other) => other.id);
      void this.ports.recorder.record({ type: 'call.blocked', callId: this.id, waitsFor }, 'buffered'); // Never rejects.
    }
    for (const other of others) await orStopped(other.settled, this.stopping);
  }

  private approvalOf(call: CheckedCall): Approval {
    const { id, batch, ports, stopping } = this;
    return new Approval({ id, call, batch, ports, stopping });
  }

  /** The outcome where the person said no, else its locks are held. Siblings go on meanwhile: nothing is held while it is asked. */
  private async enterApproved(call: CheckedCall, approval: Approval): Promise<Outcome | undefined> {
    for (;;) {
      const denied = await approval.obtain();
      if (denied) return denied;
      if (call.tool.lane !== 'none') await this.lockKeys(call);
      if (await approval.holds()) return undefined;
      this.giveUpLock();
    }
  }

  /** What was approved has changed while the call waited for its slot, or after a failed attempt. */
  private renewApproval(call: CheckedCall, approval: Approval): Promise<Outcome | undefined> {
    this.giveUpLock();
    return this.enterApproved(call, approval);
  }

  private giveUpLock(): void {
    this.lock?.release();
    this.lock = undefined;
  }

  /** The first outcome counts. The keys are given up when it is on disk, and before anyone hears of it. */
  private async settle(outcome: Outcome, over?: Promise<unknown>): Promise<void> {
    if (this.isSettling) return;
    this.isSettling = true;
    if (this.staysOpen()) {
      this.lock?.release();
      return this.announce(outcome);
    }
    const { recorder, clock } = this.ports;
    const start = this.attempts?.start;
    await recorder.record(
      {
        type: 'call.settled',
        callId: this.id,
        outcome,
        times: {
          ...(start && { startedAt: start.epochMs }),
          durationMs: start ? Math.round(clock.monotonicMs() - start.monotonicMs) : 0,
          attempts: this.attempts?.count ?? this.attemptsBefore,
        },
      },
      'durable',
    );
    if (over && 'mayStillRun' in outcome) this.keepAstray(over);
    else this.lock?.release();
    this.announce(outcome);
  }

  private announce(outcome: Outcome): void {
    this.outcome = outcome;
    this.awaited?.resolve(outcome);
    this.standing.settled(this, outcome);
  }

  /**
   * True for a call that the end of the host, or of the run's time, kept from starting. Such a call has no
   * outcome: a resume can still run it.
   */
  private staysOpen(): boolean {
    const { reason } = this.stopping;
    if (this.hasStarted || reason?.kind !== 'cancelled') return false;
    return reason.by === 'host' || reason.by === 'wallTime';
  }

  /** The tool ignored its stop: its keys stay taken and it is counted beside its lane, until it is really over. */
  private keepAstray(over: Promise<unknown>): void {
    const { lock, lane } = this;
    if (lane !== 'none') this.ports.lanes.goAstray(lane, over);
    lock?.abandon();
    const release = (): void => lock?.release();
    over.then(release, release);
  }
}
