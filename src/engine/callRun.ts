/** Takes one call through its stations to its one outcome; see design.md, "The life of one call". */
import { resolve } from 'node:path';
import { approvalKey, type ApprovalRequest, type CallId, type Outcome } from '../core/calls.ts';
import { onlyReads } from '../core/effects.ts';
import { runAttempt } from './attempt.ts';
import { withinBounds } from './boundedOutput.ts';
import type { BatchRequest, EnginePorts, IndexedCall } from './batch.ts';
import type { CheckedCall } from './checkCall.ts';
import { deniedByAnswer, failure, withOverlap, stoppedOutcome, type StopReason } from './outcomes.ts';
import { orStopped } from './orStopped.ts';
import { retryDelayMs, shouldRetry } from './retry.ts';

/** The other calls of the batch that matter to one. */
export interface OtherCalls {
  /** It waits for these. */
  readonly after: readonly CallRun[];
  /** It doesn't wait for these, and they may change what it reads. */
  readonly beside: readonly CallRun[];
}

export const alone: OtherCalls = { after: [], beside: [] };

export class CallRun {
  readonly id: CallId;
  readonly request: IndexedCall;
  /** Settles with the outcome when it is on disk. Never rejects. */
  readonly settled: Promise<Outcome>;
  private readonly announce: (outcome: Outcome) => void;
  private readonly stopping = new AbortController();
  private readonly batch: BatchRequest;
  private readonly ports: EnginePorts;
  private attempts = 0;
  private isSettling = false;
  private startedAt: { readonly epochMs: number; readonly monotonicMs: number } | undefined;

  constructor(id: CallId, request: IndexedCall, batch: BatchRequest, ports: EnginePorts) {
    this.id = id;
    this.request = request;
    this.batch = batch;
    this.ports = ports;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.settled = promise;
    this.announce = resolve;
  }

  get hasStarted(): boolean {
    return this.attempts > 0;
  }

  /** Stops the call, or keeps it from starting. The first reason counts; a finished call is past stopping. */
  stop(reason: StopReason): void {
    this.stopping.abort(reason);
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
    try {
      await this.waitFor(others.after);
      const denied = call.needsApproval ? await this.askPerson(call) : undefined;
      if (denied) return denied;
      const endedBefore = new Set(others.beside.filter((other) => other.isSettling));
      const outcome = await this.attemptUntilDone(call);
      const overlapped = others.beside.filter((other) => other.hasStarted && !endedBefore.has(other));
      return withOverlap(
        outcome,
        overlapped.map((other) => other.id),
      );
    } catch (error) {
      if (this.stopping.signal.aborted)
        return stoppedOutcome(this.stopping.signal.reason as StopReason, undefined, false);
      return failure('internal', `AllSettled itself failed at this call: ${String(error)}`);
    }
  }

  private async waitFor(others: readonly CallRun[]): Promise<void> {
    const open = others.filter((other) => !other.isSettling);
    if (open.length > 0) {
      const waitsFor = open.map((other) => other.id);
      void this.ports.recorder.record({ type: 'call.blocked', callId: this.id, waitsFor }, 'buffered'); // Never rejects.
    }
    for (const other of others) await orStopped(other.settled, this.stopping.signal);
  }

  /** The outcome where the person said no. Siblings go on meanwhile: nothing is held here. */
  private async askPerson(call: CheckedCall): Promise<Outcome | undefined> {
    const { recorder, approvals } = this.ports;
    const request: ApprovalRequest = {
      callId: this.id,
      tool: call.tool.name,
      subject: call.tool.subject(call.input),
      cwd: resolve(this.batch.cwd, call.tool.folderOf?.(call.input) ?? '.'),
    };
    if (recorder.state.allowed.has(approvalKey(request))) return undefined;
    await recorder.record({ type: 'approval.requested', callId: this.id, request }, 'durable');
    const answer = await orStopped(approvals.ask(request, this.stopping.signal), this.stopping.signal);
    await recorder.record({ type: 'approval.answered', callId: this.id, answer }, 'durable');
    return deniedByAnswer(answer);
  }

  private async attemptUntilDone(call: CheckedCall): Promise<Outcome> {
    for (;;) {
      this.stopping.signal.throwIfAborted();
      const outcome = await this.ports.lanes.run(call.tool.lane, this.stopping.signal, () =>
        this.inSlot(call),
      );
      if (!this.shouldRetry(outcome)) return outcome;
      await this.pauseBeforeRetry(outcome);
    }
  }

  /** A failure settles before its slot is free: fail-fast must reach the call that waits for this very slot. */
  private async inSlot(call: CheckedCall): Promise<Outcome> {
    const outcome = await this.attempt(call);
    if (outcome.status !== 'succeeded' && !this.shouldRetry(outcome)) await this.settle(outcome);
    return outcome;
  }

  private shouldRetry(outcome: Outcome): boolean {
    return shouldRetry(outcome, this.attempts, this.request.retries ?? 0);
  }

  private async attempt(call: CheckedCall): Promise<Outcome> {
    const { recorder, clock, outputs, live, timeoutMs } = this.ports;
    const { sessionId, agentId, permission, cwd, roots } = this.batch;
    this.attempts += 1;
    this.startedAt ??= { epochMs: clock.now(), monotonicMs: clock.monotonicMs() };
    const started = recorder.record(
      { type: 'call.started', callId: this.id, attempt: this.attempts },
      onlyReads(call.effects) ? 'buffered' : 'durable',
    );
    // The intent of a call with effects is on disk before its first effect.
    if (!onlyReads(call.effects)) await started;
    const outcome = await runAttempt({
      tool: call.tool,
      input: call.input,
      clock,
      signal: this.stopping.signal,
      timeoutMs:
        this.request.timeoutMs ??
        call.tool.timeoutOf?.(call.input) ??
        timeoutMs(call.tool.name) ??
        call.tool.timeoutMs,
      context: {
        sessionId,
        callId: this.id,
        ...(agentId !== undefined && { agentId }),
        permission,
        cwd,
        roots,
        outputFile: await outputs.fileFor(this.id, this.attempts),
        show: (stream, chunk) =>
          live.show({ type: 'live.output', sessionId, callId: this.id, stream, chunk }),
      },
    });
    return withinBounds(outcome, (text) => outputs.keep(this.id, this.attempts, text));
  }

  private async pauseBeforeRetry(outcome: Outcome): Promise<void> {
    if (outcome.status === 'succeeded') return;
    const { recorder, clock } = this.ports;
    const delayMs = retryDelayMs(this.attempts);
    const attempt = this.attempts;
    void recorder.record(
      { type: 'call.attemptFailed', callId: this.id, attempt, error: outcome.error, delayMs },
      'buffered', // Never rejects.
    );
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = clock.after(delayMs, () => resolve(undefined));
    await orStopped(promise, this.stopping.signal).finally(() => timer.dispose());
  }

  /** The first outcome counts. */
  private async settle(outcome: Outcome): Promise<void> {
    if (this.isSettling) return;
    this.isSettling = true;
    const { recorder, clock } = this.ports;
    const started = this.startedAt;
    await recorder.record(
      {
        type: 'call.settled',
        callId: this.id,
        outcome,
        times: {
          ...(started && { startedAt: started.epochMs }),
          durationMs: started ? Math.round(clock.monotonicMs() - started.monotonicMs) : 0,
          attempts: this.attempts,
        },
      },
      'durable',
    );
    this.announce(outcome);
  }
}
