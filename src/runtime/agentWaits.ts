/** Waits for agents on behalf of calls, and knows what each call has told its agent by that. */
import type { AgentId } from '../core/agents.ts';
import type { CallError, CallId } from '../core/calls.ts';
import type { Disposable } from '../core/emitter.ts';
import type { EventBody } from '../core/events.ts';
import type { Clock, Recorder } from '../core/ports.ts';
import { latestRun, queuedMessages } from '../core/states.ts';
import type { AgentCaller, Refused, WaitResult } from '../core/subAgents.ts';
import { newestNotification, owesNotification } from '../agents/notifications.ts';
import { orStopped } from '../engine/orStopped.ts';
import { agentsBelow, waitProblem } from './agentReach.ts';

export interface AgentWaitsPorts {
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** Calls back whenever a message was queued or a run has ended; the caller disposes. */
  readonly onChange: (listener: () => void) => Disposable;
}

export class AgentWaits {
  private readonly ports: AgentWaitsPorts;
  /** What calls return, until they have settled. */
  private readonly told = new Map<
    CallId,
    { readonly agentId: AgentId; readonly messageIds: readonly string[] }
  >();

  constructor(ports: AgentWaitsPorts) {
    this.ports = ports;
  }

  /** As `SubAgents.wait`. */
  async wait(
    agentIds: readonly AgentId[],
    mode: 'any' | 'all',
    timeoutMs: number,
    caller: AgentCaller & { readonly signal: AbortSignal },
  ): Promise<WaitResult | Refused> {
    const { state } = this.ports.recorder;
    const ids = agentIds.length > 0 ? [...new Set(agentIds)] : this.pendingBelow(caller);
    const problem = ids.map((id) => waitProblem(state, id, caller)).find(Boolean);
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
      ended: ended.map((agentId) => ({ agentId, text: this.textOf(agentId) })),
      atWork: ids.filter((id) => this.isAtWork(id)),
      timedOut,
    };
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

  private textOf(agentId: AgentId): string {
    const { state } = this.ports.recorder;
    const agent = state.agents.get(agentId);
    return (agent && newestNotification(state, agent)) ?? '';
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
    return agentsBelow(state, caller)
      .filter(({ id, parent }) => parent?.agentId === caller.agentId && (this.isAtWork(id) || told.has(id)))
      .map(({ id }) => id);
  }
}

function refused(error: CallError): Refused {
  return { ok: false, error };
}
