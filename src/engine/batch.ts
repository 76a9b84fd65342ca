/** Runs a batch: every call ends in exactly one outcome, and no call takes another down. */
import type { AgentId, Permission } from '../core/agents.ts';
import type {
  BatchId,
  CallId,
  CallPolicy,
  CallRequest,
  Canceller,
  Dependency,
  Outcome,
} from '../core/calls.ts';
import { isSettled } from '../core/calls.ts';
import { onlyReads } from '../core/effects.ts';
import type { BatchSource, SessionId } from '../core/events.ts';
import type { Approvals, Clock, LiveChannel, Outputs, Recorder } from '../core/ports.ts';
import type { Call } from '../core/states.ts';
import type { Tool } from '../core/tools.ts';
import type { CallIds } from './callIds.ts';
import { alone, CallRun } from './callRun.ts';
import { checkCall, type Check, type CheckedCall, type Judge } from './checkCall.ts';
import { ConflictOrder } from './conflictOrder.ts';
import type { Lanes } from './lanes.ts';
import type { Locks } from './locks.ts';
import { failure, type StopReason } from './outcomes.ts';
import { planBatch, type Plan } from './plan.ts';

/** A call and its place: among its turn's blocks, or in its batch. */
export interface IndexedCall extends CallRequest {
  readonly index: number;
}

/** A batch without its calls. */
export interface BatchRequest {
  readonly id: BatchId;
  readonly source: BatchSource;
  readonly sessionId: SessionId;
  readonly agentId?: AgentId;
  readonly permission: Permission;
  /** Absolute; one of `roots`, or inside one. */
  readonly cwd: string;
  readonly roots: readonly string[];
  /** The first call that does not succeed keeps those from starting that have not. */
  readonly failFast: boolean;
}

export interface EnginePorts {
  readonly recorder: Recorder;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly lanes: Lanes;
  readonly approvals: Approvals;
  readonly clock: Clock;
  readonly outputs: Outputs;
  readonly live: LiveChannel;
  readonly callIds: CallIds;
  readonly judge: Judge;
  /** Shared by all batches of the host. */
  readonly locks: Locks;
  /** Opens the batch of a container; who owns the session keeps it in reach while it is under way. */
  readonly openBatch: (request: BatchRequest, ports: EnginePorts) => Batch;
  /** The user's deadline for a tool, where one is set. */
  readonly timeoutMs: (tool: string) => number | undefined;
}

interface Member {
  readonly run: CallRun;
  readonly check: Promise<Check>;
  hasBegun: boolean;
}

/**
 * A batch that takes calls one by one, as a model writes them. Until `start` only calls run that provably read,
 * and that nothing before them can disturb; `discard` ends a batch that may not run.
 */
export class Batch {
  /** Settles when every call has its outcome, after `start` or `discard`. Never rejects. */
  readonly ended: Promise<void>;
  private readonly announceEnd: () => void;
  private readonly request: BatchRequest;
  private readonly ports: EnginePorts;
  private readonly members: Member[] = [];
  private readonly places = new Map<CallId, number>();
  /** Of repeated ids the first is meant. */
  private readonly claimed = new Map<CallId, CallId>();
  private readonly conflicts = new ConflictOrder();
  /** Settles when all calls so far were looked at, in order; whether one may start early depends on those before it. */
  private lookedAt: Promise<void> = Promise.resolve();
  private stopped: StopReason | undefined;

  /** Journals the batch, unless the state has it already: then its calls are adopted. */
  constructor(request: BatchRequest, ports: EnginePorts) {
    this.request = request;
    this.ports = ports;
    ({ promise: this.ended, resolve: this.announceEnd } = Promise.withResolvers<void>());
    const { id: batchId, source, permission, cwd, failFast } = request;
    if (ports.recorder.state.batches.has(batchId)) return;
    // Buffered events never reject, and take effect before anything that is recorded after them.
    void ports.recorder.record(
      { type: 'batch.started', batchId, source, permission, cwd, failFast },
      'buffered',
    );
  }

  get id(): BatchId {
    return this.request.id;
  }

  get source(): BatchSource {
    return this.request.source;
  }

  /** The ids in the order in which the calls were added, unique in the session. */
  get callIds(): readonly CallId[] {
    return this.members.map(({ run }) => run.id);
  }

  /** Journals a call as queued. With `early` it starts before the batch does, where that can do no harm. */
  add(call: IndexedCall, when: 'early' | 'atStart' = 'atStart'): void {
    const { callIds, recorder } = this.ports;
    const id = callIds.claim(call.id);
    void recorder.record(queuedEvent(id, this.request.id, call), 'buffered');
    const member: Member = {
      run: new CallRun(id, call, this.request, this.ports),
      check: checkCall(call, this.request, this.ports),
      hasBegun: false,
    };
    this.join(member, call.id);
    if (when === 'early') this.lookedAt = this.lookedAt.then(() => this.startEarly(member));
  }

  /**
   * Takes over a call that the state has already, with its id and its place: one that has settled stands, any other
   * runs with `start`. The attempts that it had are counted.
   */
  adopt({ id, index, tool, input, policy, renamedFrom, state, failedAttempts }: Call): void {
    const call: IndexedCall = { ...policy, id, index, tool, input };
    const settled = isSettled(state) ? state : undefined;
    const attemptsBefore = settled?.attempts ?? failedAttempts.at(-1)?.attempt ?? 0;
    const member: Member = {
      run: new CallRun(id, call, this.request, this.ports, attemptsBefore),
      check: settled
        ? Promise.resolve({ kind: 'refused', outcome: settled })
        : checkCall(call, this.request, this.ports),
      hasBegun: settled !== undefined,
    };
    if (settled) member.run.stand(settled);
    this.join(member, renamedFrom ?? id);
  }

  /** Runs every call. Settles when each has its outcome on disk; never rejects. */
  async start(): Promise<void> {
    const checks = await this.checks();
    const plan = this.plan(checks);
    for (const member of this.members) {
      if (plan) this.begin(member, plan, checks.get(member.run));
      else if (!member.hasBegun) void member.run.refuse(notPlanned); // Never rejects.
    }
    await Promise.allSettled(this.members.map(({ run }) => run.settled));
    this.announceEnd();
  }

  /** Undefined where planning broke: then each call must still have its outcome. */
  private plan(checks: ReadonlyMap<CallRun, Check>): Plan | undefined {
    try {
      return planBatch(
        this.members.map(({ run }) => ({
          id: run.id,
          after: this.dependenciesOf(run),
          ...effectsOf(checks.get(run)),
        })),
      );
    } catch {
      return undefined;
    }
  }

  /** Ends what has started, and keeps all else from starting. Settles when each call has its outcome. */
  async discard(): Promise<void> {
    this.cancel('discardedTurn');
    await this.start();
  }

  /** Cancels all that has not ended, and whatever is added later. */
  cancel(by: Canceller): void {
    this.stopped ??= { kind: 'cancelled', by };
    for (const { run } of this.members) run.stop(this.stopped);
  }

  /** Cancels one call; nothing happens where it has ended. */
  cancelCall(id: CallId, by: Canceller): void {
    this.runOf(id)?.stop({ kind: 'cancelled', by });
  }

  private join(member: Member, wantedId: CallId): void {
    const { id } = member.run;
    this.places.set(id, this.members.push(member) - 1);
    if (!this.claimed.has(wantedId)) this.claimed.set(wantedId, id);
    if (this.stopped) member.run.stop(this.stopped);
  }

  private async startEarly(member: Member): Promise<void> {
    const check = await member.check;
    if (check.kind === 'refused') return;
    const { call } = check;
    const { waitsFor, unknown } = this.conflicts.add(member.run.id, call.effects);
    if (
      member.hasBegun ||
      this.stopped ||
      call.needsApproval ||
      !onlyReads(call.effects) ||
      isEmpty(call.input)
    )
      return;
    if (waitsFor.length > 0 || unknown.length > 0) return;
    member.hasBegun = true;
    void member.run.run(call, alone); // Never rejects; `start` waits for its outcome.
  }

  private async checks(): Promise<ReadonlyMap<CallRun, Check>> {
    const checks = new Map<CallRun, Check>();
    for (const { run, check } of this.members) checks.set(run, await check);
    return checks;
  }

  /** What it begins never rejects; `start` waits for the outcome. */
  private begin(member: Member, plan: Plan, check: Check | undefined): void {
    const { run } = member;
    this.stopOthersOnFailure(run);
    if (member.hasBegun) return;
    member.hasBegun = true;
    const problem = plan.problems.get(run.id);
    const refusal = problem ? ({ status: 'failed', error: problem } as const) : refusalOf(check);
    if (refusal || check?.kind !== 'checked') {
      void run.refuse(refusal);
      return;
    }
    const waits = plan.waits.get(run.id) ?? [];
    for (const { id, why } of waits) if (why === 'succeeded') skipAfterFailure(run, this.runOf(id));
    void run.run(check.call, {
      after: waits.flatMap(({ id }) => this.runOf(id) ?? []),
      beside: (plan.beside.get(run.id) ?? []).flatMap((id) => this.runOf(id) ?? []),
    });
  }

  private runOf(id: CallId): CallRun | undefined {
    return this.members[this.places.get(id) ?? -1]?.run;
  }

  /** The declared dependencies by the ids that the session gave. */
  private dependenciesOf(run: CallRun): readonly Dependency[] {
    return (run.request.after ?? []).map(({ id, when }) => ({ id: this.claimed.get(id) ?? id, when }));
  }

  /** Running calls go on: only what has not started is kept from starting. */
  private stopOthersOnFailure(run: CallRun): void {
    if (!this.request.failFast && run.request.onFailure !== 'abort') return;
    void run.settled.then((outcome) => {
      if (outcome.status === 'succeeded') return;
      for (const { run: other } of this.members)
        if (!other.hasStarted) other.stop({ kind: 'failFast', because: run.id });
    });
  }
}

const notPlanned = failure('internal', 'The batch could not be planned, so this call did not run.');

function queuedEvent(callId: CallId, batchId: BatchId, call: IndexedCall): Parameters<Recorder['record']>[0] {
  const { index, tool, input, id: wanted, ...policy } = call;
  return {
    type: 'call.queued',
    callId,
    batchId,
    index,
    tool,
    input,
    ...(Object.keys(policy).length > 0 && { policy: policy satisfies CallPolicy }),
    ...(wanted !== callId && { renamedFrom: wanted }),
  };
}

function refusalOf(check: Check | undefined): Outcome | undefined {
  return check?.kind === 'refused' ? check.outcome : undefined;
}

function effectsOf(check: Check | undefined): Pick<CheckedCall, 'effects'> | undefined {
  return check?.kind === 'checked' ? { effects: check.call.effects } : undefined;
}

/** An input that is empty so far may not have come yet. */
function isEmpty(input: unknown): boolean {
  return typeof input !== 'object' || input === null || Object.keys(input).length === 0;
}

function skipAfterFailure(run: CallRun, dependency: CallRun | undefined): void {
  void dependency?.settled.then((outcome) => {
    if (outcome.status !== 'succeeded') run.stop({ kind: 'dependency', because: dependency.id });
  });
}
