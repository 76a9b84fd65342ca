/** The attempts of one call: each in a slot of its lane, with pauses between them that hold nothing. */
import type { CallId, Outcome } from '../core/calls.ts';
import { onlyReads } from '../core/effects.ts';
import type { ToolContext } from '../core/tools.ts';
import { runAttempt, type AttemptEnd } from './attempt.ts';
import { backoffDelays, type BackoffDelays } from './backoff.ts';
import type { BatchRequest, EnginePorts, IndexedCall } from './batch.ts';
import { withinBounds } from './boundedOutput.ts';
import type { CheckedCall } from './checkCall.ts';
import { NotSavedError } from './notSaved.ts';
import { orStopped } from './orStopped.ts';
import { runInnerCalls } from './innerCalls.ts';
import { allowedRetries, shouldRetry } from './retry.ts';
import type { StopSignal } from './stopping.ts';

/** The call, its batch, and what stops it. */
export interface AttemptsOf {
  readonly id: CallId;
  readonly request: IndexedCall;
  readonly batch: BatchRequest;
  readonly ports: EnginePorts;
  readonly signal: StopSignal;
  /** Those of an earlier life of the batch; they count. */
  readonly attemptsBefore: number;
  /** How much waits for the call; 0 where nothing does. */
  readonly urgency: number;
  /** Told when the call begins to wait for something other than its lane, and when it no longer does. */
  readonly stepOut: () => void;
  readonly stepIn: () => void;
  /** Of a call that had to be asked about: an attempt begins only while it holds. */
  readonly approval?: {
    readonly holds: () => Promise<boolean>;
    /** Asks again, outside of the lane; the outcome where the person said no. */
    readonly renew: () => Promise<Outcome | undefined>;
  };
}

/** When the first attempt began. */
export interface Start {
  readonly epochMs: number;
  readonly monotonicMs: number;
}

export class Attempts {
  private readonly of: AttemptsOf;
  private delays: BackoffDelays | undefined;
  private begun: number;
  private firstStart: Start | undefined;

  constructor(of: AttemptsOf) {
    this.of = of;
    this.begun = of.attemptsBefore;
  }

  get count(): number {
    return this.begun;
  }

  get start(): Start | undefined {
    return this.firstStart;
  }

  /**
   * Attempts until one succeeds or none may follow. A failure, and the end of a call that others wait for, is finished
   * before its slot is free: what it keeps from starting must not start, and what it lets go on may be the most urgent.
   * Rejects with the signal's reason while it waits, with LaneStuckError, or with NotSavedError.
   */
  async run(call: CheckedCall, finish: (end: AttemptEnd) => Promise<void>): Promise<AttemptEnd> {
    const { ports, request, signal, urgency, approval } = this.of;
    const retries = allowedRetries(call, request.retries);
    for (;;) {
      signal.throwIfAborted();
      const work = async (): Promise<AttemptEnd | 'changed'> => {
        if (approval && !(await approval.holds())) return 'changed';
        const attempted = await this.attempt(call);
        const isLast = !shouldRetry(attempted.outcome, this.begun, retries);
        if (isLast && (attempted.outcome.status !== 'succeeded' || urgency > 0)) await finish(attempted);
        // Those that waited for this call come into line before the slot is given away.
        if (isLast && urgency > 0) await new Promise(setImmediate);
        return attempted;
      };
      const end = await ports.lanes.run(call.tool.lane, signal, work, urgency);
      if (end === 'changed') {
        const denied = await approval?.renew();
        if (denied) return { outcome: denied, over: Promise.resolve() };
        continue;
      }
      if (!shouldRetry(end.outcome, this.begun, retries)) return end;
      await this.pause(end.outcome);
    }
  }

  private async attempt(call: CheckedCall): Promise<AttemptEnd> {
    const { id, ports, request, signal } = this.of;
    const { recorder, clock, outputs } = ports;
    const attempt = (this.begun += 1);
    this.firstStart ??= { epochMs: clock.now(), monotonicMs: clock.monotonicMs() };
    const isIntent = !onlyReads(call.effects);
    const recorded = recorder.record(
      { type: 'call.started', callId: id, attempt },
      isIntent ? 'durable' : 'buffered',
    );
    // The intent of a call with effects is on disk before its first effect.
    if (isIntent) await recorded;
    if (isIntent && recorder.refusesIntents) throw this.notStarted();
    const { tool, input } = call;
    const end = await runAttempt({
      tool,
      input,
      clock,
      signal,
      timeoutMs: request.timeoutMs ?? tool.timeoutOf?.(input) ?? ports.timeoutMs(tool.name) ?? tool.timeoutMs,
      contextFor: await this.context(attempt, call),
    });
    const outcome = await withinBounds(id, end.outcome, (text) => outputs.keep(id, attempt, text));
    return { ...end, outcome };
  }

  private notStarted(): NotSavedError {
    this.begun -= 1;
    if (this.begun === this.of.attemptsBefore) this.firstStart = undefined;
    return new NotSavedError();
  }

  private async context(
    attempt: number,
    { access }: CheckedCall,
  ): Promise<(signal: AbortSignal) => ToolContext> {
    const { id: callId, batch, ports, urgency } = this.of;
    const { sessionId, agentId, permission, cwd, roots } = batch;
    const outputFile = await ports.outputs.fileFor(callId, attempt);
    return (signal) => ({
      sessionId,
      callId,
      ...(agentId !== undefined && { agentId }),
      permission,
      allowedAs: access,
      cwd,
      roots,
      outputFile,
      signal,
      runCalls: (calls, failFast) => runInnerCalls({ callId, calls, failFast, batch, ports, signal }),
      isAwaited: urgency > 0,
      show: (stream, chunk) => ports.live.show({ type: 'live.output', sessionId, callId, stream, chunk }),
    });
  }

  private async pause(outcome: Outcome): Promise<void> {
    if (outcome.status === 'succeeded') return;
    const { id: callId, ports, signal, stepOut, stepIn } = this.of;
    this.delays ??= backoffDelays({ firstMs: 250, longestMs: 10_000 });
    const delayMs = this.delays.next();
    const { error } = outcome;
    void ports.recorder.record(
      { type: 'call.attemptFailed', callId, attempt: this.begun, error, delayMs },
      'buffered', // Never rejects.
    );
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = ports.clock.after(delayMs, () => resolve(undefined));
    stepOut();
    await orStopped(promise, signal).finally(() => {
      stepIn();
      timer.dispose();
    });
  }
}
