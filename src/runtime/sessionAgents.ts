/** The agents of one session as its containers see them: each request is checked, each answer is a value. */
import type { AgentId } from '../core/agents.ts';
import type { CallError, CallId, ErrorKind } from '../core/calls.ts';
import type { Disposable } from '../core/emitter.ts';
import type { EventBody } from '../core/events.ts';
import type { Clock, Recorder } from '../core/ports.ts';
import { hasEnded, latestRun, type Agent } from '../core/states.ts';
import type {
  AgentCaller,
  Refused,
  SpawnProblem,
  SpawnRequest,
  StartedAgentRun,
  SubAgents,
  ToldBy,
} from '../core/subAgents.ts';
import type { Worktrees } from '../core/worktrees.ts';
import { nonceOf } from '../agents/notificationNonce.ts';
import { newestNotification } from '../agents/notifications.ts';
import type { RunStop } from '../agents/stops.ts';
import { subAgentPrompt } from '../agents/subAgentPrompt.ts';
import { systemPrompt } from '../agents/systemPrompt.ts';
import { agentsBelow, reachProblem } from './agentReach.ts';
import { instructionsRead, type Instructions } from './instructions.ts';
import { AgentWaits } from './agentWaits.ts';
import { agentCountProblem, checkSpawn, type CheckedSpawn, type SpawnCheckPorts } from './checkSpawn.ts';
import { isolate, type IsolatedPlace } from './isolatedAgents.ts';
import type { StartedRun } from './runtime.ts';

export interface SessionAgentsPorts extends Omit<SpawnCheckPorts, 'state'> {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly onChange: (listener: () => void) => Disposable;
  /** The ending of the run that an agent has under way. */
  readonly endOf: (agentId: AgentId) => Promise<unknown> | undefined;
  readonly startRun: (agentId: AgentId, prompt: string, awaitedBy?: CallId) => Promise<StartedRun>;
  readonly stopAgent: (agentId: AgentId, why: RunStop) => void;
  /** Why the run that an agent has under way is being stopped; undefined where it goes on. */
  readonly stopOf: (agentId: AgentId) => RunStop | undefined;
  readonly worktrees: Worktrees;
  /** The workspace's AGENTS.md, where the person trusts it. */
  readonly instructions: () => Instructions | undefined;
}

export class SessionAgents implements SubAgents {
  private readonly ports: SessionAgentsPorts;
  private created = 0;
  /** Agents that were let in and are not in the state yet. */
  private entering = 0;
  private lastCheck: Promise<unknown> = Promise.resolve();
  private messages = 0;
  private readonly waits: AgentWaits;

  constructor(ports: SessionAgentsPorts) {
    this.ports = ports;
    this.waits = new AgentWaits(ports);
  }

  async check(requests: readonly SpawnRequest[], caller: AgentCaller): Promise<readonly SpawnProblem[]> {
    const problems: SpawnProblem[] = [];
    for (const [index, request] of requests.entries()) {
      const tooMany = agentCountProblem(this.openCount() + index, this.ports.limits());
      const checked = tooMany ? refused(tooMany) : await this.checked(request, caller);
      if (!checked.ok) problems.push({ ...checked, index });
    }
    return problems;
  }

  async spawn(request: SpawnRequest, caller: AgentCaller, told: ToldBy): Promise<StartedAgentRun | Refused> {
    const checked = await this.checkedInTurn(request, caller);
    if (!checked.ok) return checked;
    const left = this.leftFor(request, caller);
    if (left) return this.start(left.id, checked.prompt, caller, told);
    // Asked and counted without a pause between, so that many at once can't pass the limit together.
    const tooMany = agentCountProblem(this.openCount(), this.ports.limits());
    if (tooMany) return refused(tooMany);
    this.entering += 1;
    const agentId = this.nextId();
    const placed = { ...caller, cwd: checked.cwd };
    const problem = await this.create(agentId, request, checked, placed, told).finally(
      () => (this.entering -= 1),
    );
    return problem ?? this.start(agentId, checked.prompt, caller, told);
  }

  /** Settles when the agent is on disk, or with the reason why it can't be made. */
  private async create(
    agentId: AgentId,
    request: SpawnRequest,
    checked: CheckedSpawn,
    caller: AgentCaller,
    told: ToldBy,
  ): Promise<Refused | undefined> {
    const isolated = request.isolation && (await this.isolated(agentId, request, caller));
    if (isolated && !isolated.ok) return isolated;
    const body = this.createdEvent(agentId, request, checked, caller, told, isolated);
    await this.ports.recorder.record(body, 'durable');
    return undefined;
  }

  async resume(
    agentId: AgentId,
    prompt: string,
    caller: AgentCaller,
    told: ToldBy,
  ): Promise<StartedAgentRun | Refused> {
    const problem =
      reachProblem(this.ports.recorder.state, agentId, caller) ??
      this.atWorkProblem(agentId) ??
      agentCountProblem(this.openCount(), this.ports.limits());
    return problem ? refused(problem) : this.start(agentId, prompt, caller, told);
  }

  async message(
    agentId: AgentId,
    text: string,
    caller: AgentCaller,
  ): Promise<StartedAgentRun | Refused | 'queued'> {
    const problem = reachProblem(this.ports.recorder.state, agentId, caller);
    if (problem) return refused(problem);
    if (!this.ports.endOf(agentId)) {
      const tooMany = agentCountProblem(this.openCount(), this.ports.limits());
      return tooMany ? refused(tooMany) : this.start(agentId, text, caller, { by: 'notification' });
    }
    const messageId = this.nextMessageId(agentId);
    await this.ports.recorder.record(
      { type: 'message.queued', agentId, messageId, kind: 'parent', text },
      'durable',
    );
    return 'queued';
  }

  async cancel(agentId: AgentId, caller: AgentCaller): Promise<{ readonly ok: true } | Refused> {
    const problem = reachProblem(this.ports.recorder.state, agentId, caller);
    if (problem) return refused(problem);
    const end = this.ports.endOf(agentId);
    if (!end) return refused(this.endedProblem(agentId));
    this.ports.stopAgent(agentId, 'parent');
    await end;
    return { ok: true };
  }

  wait(...args: Parameters<SubAgents['wait']>): ReturnType<SubAgents['wait']> {
    return this.waits.wait(...args);
  }

  list(caller: AgentCaller): readonly Agent[] {
    return agentsBelow(this.ports.recorder.state, caller);
  }

  textOf(agentId: AgentId): string | undefined {
    const { state } = this.ports.recorder;
    const agent = state.agents.get(agentId);
    return agent && newestNotification(state, agent);
  }

  /** The outcome of a call that waited, with what has been delivered by it. */
  withDelivered(event: Extract<EventBody, { type: 'call.settled' }>): EventBody {
    return this.waits.withDelivered(event);
  }

  private checked(request: SpawnRequest, caller: AgentCaller): Promise<CheckedSpawn | Refused> {
    const { recorder, ...ports } = this.ports;
    return checkSpawn(request, caller, { ...ports, state: recorder.state });
  }

  private isolated(
    agentId: AgentId,
    request: SpawnRequest,
    caller: AgentCaller,
  ): Promise<IsolatedPlace | Refused> {
    const { recorder, worktrees } = this.ports;
    return isolate({ sessionId: recorder.state.id, agentId }, request, caller, worktrees, this.ports);
  }

  /** Checks go on together and settle in the order in which they were asked for, so that ids follow the model's order. */
  private async checkedInTurn(request: SpawnRequest, caller: AgentCaller): Promise<CheckedSpawn | Refused> {
    const before = this.lastCheck;
    const checking = this.checked(request, caller);
    this.lastCheck = checking.then(() => before);
    const checked = await checking;
    await before;
    return checked;
  }

  private createdEvent(
    agentId: AgentId,
    request: SpawnRequest,
    { model, permission, tools, canSpawn, saveFile, ...checked }: CheckedSpawn,
    caller: AgentCaller,
    told: ToldBy,
    isolated: IsolatedPlace | undefined,
  ): EventBody {
    const { label, reportMode, task, limits } = request;
    const { state } = this.ports.recorder;
    const { agentId: parentId, callId } = caller;
    const { cwd, roots } = isolated?.caller ?? caller;
    const { deliverables } = isolated ?? checked;
    const appended = [isolated?.made.note, request.appendSystemPrompt].filter((text) => text !== undefined);
    const instructions = this.ports.instructions();
    const facts = { roots, cwd, permission, platform: process.platform };
    const base =
      request.systemPrompt ??
      systemPrompt({ ...facts, ...(instructions && { instructions: instructions.text }) });
    const prompt = subAgentPrompt({
      base,
      deliverables,
      ...(appended.length > 0 && { append: appended.join('\n\n') }),
      ...(reportMode && { reportMode }),
      ...(canSpawn && tools.includes('spawn_agent') && { nonce: nonceOf(state, agentId) }),
    });
    return {
      type: 'agent.created',
      agentId,
      label,
      model,
      permission,
      systemPrompt: prompt,
      ...(instructions && { instructions: instructionsRead(instructions) }),
      tools,
      ...(parentId !== undefined && callId !== undefined && { parent: { agentId: parentId, callId } }),
      ...(told.by === 'notification' && { isBackground: true }),
      ...(cwd !== state.cwd && { cwd }),
      ...(isolated && { worktree: isolated.made.worktree }),
      ...(deliverables.length > 0 && { deliverables }),
      ...(saveFile !== undefined && { saveFile }),
      ...(reportMode && { reportMode }),
      ...(task && { task }),
      ...(limits && { limits }),
      firstRun: { prompt: checked.prompt, ...awaitedBy(told, caller) },
    };
  }

  private async start(
    agentId: AgentId,
    prompt: string,
    caller: AgentCaller,
    told: ToldBy,
  ): Promise<StartedAgentRun> {
    const { agentId: parentId } = caller;
    const { runId, ended } = await this.ports.startRun(agentId, prompt, awaitedBy(told, caller).awaitedBy);
    if (told.by === 'call') this.stopWith(told.signal, agentId, ended);
    // The caller was stopped while its agent was being made.
    const stop = parentId === undefined ? undefined : this.ports.stopOf(parentId);
    if (stop !== undefined) this.ports.stopAgent(agentId, stop === 'person' ? 'parent' : stop);
    return { ok: true, agentId, runId, ended };
  }

  /** The run ends with the call that awaits it. */
  private stopWith(signal: AbortSignal, agentId: AgentId, ended: Promise<unknown>): void {
    const stop = (): void => this.ports.stopAgent(agentId, stopOf(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    void ended.then(() => signal.removeEventListener('abort', stop)); // Never rejects.
  }

  private atWorkProblem(agentId: AgentId): CallError | undefined {
    if (!this.ports.endOf(agentId)) return undefined;
    return error(
      'busy',
      `${agentId} is at work already. Wait for it with wait_for_agents, or give it words with message_agent.`,
    );
  }

  private endedProblem(agentId: AgentId): CallError {
    const agent = this.ports.recorder.state.agents.get(agentId);
    const status = agent && latestRun(agent)?.state.status;
    return error('notFound', `${agentId} has nothing under way: its last run is ${status ?? 'not begun'}.`);
  }

  /** The agent that an earlier attempt of this call had made when its host died, before a run of it began. */
  private leftFor({ task }: SpawnRequest, { callId }: AgentCaller): Agent | undefined {
    // The tasks of one call are told apart by nothing but their order.
    if (task || callId === undefined) return undefined;
    const made = [...this.ports.recorder.state.agents.values()];
    return made.find(({ parent, runs }) => parent?.callId === callId && runs.length === 0);
  }

  /** Agents that have not ended, and those that are about to begin. */
  private openCount(): number {
    const agents = [...this.ports.recorder.state.agents.values()];
    return this.entering + agents.filter((agent) => isOpen(agent)).length;
  }

  private nextId(): AgentId {
    this.created = Math.max(this.created, this.ports.recorder.state.agents.size) + 1;
    return `agent-${this.created}`;
  }

  private nextMessageId(agentId: AgentId): string {
    const known = new Set(this.ports.recorder.state.agents.get(agentId)?.messages.map(({ id }) => id));
    do this.messages += 1;
    while (known.has(`${agentId}-message-${this.messages}`));
    return `${agentId}-message-${this.messages}`;
  }
}

function isOpen(agent: Agent): boolean {
  const run = latestRun(agent);
  return run === undefined || !hasEnded(run);
}

function awaitedBy({ by }: ToldBy, { callId }: AgentCaller): { readonly awaitedBy?: CallId } {
  return by === 'call' && callId !== undefined ? { awaitedBy: callId } : {};
}

/** A deadline of the call that awaits a run is time that the run was given. */
function stopOf(reason: unknown): RunStop {
  const { kind, by } = (reason ?? {}) as { readonly kind?: string; readonly by?: string };
  if (kind === 'deadline') return 'wallTime';
  return by === 'host' || by === 'person' || by === 'wallTime' ? by : 'parent';
}

function error(kind: ErrorKind, message: string): CallError {
  return { kind, message };
}

function refused(error: CallError): Refused {
  return { ok: false, error };
}
