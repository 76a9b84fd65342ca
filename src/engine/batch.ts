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
import { keyNotKept } from '../core/keyMask.ts';
import type { Outputs } from '../core/outputPorts.ts';
import type { ApprovalRules, Approvals, Clock, LiveChannel, Recorder } from '../core/ports.ts';
import type { Call } from '../core/states.ts';
import type { Lane, Tool } from '../core/tools.ts';
import { Breather } from './breather.ts';
import type { CallIds } from './callIds.ts';
import { alone, CallRun, type CallStanding, type OtherCalls } from './callRun.ts';
import { checkCall, type Check, type CheckedCall, type Judge } from './checkCall.ts';
import { ConflictOrder } from './conflictOrder.ts';
import { Entrance } from './entrance.ts';
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
  /**
   * How many calls it will get. They are on disk before the first of them starts. Absent in a turn's batch.
   */
  readonly callCount?: number;
}

export interface EnginePorts {
  readonly recorder: Recorder;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly lanes: Lanes;
  readonly approvals: Approvals;
  readonly rules: ApprovalRules;
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
  check: Check | Promise<Check> | undefined;
  hasBegun: boolean;
  /** What it will do, while it stands in line for its lane. */
  inLine: Ready | undefined;
  /** The lane that it was let in to, and counts for until its outcome. */
  lane: Lane | undefined;
}

/** A planned call that only its lane keeps waiting. */
interface Ready {
  readonly member: Member;
  readonly call: CheckedCall;
  readonly others: OtherCalls;
}

/** So many calls of a batch are on their way to a lane or in it, for each of its slots: the lane never runs dry. */
const roomPerSlot = 2;
/** So many calls have their effects named at the same time. */
const checksAtOnce = 64;

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
  private readonly entrance: Entrance<Ready>;
  private readonly standing: CallStanding;
  private stopped: StopReason | undefined;
  private isAborted = false;
  private starting: Promise<void> | undefined;
  private hasBegunAll = false;
  /** Settles when all calls are on disk; absent while some are still to come, and in a turn's batch. */
  private onRecord: Promise<void> | undefined;
  private openCalls = 0;

  /** Journals the batch, unless the state has it already: then its calls are adopted. */
  constructor(request: BatchRequest, ports: EnginePorts) {
    this.request = request;
    this.ports = ports;
    ({ promise: this.ended, resolve: this.announceEnd } = Promise.withResolvers<void>());
    this.entrance = new Entrance({
      clock: ports.clock,
      room: (lane) => roomPerSlot * ports.lanes.widthOf(lane),
      begin: (ready, lane) => this.enter(ready, lane),
      hasBegun: ({ member }) => member.hasBegun,
    });
    this.standing = {
      stepOut: (run) => this.withLane(run, (lane) => this.entrance.stepOut(lane)),
      stepIn: (run) => this.withLane(run, (lane) => this.entrance.stepIn(lane)),
      settled: (run, outcome) => this.noteSettled(run, outcome),
    };
    const { id: batchId, source, permission, cwd, failFast, callCount } = request;
    if (ports.recorder.state.batches.has(batchId)) return;
    // Buffered events never reject, and take effect before anything that is recorded after them.
    void ports.recorder.record(
      {
        type: 'batch.started',
        ...{ batchId, source, permission, cwd, failFast },
        ...(callCount !== undefined && { callCount }),
      },
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

  has(id: CallId): boolean {
    return this.places.has(id);
  }

  /** Journals a call as queued. With `early` it starts before the batch does, where that can do no harm. */
  add(call: IndexedCall, when: 'early' | 'atStart' = 'atStart'): void {
    const { callIds, recorder } = this.ports;
    const id = callIds.claim(call.id);
    const isLast = this.members.length + 1 === this.request.callCount;
    // The last record is written behind the other calls and puts them on disk with itself: one sync for all.
    const recorded = recorder.record(queuedEvent(id, this.request.id, call), isLast ? 'durable' : 'buffered');
    if (isLast) this.onRecord = recorded;
    const member: Member = {
      run: new CallRun(id, call, this.request, this.ports, this.standing),
      check: when === 'early' ? checkCall(call, this.request, this.ports) : undefined,
      hasBegun: false,
      inLine: undefined,
      lane: undefined,
    };
    this.join(member, call.id);
    if (when === 'early') this.lookedAt = this.lookedAt.then(() => this.startEarly(member));
  }

  /**
   * Takes over a call that the state has already, with its id and its place. A call that has settled keeps
   * its outcome. Any other call runs with `start`, unless its input was masked: then the original input is
   * unknown. The attempts that the call had are counted.
   */
  adopt({ id, index, tool, input, isMasked, policy, renamedFrom, state, failedAttempts }: Call): void {
    const call: IndexedCall = { ...policy, id, index, tool, input };
    const settled = isSettled(state) ? state : undefined;
    const standing = settled ?? (isMasked ? failure('refused', keyNotKept) : undefined);
    const attemptsBefore = settled?.attempts ?? failedAttempts.at(-1)?.attempt ?? 0;
    const member: Member = {
      run: new CallRun(id, call, this.request, this.ports, this.standing, attemptsBefore),
      check: standing && { kind: 'refused', outcome: standing },
      hasBegun: false,
      inLine: undefined,
      lane: undefined,
    };
    this.join(member, renamedFrom ?? id);
    if (settled) member.run.stand(settled);
  }

  /** Adds many, and lets others work meanwhile. */
  async addAll(calls: readonly IndexedCall[]): Promise<void> {
    const breather = new Breather(this.ports.clock);
    for (const call of calls) {
      this.add(call);
      if (breather.isDue) await breather.pause();
    }
  }

  /** Runs every call. Settles when each has its outcome on disk; never rejects. */
  start(): Promise<void> {
    this.starting ??= this.beginAll();
    return this.starting;
  }

  private async beginAll(): Promise<void> {
    if (this.onRecord) await this.onRecord;
    const breather = new Breather(this.ports.clock);
    await this.checkAll(breather);
    const plan = this.plan();
    for (const member of byUrgency(this.members, plan)) {
      if (plan) this.begin(member, plan);
      else if (!member.hasBegun) void member.run.refuse(notPlanned); // Never rejects.
      if (breather.isDue) await breather.pause();
    }
    this.hasBegunAll = true;
    if (this.openCalls === 0) this.announceEnd();
    await this.ended;
  }

  /** Some at a time: naming effects asks the file system. */
  private async checkAll(breather: Breather): Promise<void> {
    for (let first = 0; first < this.members.length; first += checksAtOnce) {
      const some = this.members.slice(first, first + checksAtOnce);
      for (const member of some) member.check ??= checkCall(member.run.request, this.request, this.ports);
      for (const member of some) if (member.check instanceof Promise) member.check = await member.check;
      if (breather.isDue) await breather.pause();
    }
  }

  /** Undefined where planning broke: then each call must still have its outcome. */
  private plan(): Plan | undefined {
    try {
      return planBatch(
        this.members.map((member) => ({
          id: member.run.id,
          after: this.dependenciesOf(member.run),
          ...effectsOf(checkOf(member)),
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
    void this.entrance.admitAll(); // Never rejects.
  }

  /** Cancels one call; nothing happens where it has ended. */
  cancelCall(id: CallId, by: Canceller): void {
    const member = this.memberOf(id);
    member?.run.stop({ kind: 'cancelled', by });
    if (member?.inLine) this.enter(member.inLine);
  }

  private join(member: Member, wantedId: CallId): void {
    const { id } = member.run;
    this.openCalls += 1;
    this.places.set(id, this.members.push(member) - 1);
    if (!this.claimed.has(wantedId)) this.claimed.set(wantedId, id);
    if (this.stopped) member.run.stop(this.stopped);
  }

  private async startEarly(member: Member): Promise<void> {
    const check = await member.check;
    if (check?.kind !== 'checked') return;
    const { call } = check;
    const { waitsFor, unknown } = this.conflicts.add(member.run.id, call.effects);
    if (member.hasBegun || call.needsApproval || !onlyReads(call.effects) || isEmpty(call.input)) return;
    if (waitsFor.length > 0 || unknown.length > 0) return;
    member.hasBegun = true;
    void member.run.run(call, alone); // Never rejects; `start` waits for its outcome.
  }

  /** What it begins never rejects; the batch hears of each outcome. */
  private begin(member: Member, plan: Plan): void {
    const { run } = member;
    if (member.hasBegun) return;
    const check = checkOf(member);
    const problem = plan.problems.get(run.id);
    const refusal = problem ? ({ status: 'failed', error: problem } as const) : refusalOf(check);
    if (refusal || check?.kind !== 'checked') {
      member.hasBegun = true;
      void run.refuse(refusal);
      return;
    }
    const waits = plan.waits.get(run.id) ?? [];
    for (const { id, why } of waits) if (why === 'succeeded') skipAfterFailure(run, this.runOf(id));
    const others = {
      after: waits.flatMap(({ id }) => this.runOf(id) ?? []),
      beside: (plan.beside.get(run.id) ?? []).flatMap((id) => this.runOf(id) ?? []),
      urgency: plan.urgencies.get(run.id) ?? 0,
    };
    const ready: Ready = { member, call: check.call, others };
    const { lane } = check.call.tool;
    // What waits for a call or a person is in no lane's way.
    if (lane === 'none' || waits.length > 0 || check.call.needsApproval || run.isStopped) {
      this.enter(ready);
      return;
    }
    member.inLine = ready;
    this.entrance.add(lane, ready);
  }

  /** With a lane it counts for that lane's room. What it begins never rejects. */
  private enter({ member, call, others }: Ready, lane?: Lane): void {
    member.hasBegun = true;
    member.inLine = undefined;
    member.lane = lane;
    void member.run.run(call, others);
  }

  private withLane(run: CallRun, tell: (lane: Lane) => void): void {
    const lane = this.memberOf(run.id)?.lane;
    if (lane) tell(lane);
  }

  private noteSettled(run: CallRun, outcome: Outcome): void {
    this.openCalls -= 1;
    if (outcome.status !== 'succeeded') this.abortAfter(run);
    this.standing.stepOut(run);
    if (this.hasBegunAll && this.openCalls === 0) this.announceEnd();
  }

  /** Running calls go on: only what has not started is kept from starting. */
  private abortAfter(failed: CallRun): void {
    if (this.isAborted || !(this.request.failFast || failed.request.onFailure === 'abort')) return;
    this.isAborted = true;
    for (const { run } of this.members)
      if (!run.hasStarted) run.stop({ kind: 'failFast', because: failed.id });
    void this.entrance.admitAll(); // Never rejects.
  }

  private memberOf(id: CallId): Member | undefined {
    return this.members[this.places.get(id) ?? -1];
  }

  private runOf(id: CallId): CallRun | undefined {
    return this.memberOf(id)?.run;
  }

  /** The declared dependencies by the ids that the session gave. */
  private dependenciesOf(run: CallRun): readonly Dependency[] {
    return (run.request.after ?? []).map(({ id, when }) => ({ id: this.claimed.get(id) ?? id, when }));
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

/** What most waits for comes first; else as they were written. */
function byUrgency(members: readonly Member[], plan: Plan | undefined): readonly Member[] {
  if (!plan || plan.urgencies.size === 0) return members;
  const urgencyOf = ({ run }: Member): number => plan.urgencies.get(run.id) ?? 0;
  return members.toSorted((a, b) => urgencyOf(b) - urgencyOf(a));
}

/** The check of a call, once all were looked at. */
function checkOf({ check }: Member): Check | undefined {
  return check instanceof Promise ? undefined : check;
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
