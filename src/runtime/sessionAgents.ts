/** The agents of one session as its containers see them: each request is checked, each answer is a value. */
import type { AgentId } from '../core/agents.ts';
import type { CallError, CallId, ErrorKind } from '../core/calls.ts';
import type { Disposable } from '../core/emitter.ts';
import type { EventBody } from '../core/events.ts';
import type { Clock, Recorder } from '../core/ports.ts';
import { latestRun, queuedMessages, type Agent } from '../core/states.ts';
import type {
  AgentCaller,
  Refused,
  SpawnProblem,
  SpawnRequest,
  StartedAgentRun,
  SubAgents,
  ToldBy,
  WaitResult,
} from '../core/subAgents.ts';
import type { Worktrees } from '../core/worktrees.ts';
import { isBelow, lineOf } from '../agents/familyTree.ts';
import { newestNotification, owesNotification } from '../agents/notifications.ts';
import type { RunStop } from '../agents/stops.ts';
import { subAgentPrompt } from '../agents/subAgentPrompt.ts';
import { systemPrompt } from '../agents/systemPrompt.ts';
import { orStopped } from '../engine/orStopped.ts';
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
  readonly worktrees: Worktrees;
  /** The workspace's AGENTS.md, where the person trusts it. */
  readonly instructions: () => string | undefined;
}

export class SessionAgents implements SubAgents {
  private readonly ports: SessionAgentsPorts;
  private created = 0;
  private lastCheck: Promise<unknown> = Promise.resolve();
  private messages = 0;
  /** What calls of wait_for_agents return, until they have settled. */
  private readonly told = new Map<
    CallId,
    { readonly agentId: AgentId; readonly messageIds: readonly string[] }
  >();

  constructor(ports: SessionAgentsPorts) {
    this.ports = ports;
  }

  async check(requests: readonly SpawnRequest[], caller: AgentCaller): Promise<readonly SpawnProblem[]> {
    const problems: SpawnProblem[] = [];
    for (const [index, request] of requests.entries()) {
      const tooMany = agentCountProblem(this.agentCount() + index, this.ports.limits);
      const checked = tooMany ? refused(tooMany) : await this.checked(request, caller);
      if (!checked.ok) problems.push({ ...checked, index });
    }
    return problems;
  }

  async spawn(request: SpawnRequest, caller: AgentCaller, told: ToldBy): Promise<StartedAgentRun | Refused> {
    const checked = await this.checkedInTurn(request, caller);
    if (!checked.ok) return checked;
    // Asked and counted without a pause between, so that many at once can't pass the limit together.
    const tooMany = agentCountProblem(this.agentCount(), this.ports.limits);
    if (tooMany) return refused(tooMany);
    const agentId = this.nextId();
    const isolated = request.isolation && (await this.isolated(agentId, request, caller));
    if (isolated && !isolated.ok) return isolated;
    const body = this.createdEvent(agentId, request, checked, caller, told, isolated);
    await this.ports.recorder.record(body, 'durable');
    return this.start(agentId, checked.prompt, caller, told);
  }

  async resume(
    agentId: AgentId,
    prompt: string,
    caller: AgentCaller,
    told: ToldBy,
  ): Promise<StartedAgentRun | Refused> {
    const problem = this.reachProblem(agentId, caller) ?? this.atWorkProblem(agentId);
    return problem ? refused(problem) : this.start(agentId, prompt, caller, told);
  }

  async message(
    agentId: AgentId,
    text: string,
    caller: AgentCaller,
  ): Promise<StartedAgentRun | Refused | 'queued'> {
    const problem = this.reachProblem(agentId, caller);
    if (problem) return refused(problem);
    if (!this.ports.endOf(agentId)) return this.start(agentId, text, caller, { by: 'notification' });
    const messageId = this.nextMessageId(agentId);
    await this.ports.recorder.record(
      { type: 'message.queued', agentId, messageId, kind: 'parent', text },
      'durable',
    );
    return 'queued';
  }

  async cancel(agentId: AgentId, caller: AgentCaller): Promise<{ readonly ok: true } | Refused> {
    const problem = this.reachProblem(agentId, caller);
    if (problem) return refused(problem);
    const end = this.ports.endOf(agentId);
    if (!end) return refused(this.endedProblem(agentId));
    this.ports.stopAgent(agentId, 'parent');
    await end;
    return { ok: true };
  }

  async wait(
    agentIds: readonly AgentId[],
    mode: 'any' | 'all',
    timeoutMs: number,
    caller: AgentCaller & { readonly signal: AbortSignal },
  ): Promise<WaitResult | Refused> {
    const ids = agentIds.length > 0 ? [...new Set(agentIds)] : this.pendingBelow(caller);
    const problem = ids.map((id) => this.waitProblem(id, caller)).find(Boolean);
    if (problem) return refused(problem);
    if (ids.length === 0)
      return refused({
        kind: 'notFound',
        message: 'None of your agents is at work, so there is nothing to wait for.',
      });
    const isOver = (): boolean => {
      const ended = ids.filter((id) => !this.isAtWork(id)).length;
      return mode === 'any' ? ended > 0 : ended === ids.length;
    };
    const timedOut = !(await this.until(isOver, timeoutMs, caller.signal));
    const ended = ids.filter((id) => !this.isAtWork(id));
    if (caller.callId !== undefined) this.promise(caller, caller.callId, ended);
    return {
      ok: true,
      ended: ended.map((agentId) => ({ agentId, text: this.textOf(agentId) ?? '' })),
      atWork: ids.filter((id) => this.isAtWork(id)),
      timedOut,
    };
  }

  list({ agentId }: AgentCaller): readonly Agent[] {
    const { state } = this.ports.recorder;
    return [...state.agents.values()].filter(({ id }) => isBelow(state, id, agentId));
  }

  textOf(agentId: AgentId): string | undefined {
    const { state } = this.ports.recorder;
    const agent = state.agents.get(agentId);
    return agent && newestNotification(state, agent);
  }

  /** What must be journalled right behind the outcome of a call that waited: what it returned has been delivered. */
  deliveredBy(event: Extract<EventBody, { type: 'call.settled' }>): readonly EventBody[] {
    const told = this.told.get(event.callId);
    this.told.delete(event.callId);
    if (!told || event.outcome.status !== 'succeeded') return [];
    const agent = this.ports.recorder.state.agents.get(told.agentId);
    const queued = new Set((agent ? queuedMessages(agent) : []).map(({ id }) => id));
    const messageIds = told.messageIds.filter((id) => queued.has(id));
    if (messageIds.length === 0) return [];
    return [{ type: 'message.delivered', agentId: told.agentId, messageIds, how: 'waited' }];
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
      request.systemPrompt ?? systemPrompt({ ...facts, ...(instructions !== undefined && { instructions }) });
    const prompt = subAgentPrompt({
      base,
      deliverables,
      ...(appended.length > 0 && { append: appended.join('\n\n') }),
      ...(reportMode && { reportMode }),
      ...(canSpawn && tools.includes('spawn_agent') && { nonce: state.nonce }),
    });
    return {
      type: 'agent.created',
      agentId,
      label,
      model,
      permission,
      systemPrompt: prompt,
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
    };
  }

  private async start(
    agentId: AgentId,
    prompt: string,
    { callId }: AgentCaller,
    told: ToldBy,
  ): Promise<StartedAgentRun> {
    const awaitedBy = told.by === 'call' ? callId : undefined;
    const { runId, ended } = await this.ports.startRun(agentId, prompt, awaitedBy);
    if (told.by === 'call') this.stopWith(told.signal, agentId, ended);
    return { ok: true, agentId, runId, ended };
  }

  /** The run ends with the call that awaits it. */
  private stopWith(signal: AbortSignal, agentId: AgentId, ended: Promise<unknown>): void {
    const stop = (): void => this.ports.stopAgent(agentId, stopOf(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    void ended.then(() => signal.removeEventListener('abort', stop)); // Never rejects.
  }

  /** Settles with whether it came true in time. */
  private async until(isOver: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listening = this.ports.onChange(() => isOver() && resolve());
    const timer = this.ports.clock.after(timeoutMs, resolve);
    if (isOver()) resolve();
    // A call that is stopped returns what there is; its outcome says that it was stopped.
    await orStopped(promise, signal).catch(() => undefined);
    listening.dispose();
    timer.dispose();
    return isOver();
  }

  private promise({ agentId }: AgentCaller, callId: CallId, ended: readonly AgentId[]): void {
    const agent = agentId === undefined ? undefined : this.ports.recorder.state.agents.get(agentId);
    if (!agent) return;
    const isTold = new Set(ended);
    const messages = queuedMessages(agent).filter(({ about }) => about && isTold.has(about.agentId));
    if (messages.length > 0)
      this.told.set(callId, { agentId: agent.id, messageIds: messages.map(({ id }) => id) });
  }

  /** A run is at work until its ending is in the state, and with it what its parent is told. */
  private isAtWork(agentId: AgentId): boolean {
    const { state } = this.ports.recorder;
    const agent = state.agents.get(agentId);
    const run = agent && latestRun(agent);
    if (!agent || !run) return false;
    return !('endedAt' in run.state) || owesNotification(state, agent, run);
  }

  private pendingBelow(caller: AgentCaller): readonly AgentId[] {
    const { state } = this.ports.recorder;
    const agent = caller.agentId === undefined ? undefined : state.agents.get(caller.agentId);
    const told = new Set((agent ? queuedMessages(agent) : []).map(({ about }) => about?.agentId));
    return this.list(caller)
      .filter(({ id, parent }) => parent?.agentId === caller.agentId && (this.isAtWork(id) || told.has(id)))
      .map(({ id }) => id);
  }

  private waitProblem(agentId: AgentId, caller: AgentCaller): CallError | undefined {
    const { state } = this.ports.recorder;
    const line = caller.agentId === undefined ? [] : lineOf(state, caller.agentId);
    if (line[0]?.id === agentId)
      return error('cycle', `${agentId} is you: waiting for yourself would never end.`);
    if (line.some(({ id }) => id === agentId))
      return error(
        'cycle',
        `${agentId} is above you and waits for your answer: waiting for it would never end.`,
      );
    return this.reachProblem(agentId, caller);
  }

  private reachProblem(agentId: AgentId, caller: AgentCaller): CallError | undefined {
    const { state } = this.ports.recorder;
    const yours = this.list(caller).map(({ id }) => id);
    if (yours.includes(agentId) && agentId !== caller.agentId) return undefined;
    const which = yours.length === 0 ? 'You have none' : `Yours are: ${yours.join(', ')}`;
    const what = state.agents.has(agentId) ? `${agentId} is not below you` : `There is no agent ${agentId}`;
    return error('notFound', `${what}. ${which}.`);
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

  private agentCount(): number {
    return Math.max(this.created, this.ports.recorder.state.agents.size);
  }

  private nextId(): AgentId {
    this.created = this.agentCount() + 1;
    return `agent-${this.created}`;
  }

  private nextMessageId(agentId: AgentId): string {
    const known = new Set(this.ports.recorder.state.agents.get(agentId)?.messages.map(({ id }) => id));
    do this.messages += 1;
    while (known.has(`${agentId}-message-${this.messages}`));
    return `${agentId}-message-${this.messages}`;
  }
}

function stopOf(reason: unknown): RunStop {
  const by = (reason as { readonly by?: string } | undefined)?.by;
  return by === 'host' || by === 'person' ? by : 'parent';
}

function error(kind: ErrorKind, message: string): CallError {
  return { kind, message };
}

function refused(error: CallError): Refused {
  return { ok: false, error };
}
