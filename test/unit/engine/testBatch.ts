/** Runs batches of hand-written tools, in memory and on a clock that stands still. */
import type { ApprovalAnswer, ApprovalRequest, CallRequest, Outcome } from '../../../src/core/calls.ts';
import { isSettled } from '../../../src/core/calls.ts';
import { noEffects, type Effects } from '../../../src/core/effects.ts';
import type { EventBody } from '../../../src/core/events.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import type { Access, Lane, Tool, ToolContext, ToolResult } from '../../../src/core/tools.ts';
import { Batch, type BatchRequest, type EnginePorts } from '../../../src/engine/batch.ts';
import type { Judgement } from '../../../src/engine/checkCall.ts';
import { CallIds } from '../../../src/engine/callIds.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { memorySession, type MemorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';

type Run = (input: unknown, context: ToolContext) => Promise<ToolResult> | ToolResult;

export function done(text = 'done'): ToolResult {
  return { ok: true, output: { text, bytes: text.length } };
}

export function failed(message = 'it broke'): ToolResult {
  return { ok: false, error: { kind: 'io', message } };
}

/** A tool that does what the test says. */
export function tool(
  name: string,
  run: Run,
  rest: Partial<Tool> & { readonly effectsAre?: Effects } = {},
): Tool {
  const { effectsAre = noEffects, ...overrides } = rest;
  return {
    name,
    description: name,
    inputSchema: {},
    lane: 'io',
    access: 'read',
    timeoutMs: 1000,
    stops: 'cooperates',
    check: (input) => ({ ok: true, input }),
    effects: () => effectsAre,
    subject: (input) => JSON.stringify(input),
    run: async (input, context) => run(input, context),
    ...overrides,
  };
}

export function call(id: string, toolName = id, policy: Partial<CallRequest> = {}): CallRequest {
  return { id, tool: toolName, input: { kind: 'parsed', value: {} }, ...policy };
}

export interface TestBatchOptions {
  readonly tools: readonly Tool[];
  readonly calls: readonly CallRequest[];
  /** Adds the calls as a model writes them, and leaves the start to the test. */
  readonly early?: boolean;
  readonly locks?: Locks;
  /** Durable events take effect, and settle, only after this. */
  readonly holdDurable?: Promise<void>;
  /** Stands before the session's own. */
  readonly recorderBefore?: (recorder: Recorder) => Recorder;
  readonly failFast?: boolean;
  /** What the session's journal has already. */
  readonly before?: readonly EventBody[];
  /** Widths, or the lanes of another batch. */
  readonly lanes?: Partial<Record<Lane, number>> | Lanes;
  /** One that stands still where absent. */
  readonly clock?: TestClock;
  readonly judge?: (tool: string, access: Access) => Judgement;
  readonly ask?: (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;
  readonly ruleAllows?: (request: ApprovalRequest) => Promise<boolean>;
}

export interface TestBatch {
  readonly batch: Batch;
  readonly request: BatchRequest;
  readonly ports: EnginePorts;
  readonly session: MemorySession;
  readonly clock: TestClock;
  readonly lanes: Lanes;
  /** `id status` in the order of the request, one a line. */
  readonly outcomes: () => string;
  readonly outcome: (id: string) => Outcome;
}

export async function startTestBatch(options: TestBatchOptions): Promise<TestBatch> {
  const clock = options.clock ?? new TestClock();
  const session = await memorySession(clock);
  for (const event of options.before ?? []) await session.log.record(event, 'buffered');
  const lanes =
    options.lanes instanceof Lanes
      ? options.lanes
      : new Lanes({ io: 100, process: 100, model: 100, ...options.lanes });
  const openBatch: EnginePorts['openBatch'] = (request, ports) => new Batch(request, ports);
  const request: BatchRequest = {
    id: 'batch-1',
    source: { kind: 'api' },
    sessionId: 'session-1',
    permission: 'workspace-write',
    cwd: '/w',
    roots: ['/w'],
    failFast: options.failFast ?? false,
  };
  const ports: EnginePorts = {
    recorder: options.recorderBefore?.(session.log) ?? heldBack(session.log, options.holdDurable),
    tools: new Map(options.tools.map((entry) => [entry.name, entry])),
    lanes,
    locks: options.locks ?? new Locks(),
    openBatch,
    clock,
    callIds: new CallIds(session.log.state.calls.keys()),
    approvals: { ask: options.ask ?? (() => Promise.reject(new Error('nobody is there'))) },
    rules: { allows: options.ruleAllows ?? (() => Promise.resolve(false)) },
    outputs: {
      fileFor: () => Promise.resolve('/dev/null'),
      keep: () => Promise.resolve('/kept'),
    },
    live: { show: () => undefined },
    judge: (_permission, { name, access }) => options.judge?.(name, access) ?? { kind: 'allow' },
    timeoutMs: () => undefined,
  };
  const batch = openBatch(request, ports);
  options.calls.forEach((request, index) =>
    batch.add({ ...request, index }, options.early ? 'early' : 'atStart'),
  );
  if (!options.early) void batch.start();
  const outcome = (id: string): Outcome => {
    const state = session.log.state.calls.get(id)?.state;
    if (!state || !isSettled(state)) throw new Error(`${id} has no outcome`);
    return state;
  };
  const outcomes = (): string => batch.callIds.map((id) => `${id} ${outcome(id).status}`).join('\n');
  return { batch, request, ports, session, clock, lanes, outcome, outcomes };
}

/** Lets everything that is ready to go on do so. */
export function settleDown(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets others work until it is so; a test that waits in vain fails by its name. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    if (turn === 10_000) throw new Error('it never came about');
    await settleDown();
  }
}

/** A disk that is slow with what must be durable. */
function heldBack(recorder: Recorder, hold: Promise<void> | undefined): Recorder {
  if (!hold) return recorder;
  return {
    state: recorder.state,
    record: async (event, durability) => {
      if (durability === 'durable') await hold;
      await recorder.record(event, durability);
    },
  };
}
