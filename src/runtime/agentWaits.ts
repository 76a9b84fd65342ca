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
    const texts = ended.map((agentId) => ({ agentId, text: this.textOf(agentId, caller) }));
    const told = texts.slice(0, countThatFits(texts.map(({ text }) => text.length)));
    const tellsOf = told.map(({ agentId }) => agentId);
    if (caller.callId !== undefined) this.promise(caller, caller.callId, tellsOf);
    return {
      ok: true,
      ended: told,
      untold: texts.slice(told.length).map(({ agentId }) => agentId),
      atWork: ids.filter((id) => this.isAtWork(id)),
      timedOut,
    };
  }

  /** The outcome of a call that waited, with what has been delivered by it: one event, so that neither stands alone. */
  withDelivered(event: Extract<EventBody, { type: 'call.settled' }>): EventBody {
    const told = this.told.get(event.callId);
    this.told.delete(event.callId);
    if (!told || event.outcome.status !== 'succeeded') return event;
    const agent = this.ports.recorder.state.agents.get(told.agentId);
    const queued = new Set((agent ? queuedMessages(agent) : []).map(({ id }) => id));
    const messageIds = told.messageIds.filter((id) => queued.has(id));
    return messageIds.length === 0 ? event : { ...event, delivered: { agentId: told.agentId, messageIds } };
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

  /** All that is to be told of an agent, or how its newest run ended where that has been told before. */
  private textOf(agentId: AgentId, caller: AgentCaller): string {
    const { state } = this.ports.recorder;
    const parent = caller.agentId === undefined ? undefined : state.agents.get(caller.agentId);
    const queued = parent ? queuedMessages(parent).filter(({ about }) => about?.agentId === agentId) : [];
    if (queued.length > 0) return queued.map(({ text }) => text).join('\n\n');
    const agent = state.agents.get(agentId);
    return (agent && newestNotification(state, agent, caller.agentId)) ?? '';
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

/** In characters: below what the engine shortens, with room for the words around it. */
const mostTold = 250_000;

/** How many of the texts fit whole, the first always: to cut one would lose what nothing tells again. */
function countThatFits(lengths: readonly number[]): number {
  let sum = 0;
  const end = lengths.findIndex((length, index) => (sum += length) > mostTold && index > 0);
  return end === -1 ? lengths.length : end;
}

function refused(error: CallError): Refused {
  return { ok: false, error };
}
