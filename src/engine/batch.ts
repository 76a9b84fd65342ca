/** Runs a batch: every call ends in exactly one outcome, and no call takes another down. */
import type { AgentId, Permission } from '../core/agents.ts';
import type { BatchId, CallId, CallRequest, Canceller, Dependency, Outcome } from '../core/calls.ts';
import type { BatchSource, SessionId } from '../core/events.ts';
import type { Approvals, Clock, LiveChannel, Outputs, Recorder } from '../core/ports.ts';
import type { Access, Tool } from '../core/tools.ts';
import type { CallIds } from './callIds.ts';
import { CallRun, type CheckedCall } from './callRun.ts';
import type { Lanes } from './lanes.ts';
import { deniedByPermission, failure, invalidInput, unknownTool, unparsableInput } from './outcomes.ts';
import { planBatch } from './plan.ts';

/** A call and its place: among its turn's blocks, or in its batch. */
export interface IndexedCall extends CallRequest {
  readonly index: number;
}

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
  readonly calls: readonly IndexedCall[];
}

/** What the permission says of one tool; `message` tells the model what to do instead. */
export type Judgement =
  { readonly kind: 'allow' } | { readonly kind: 'ask' } | { readonly kind: 'deny'; readonly message: string };

export interface EnginePorts {
  readonly recorder: Recorder;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly lanes: Lanes;
  readonly approvals: Approvals;
  readonly clock: Clock;
  readonly outputs: Outputs;
  readonly live: LiveChannel;
  readonly callIds: CallIds;
  readonly judge: (
    permission: Permission,
    tool: { readonly name: string; readonly access: Access },
  ) => Judgement;
  /** The user's deadline for a tool, where one is set. */
  readonly timeoutMs: (tool: string) => number | undefined;
}

/** A batch under way. */
export interface RunningBatch {
  /** The ids in the order of the request, unique in the session. */
  readonly callIds: readonly CallId[];
  /** Settles when every call has its outcome on disk. Never rejects. */
  readonly settled: Promise<void>;
  /** Cancels all that has not ended. */
  cancel(by: Canceller): void;
  /** Cancels one call; nothing happens where it has ended. */
  cancelCall(id: CallId, by: Canceller): void;
}

/** Journals the calls as queued, in order and at once, and runs them. */
export function startBatch(request: BatchRequest, ports: EnginePorts): RunningBatch {
  const runs = request.calls.map((call) => new CallRun(ports.callIds.claim(call.id), call, request, ports));
  announce(request, runs, ports);
  return {
    callIds: runs.map((run) => run.id),
    settled: runAll(request, runs, ports),
    cancel: (by) => runs.forEach((run) => run.stop({ kind: 'cancelled', by })),
    cancelCall: (id, by) => runs.find((run) => run.id === id)?.stop({ kind: 'cancelled', by }),
  };
}

function announce(request: BatchRequest, runs: readonly CallRun[], { recorder }: EnginePorts): void {
  const { id: batchId, source, permission, cwd, failFast } = request;
  // Buffered events never reject, and take effect before anything that is recorded after them.
  void recorder.record({ type: 'batch.started', batchId, source, permission, cwd, failFast }, 'buffered');
  for (const { id, request: call } of runs) {
    const { index, tool, input, id: wanted, after, timeoutMs, retries, onFailure } = call;
    const policy = {
      ...(after && { after }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(retries !== undefined && { retries }),
      ...(onFailure && { onFailure }),
    };
    void recorder.record(
      {
        type: 'call.queued',
        callId: id,
        batchId,
        index,
        tool,
        input,
        ...(Object.keys(policy).length > 0 && { policy }),
        ...(wanted !== id && { renamedFrom: wanted }),
      },
      'buffered',
    );
  }
}

async function runAll(request: BatchRequest, runs: readonly CallRun[], ports: EnginePorts): Promise<void> {
  const checks = await Promise.allSettled(runs.map((run) => check(run.request, request, ports)));
  const checked = new Map(runs.map((run, index) => [run, checkResult(checks[index])]));
  const plan = planBatch(
    runs.map((run) => ({
      id: run.id,
      after: claimedDependencies(run, runs),
      ...effectsOf(checked.get(run)),
    })),
  );
  const byId = new Map(runs.map((run) => [run.id, run]));
  const ended = runs.map((run) => {
    stopOthersOnFailure(run, request, runs);
    const problem = plan.problems.get(run.id);
    const call = problem ? ({ status: 'failed', error: problem } as const) : checked.get(run);
    if (!call || 'status' in call)
      return run.refuse(call ?? failure('internal', 'The call was not checked.'));
    const waits = plan.waits.get(run.id) ?? [];
    for (const { id, why } of waits) if (why === 'succeeded') skipAfterFailure(run, byId.get(id));
    return run.run(
      call,
      waits.flatMap(({ id }) => byId.get(id) ?? []),
    );
  });
  await Promise.allSettled(ended);
}

/** The declared dependencies by the ids that the session gave; of repeated ids the first is meant. */
function claimedDependencies(run: CallRun, runs: readonly CallRun[]): readonly Dependency[] {
  return (run.request.after ?? []).map(({ id, when }) => ({
    id: runs.find((other) => other.request.id === id)?.id ?? id,
    when,
  }));
}

function effectsOf(call: CheckedCall | Outcome | undefined): Pick<CheckedCall, 'effects'> | undefined {
  return call && 'effects' in call ? call : undefined;
}

function checkResult(check: PromiseSettledResult<CheckedCall | Outcome> | undefined): CheckedCall | Outcome {
  if (check?.status === 'fulfilled') return check.value;
  return failure('internal', `The call could not be checked: ${String(check?.reason)}`);
}

/** The stations before the plan: parse, schema, permission, effects. */
async function check(
  call: IndexedCall,
  { permission, cwd, roots }: BatchRequest,
  { tools, judge }: EnginePorts,
): Promise<CheckedCall | Outcome> {
  const tool = tools.get(call.tool);
  if (!tool) return unknownTool(call.tool, [...tools.keys()]);
  if (call.input.kind === 'unparsable') return unparsableInput(call.input.raw, call.input.problem);
  const checked = tool.check(call.input.value);
  if (!checked.ok) return invalidInput(tool.name, checked.problems);
  const judgement = judge(permission, tool);
  if (judgement.kind === 'deny') return deniedByPermission(judgement.message);
  const effects = await tool.effects(checked.input, { cwd, roots });
  return { tool, input: checked.input, effects, needsApproval: judgement.kind === 'ask' };
}

function skipAfterFailure(run: CallRun, dependency: CallRun | undefined): void {
  void dependency?.settled.then((outcome) => {
    if (outcome.status !== 'succeeded') run.stop({ kind: 'dependency', because: dependency.id });
  });
}

/** Running calls go on: only what has not started is kept from starting. */
function stopOthersOnFailure(run: CallRun, request: BatchRequest, runs: readonly CallRun[]): void {
  if (!request.failFast && run.request.onFailure !== 'abort') return;
  void run.settled.then((outcome) => {
    if (outcome.status === 'succeeded') return;
    for (const other of runs) if (!other.hasStarted) other.stop({ kind: 'failFast', because: run.id });
  });
}
