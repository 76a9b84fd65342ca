/** A session in memory: its writer, and what is under way in it. */
import { isDeepStrictEqual } from 'node:util';
import { narrower, runIdOf, type AgentId, type TurnId } from '../core/agents.ts';
import type { BatchId, CallId, Canceller } from '../core/calls.ts';
import { Emitter } from '../core/emitter.ts';
import type { EventBody } from '../core/events.ts';
import type { Model } from '../core/models.ts';
import type { Recorder } from '../core/ports.ts';
import {
  bind,
  boundedFromHere,
  boundsOnRecord,
  otherSource,
  type AskedBounds,
  type Bound,
  type ModelSource,
} from '../core/sessionBounds.ts';
import type { SubAgents } from '../core/subAgents.ts';
import type { Tool } from '../core/tools.ts';
import { isToBeWoken } from '../core/unresolved.ts';
import { childrenOf, placeOf } from '../agents/familyTree.ts';
import type { LoopLimits, LoopPorts, RunRequest } from '../agents/loopPorts.ts';
import type { RunStop } from '../agents/stops.ts';
import { runAgent } from '../agents/loop.ts';
import { adoptCalls } from '../engine/adoptCalls.ts';
import { Batch, type BatchRequest, type EnginePorts, type IndexedCall } from '../engine/batch.ts';
import { CallIds } from '../engine/callIds.ts';
import type { SessionLog } from '../store/sessionLog.ts';
import { createAnswerFiles } from './answerFiles.ts';
import { boundModel } from './boundModel.ts';
import { changesOf, isWorktreeGone } from './isolatedAgents.ts';
import type { BoundsHere } from './programBounds.ts';
import { readInstructions, type Instructions } from './instructions.ts';
import { Questions } from './questions.ts';
import type { StartedRun } from './runtime.ts';
import { SessionAgents, type SessionAgentsPorts } from './sessionAgents.ts';
import { sessionRecorder } from './sessionRecorder.ts';

/** What a session gets from the runtime; the rest of the ports is its own. */
export interface SessionPorts {
  readonly engine: Omit<EnginePorts, 'recorder' | 'callIds' | 'openBatch'>;
  readonly loop: Omit<LoopPorts, 'recorder' | 'engine' | 'model' | 'limits' | 'answers' | 'onChange'> & {
    readonly tools: readonly Tool[];
    /** Read for each run, because they are settings. */
    limits(): LoopLimits;
  };
  readonly agents: Pick<
    SessionAgentsPorts,
    'files' | 'stateDir' | 'limits' | 'reviewsEdits' | 'defaultModel' | 'worktrees'
  >;
  /** The bounds that this program puts on sessions. */
  readonly bounds: BoundsHere;
  /** The API key, which no file of an answer gets. */
  readonly keyInUse: () => string | undefined;
}

interface RunUnderWay {
  readonly stopping: AbortController;
  readonly ended: Promise<unknown>;
}

export class LiveSession {
  readonly log: SessionLog;
  /** Answers all agents of this session. */
  readonly model: Model;
  readonly subAgents: SubAgents;
  /** What this session's work is recorded through. */
  readonly recorder: Recorder;
  readonly questions: Questions;
  private readonly agents: SessionAgents;
  private readonly changes: Emitter<void>;
  private workspaceInstructions: Instructions | undefined;
  private isClosing = false;
  /** This program may start runs of it: it began the session, or goes on within the bounds on record. */
  private isBound: boolean;
  private readonly ports: SessionPorts;
  private readonly callIds: CallIds;
  private readonly runs = new Map<AgentId, RunUnderWay>();
  private readonly batches = new Set<Batch>();
  private readonly resuming = new Map<BatchId, Promise<void>>();
  private readonly others = new Set<Promise<unknown>>();
  private readonly closing = new AbortController();
  private closed: Promise<void> | undefined;

  constructor(log: SessionLog, model: Model, ports: SessionPorts, origin: 'started' | 'readBack') {
    this.log = log;
    this.model = boundModel(model, () => otherSource(boundsOnRecord(log.state).models, this.source()));
    this.ports = ports;
    this.isBound = origin === 'started';
    this.questions = new Questions(ports.engine.approvals);
    this.callIds = new CallIds(log.state.calls.keys());
    this.changes = new Emitter((error) => ports.loop.log.error('A waiting agent failed.', error));
    this.recorder = sessionRecorder(log, {
      completed: (event) => (event.type === 'call.settled' ? this.agents.withDelivered(event) : event),
      onEffect: (event) => this.afterEvent(event),
    });
    this.agents = new SessionAgents(this.agentsPorts());
    this.subAgents = this.agents;
  }

  /** Those of the workspace, for the agents to come; undefined unless they were to be read. */
  get instructions(): Instructions | undefined {
    return this.workspaceInstructions;
  }

  /** To be called before agents are made, if the person trusts the workspace. Never rejects. */
  async readInstructions(): Promise<void> {
    this.workspaceInstructions = await readInstructions(this.log.state, this.ports.agents.files);
  }

  /** Whether anything of it goes on. */
  get isAtWork(): boolean {
    return this.runs.size + this.batches.size + this.others.size > 0;
  }

  hasRunOf(agentId: AgentId): boolean {
    return this.runs.has(agentId);
  }

  /** Whether a batch with this call is under way. */
  hasCall(callId: CallId): boolean {
    return [...this.batches].some((batch) => batch.has(callId));
  }

  /**
   * To be called before it goes on: holds this program to the bounds on record, which may get tighter by it. Rejects with a
   * message for a person where they can't be kept here, or where what the person asks for is weaker.
   */
  async bind(asked?: AskedBounds): Promise<void> {
    const bound = await this.boundHere(asked);
    if (!bound.ok) throw new Error(bound.message);
    const { bounds } = bound;
    const { id, bounds: record } = this.log.state;
    if (!record) this.ports.loop.log.warn(`Session ${id}: ${boundedFromHere(bounds)}`);
    if (!isDeepStrictEqual(bounds, record))
      await this.log.record({ type: 'session.bounded', bounds }, 'durable');
    // Agents that a later life makes are told what the first one's were.
    const wereRead = [...this.log.state.agents.values()].some(({ instructions }) => instructions);
    if (wereRead && !this.workspaceInstructions) await this.readInstructions();
    this.isBound = true;
  }

  async bindProblem(): Promise<string | undefined> {
    const bound = await this.boundHere();
    return bound.ok ? undefined : bound.message;
  }

  /** Does what is neither an agent's nor a batch's work, so that the session is not closed below it. */
  async during<T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> {
    const done = work(this.closing.signal);
    this.others.add(done);
    return done.finally(() => this.others.delete(done));
  }

  /** Begins the next run of an agent that has none under way. `awaitedBy`: that call's outcome tells how it ended. */
  async startRun(agentId: AgentId, prompt: string, awaitedBy?: CallId): Promise<StartedRun> {
    const { log } = this;
    const previous = log.state.agents.get(agentId)?.runs ?? [];
    const runId = runIdOf(agentId, previous.length + 1);
    const follows = previous.at(-1)?.id;
    const stopping = new AbortController();
    stopping.signal.addEventListener('abort', () =>
      this.stopBelow(agentId, stopping.signal.reason as RunStop),
    );
    const ready = Promise.withResolvers<StartedRun>();
    // Registered before anything is awaited, so that a second start of the same agent sees it.
    const ended = ready.promise.then((run) => run.ended);
    this.runs.set(agentId, { stopping, ended });
    if (this.isClosing) stopping.abort('host' satisfies RunStop);
    const queued = {
      agentId,
      runId,
      prompt,
      ...(follows !== undefined && { follows }),
      ...(awaitedBy !== undefined && { awaitedBy }),
    };
    await log.record({ type: 'run.queued', ...queued }, 'durable');
    const request: RunRequest = { agentId, runId, ...placeOf(log.state, agentId) };
    const ending = runAgent(request, this.loopPorts(agentId), stopping.signal).finally(() => {
      this.runs.delete(agentId);
      this.changes.fire();
      this.wake(agentId);
    });
    const started = { sessionId: log.state.id, agentId, runId, ended: ending };
    ready.resolve(started);
    return started;
  }

  /** Runs a batch that no agent asked for. Settles when every call has its outcome. */
  async runBatch(request: BatchRequest, calls: readonly IndexedCall[]): Promise<void> {
    const batch = this.openBatch(request, this.enginePorts());
    await batch.addAll(calls);
    await batch.start();
  }

  /** Goes on with a batch whose host died, once, however often it is asked to. Settles when every call has its outcome. */
  resumeBatch(batchId: BatchId): Promise<void> {
    const resuming = this.resuming.get(batchId) ?? this.goOnWith(batchId);
    this.resuming.set(batchId, resuming);
    return resuming.finally(() => this.resuming.delete(batchId));
  }

  isResuming(batchId: BatchId): boolean {
    return this.resuming.has(batchId);
  }

  /** Stops an agent's run, and with it those of all agents below it. */
  stopAgent(agentId: AgentId, why: RunStop): void {
    const run = this.runs.get(agentId);
    if (run) run.stopping.abort(why);
    else this.stopBelow(agentId, why);
  }

  /** Starts a run of an agent that has none, where its last one ended well and something has come for it since. */
  wake(agentId: AgentId): void {
    const agent = this.log.state.agents.get(agentId);
    if (this.isClosing || !this.isBound || this.runs.has(agentId) || !agent) return;
    if (isToBeWoken(agent)) void this.startRun(agentId, ''); // Never rejects.
  }

  stopAll(why: RunStop & Canceller): void {
    for (const agentId of this.runs.keys()) this.stopAgent(agentId, why);
    for (const batch of this.batches) batch.cancel(why);
  }

  /** Cancels the calls of a turn, and with them those inside of them. */
  cancelTurn(turnId: TurnId, by: Canceller): void {
    const batchId = this.log.state.turns.get(turnId)?.batchId;
    for (const batch of this.batches) if (batch.id === batchId) batch.cancel(by);
  }

  cancelCall(callId: CallId, by: Canceller): void {
    for (const batch of this.batches) batch.cancelCall(callId, by);
  }

  /** Settles when nothing of it goes on, also nothing that was started by what went on. Never rejects. */
  async untilIdle(): Promise<void> {
    while (this.isAtWork)
      await Promise.allSettled([
        ...[...this.runs.values(), ...this.batches].map(({ ended }) => ended),
        ...this.others,
      ]);
  }

  /** Stops all that is under way, waits for its ends, and closes the journal; once, however often it is asked to. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    this.isClosing = true;
    this.closing.abort();
    const cutOff = [...this.batches].filter(({ source }) => source.kind === 'file' || source.kind === 'api');
    this.stopAll('host');
    this.log.stopAsking();
    await this.untilIdle();
    for (const { id: batchId } of cutOff)
      await this.log.record({ type: 'batch.interrupted', batchId }, 'durable');
    await this.log.close();
  }

  private async boundHere(asked?: AskedBounds): Promise<Bound> {
    const record = boundsOnRecord(this.log.state);
    return bind(record, await this.ports.bounds.of(record, this.source()), asked);
  }

  /** Returns the source that the session's turns would have now. */
  private source(): ModelSource {
    return this.model.isLocal ? { kind: 'transcript' } : this.ports.bounds.api();
  }

  private async goOnWith(batchId: BatchId): Promise<void> {
    const { state } = this.log;
    const left = state.batches.get(batchId);
    if (!left) throw new Error(`There is no batch ${batchId} in this session.`);
    await this.log.record({ type: 'batch.resumed', batchId }, 'durable');
    const { source, permission, cwd, failFast } = left;
    const request = {
      id: batchId,
      source,
      sessionId: state.id,
      permission,
      cwd,
      roots: state.roots,
      failFast,
    };
    const calls = left.callIds.flatMap((id) => state.calls.get(id) ?? []);
    await (await adoptCalls(request, calls, this.enginePorts())).start();
  }

  private afterEvent(event: EventBody): void {
    if (event.type !== 'message.queued' && event.type !== 'run.ended') return;
    this.changes.fire();
    if (event.type === 'message.queued') this.wake(event.agentId);
  }

  /** Who was stopped on purpose takes those below along; who ended in another way leaves them at work. */
  private stopBelow(agentId: AgentId, why: RunStop): void {
    for (const { id } of childrenOf(this.log.state, agentId))
      this.stopAgent(id, why === 'person' ? 'parent' : why);
  }

  private agentsPorts(): SessionAgentsPorts {
    const { clock, tools } = this.ports.loop;
    return {
      ...this.ports.agents,
      clock,
      tools,
      recorder: this.recorder,
      onChange: this.changes.event,
      endOf: (agentId) => this.runs.get(agentId)?.ended,
      startRun: (agentId, prompt, awaitedBy) => this.startRun(agentId, prompt, awaitedBy),
      stopAgent: (agentId, why) => this.stopAgent(agentId, why),
      stopOf: (agentId) => this.runs.get(agentId)?.stopping.signal.reason as RunStop | undefined,
      instructions: () => this.instructions,
    };
  }

  private openBatch(request: BatchRequest, ports: EnginePorts): Batch {
    // Narrowed here, so that what a call judges by itself or starts is bound too.
    const permission = narrower(request.permission, this.log.state.bounds?.permission ?? request.permission);
    const batch = new Batch({ ...request, permission }, ports);
    this.batches.add(batch);
    void batch.ended.then(() => this.batches.delete(batch)); // Never rejects.
    return batch;
  }

  private enginePorts(): EnginePorts {
    const openBatch: EnginePorts['openBatch'] = (request, ports) => this.openBatch(request, ports);
    const { recorder, questions: approvals, callIds } = this;
    return { ...this.ports.engine, approvals, recorder, callIds, openBatch };
  }

  private loopPorts(agentId: AgentId): LoopPorts {
    const { recorder, model } = this;
    const { loop } = this.ports;
    const engine = this.enginePorts();
    const own = new Set(recorder.state.agents.get(agentId)?.tools);
    return {
      ...loop,
      limits: loop.limits(),
      recorder,
      model,
      answers: createAnswerFiles(engine.outputs, this.ports.agents.files, recorder, this.ports.keyInUse),
      onChange: this.changes.event,
      isWorktreeGone: (agent) => isWorktreeGone(recorder.state.id, agent, this.ports.agents.worktrees),
      changesOf: (agent) => changesOf(recorder.state.id, agent, this.ports.agents.worktrees),
      engine: { ...engine, tools: new Map([...engine.tools].filter(([name]) => own.has(name))) },
    };
  }
}
