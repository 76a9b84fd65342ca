/** A session in memory: its writer, and what is under way in it. */
import type { AgentId, RunId, TurnId } from '../core/agents.ts';
import type { CallId, Canceller } from '../core/calls.ts';
import type { Model } from '../core/models.ts';
import type { LoopLimits, LoopPorts, RunRequest, RunStop } from '../agents/loop.ts';
import { runAgent } from '../agents/loop.ts';
import { Batch, type BatchRequest, type EnginePorts, type IndexedCall } from '../engine/batch.ts';
import { CallIds } from '../engine/callIds.ts';
import type { SessionLog } from '../store/sessionLog.ts';
import type { StartedRun } from './runtime.ts';

/** What a session gets from the runtime; the rest of the ports is its own. */
export interface SessionPorts {
  readonly engine: Omit<EnginePorts, 'recorder' | 'callIds' | 'openBatch'>;
  readonly loop: Omit<LoopPorts, 'recorder' | 'engine' | 'model' | 'limits'> & {
    /** Read for each run, because they are settings. */
    limits(): LoopLimits;
  };
}

interface RunUnderWay {
  readonly stopping: AbortController;
  readonly ended: Promise<unknown>;
}

export class LiveSession {
  readonly log: SessionLog;
  /** Answers all agents of this session. */
  readonly model: Model;
  private readonly ports: SessionPorts;
  private readonly callIds: CallIds;
  private readonly runs = new Map<AgentId, RunUnderWay>();
  private readonly batches = new Set<Batch>();

  constructor(log: SessionLog, model: Model, ports: SessionPorts) {
    this.log = log;
    this.model = model;
    this.ports = ports;
    this.callIds = new CallIds(log.state.calls.keys());
  }

  hasRunOf(agentId: AgentId): boolean {
    return this.runs.has(agentId);
  }

  /** Begins the next run of an agent that has none under way. */
  async startRun(agentId: AgentId, prompt: string): Promise<StartedRun> {
    const { log } = this;
    const previous = log.state.agents.get(agentId)?.runs ?? [];
    const runId: RunId = `${agentId}-run-${previous.length + 1}`;
    const follows = previous.at(-1)?.id;
    const stopping = new AbortController();
    const ready = Promise.withResolvers<StartedRun>();
    // Registered before anything is awaited, so that a second start of the same agent sees it.
    const ended = ready.promise.then((run) => run.ended);
    this.runs.set(agentId, { stopping, ended });
    await log.record(
      { type: 'run.queued', agentId, runId, prompt, ...(follows !== undefined && { follows }) },
      'durable',
    );
    const request: RunRequest = { agentId, runId, cwd: log.state.cwd, roots: log.state.roots };
    const ending = runAgent(request, this.loopPorts(), stopping.signal).finally(() =>
      this.runs.delete(agentId),
    );
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

  stopAgent(agentId: AgentId, why: RunStop): void {
    this.runs.get(agentId)?.stopping.abort(why);
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

  /** Stops all that is under way, waits for its ends, and closes the journal. */
  async close(): Promise<void> {
    this.stopAll('host');
    const runs = [...this.runs.values()].map((run) => run.ended);
    const batches = [...this.batches].map((batch) => batch.ended);
    await Promise.allSettled([...runs, ...batches]);
    await this.log.close();
  }

  private openBatch(request: BatchRequest, ports: EnginePorts): Batch {
    const batch = new Batch(request, ports);
    this.batches.add(batch);
    void batch.ended.then(() => this.batches.delete(batch)); // Never rejects.
    return batch;
  }

  private enginePorts(): EnginePorts {
    const openBatch: EnginePorts['openBatch'] = (request, ports) => this.openBatch(request, ports);
    return { ...this.ports.engine, recorder: this.log, callIds: this.callIds, openBatch };
  }

  private loopPorts(): LoopPorts {
    const { log: recorder, model } = this;
    const { loop } = this.ports;
    return { ...loop, limits: loop.limits(), recorder, model, engine: this.enginePorts() };
  }
}
