/** The agent loop: one run, from a prompt to an honest ending. */
import type { AgentLimits, MessageId, RunEnding, Usage } from '../core/agents.ts';
import type { ModelRequest } from '../core/models.ts';
import type { ModelLaneResult } from '../engine/modelLane.ts';
import type { Run } from '../core/states.ts';
import { orStopped } from '../engine/orStopped.ts';
import { withAnswerKept } from './answerFiles.ts';
import { waitToAskAgain } from './askAgain.ts';
import { askInLane } from './askInLane.ts';
import { Compaction } from './compaction.ts';
import {
  maxPauses,
  pausedTooOften,
  rateLimited,
  waitTooLong,
  withoutFollowUp,
  type Ending,
} from './endings.ts';
import { EndOfRun } from './endOfRun.ts';
import { messagesOf } from './history.ts';
import { keepTools, toolsOf } from './keptTools.ts';
import type { LoopPorts, RunRequest } from './loopPorts.ts';
import { deliverPlaced, placeMessages } from './messages.ts';
import { notificationOf } from './notifications.ts';
import { finishOpenTurn, type EndedBefore } from './openTurn.ts';
import { RunAccount } from './runAccount.ts';
import { turnLimitReached, withinWallTime } from './runLimits.ts';
import { cancellers, stopEnding, type RunStop } from './stops.ts';
import { budgetUsedUp } from './tokenBudget.ts';
import { TurnInProgress, type Reply } from './turn.ts';
import { TurnBudget, type Decision } from './turnBudget.ts';
import { TurnCalls } from './turnCalls.ts';

/** Runs until the model ends its turn, something ends the run, or the signal aborts with a RunStop. Never rejects. */
export async function runAgent(
  request: RunRequest,
  ports: LoopPorts,
  signal: AbortSignal,
): Promise<RunEnding> {
  const agent = ports.recorder.state.agents.get(request.agentId);
  const wallTime = withinWallTime(signal, agent?.limits?.maxWallMs, ports.clock);
  const run = new AgentRun(request, ports, wallTime.signal, agent?.limits ?? {});
  const ended = await run.untilEnded();
  wallTime.dispose();
  const changes = agent?.worktree && (await ports.changesOf?.(agent));
  const whole = changes === undefined ? ended : { ...ended, changes };
  const ending = agent ? await withAnswerKept(whole, agent, request.runId, ports) : whole;
  return recordEnding(request, ending, ports);
}

/**
 * The ending and what the parent is told of it go to disk together: a reader of one finds the other. Settles with the
 * ending as it took effect, which is another one where it could not be saved.
 */
async function recordEnding(
  { agentId, runId }: RunRequest,
  ending: RunEnding,
  { recorder, clock }: LoopPorts,
): Promise<RunEnding> {
  const runOf = (): Run | undefined =>
    recorder.state.agents.get(agentId)?.runs.find(({ id }) => id === runId);
  const run = runOf();
  const notification = run && notificationOf(recorder.state, run, ending, clock.now());
  const ended = recorder.record({ type: 'run.ended', agentId, runId, ending }, 'durable');
  if (notification) await recorder.record(notification, 'durable');
  await ended;
  const taken = runOf()?.state;
  return taken && 'endedAt' in taken ? endingOf(taken) : ending;
}

function endingOf({ endedAt: _endedAt, ...ending }: RunEnding & { readonly endedAt: number }): RunEnding {
  return ending;
}

const worktreeGone: Ending = {
  status: 'failed',
  terminationReason: 'worktreeGone',
  message:
    'The worktree of this agent was discarded, so it can’t go on. Start another agent for what is left to do.',
};

class AgentRun {
  private readonly request: RunRequest;
  private readonly ports: LoopPorts;
  private readonly signal: AbortSignal;
  private readonly limits: AgentLimits;
  private readonly end: EndOfRun;
  private readonly compaction: Compaction;
  private readonly account = new RunAccount();
  private readonly delivered = new Set<MessageId>();

  constructor(request: RunRequest, ports: LoopPorts, signal: AbortSignal, limits: AgentLimits) {
    this.request = request;
    this.ports = ports;
    this.signal = signal;
    this.limits = { ...limits, maxTurns: Math.min(ports.limits.maxTurns, limits.maxTurns ?? Infinity) };
    this.end = new EndOfRun(request, ports);
    this.compaction = new Compaction(request, ports, signal);
  }

  async untilEnded(): Promise<RunEnding> {
    const { agentId, runId } = this.request;
    void this.ports.recorder.record({ type: 'run.started', agentId, runId }, 'buffered'); // Never rejects.
    try {
      return this.ending(await this.takeTurns());
    } catch (error) {
      if (this.signal.aborted) {
        const { recorder } = this.ports;
        return this.ending(stopEnding(this.signal.reason as RunStop, recorder.state, agentId));
      }
      this.ports.log.error(`Run ${runId} of ${agentId} failed inside AllSettled.`, error);
      return this.ending({
        status: 'failed',
        terminationReason: 'internal',
        message: `AllSettled itself failed: ${String(error)}. Its log says more.`,
      });
    }
  }

  private async takeTurns(): Promise<Ending> {
    const { agentId } = this.request;
    const agent = this.ports.recorder.state.agents.get(agentId);
    if (agent && (await this.ports.isWorktreeGone?.(agent))) return worktreeGone;
    await this.end.begin();
    await keepTools(agentId, this.ports.tools, this.ports.recorder);
    const endedBefore = await finishOpenTurn(this.request, this.ports.engine, this.signal);
    const endingBefore = endedBefore && (await this.endWith(endedBefore));
    if (endingBefore) return endingBefore;
    for (let turns = 0; ; turns += 1) {
      this.signal.throwIfAborted();
      const limit = this.limitReached(turns);
      if (limit) return limit;
      const ofTurn = await this.takeTurn();
      const ending = ofTurn && (await this.end.judge(ofTurn, this.signal));
      if (ending) return ending;
    }
  }

  private limitReached(turns: number): Ending | undefined {
    const { maxTurns = Infinity, maxTokens } = this.limits;
    const { state } = this.ports.recorder;
    return (
      turnLimitReached(maxTurns, turns) ??
      budgetUsedUp(state, this.request.agentId, this.account.usage, maxTokens)
    );
  }

  private async endWith(endedBefore: EndedBefore): Promise<Ending | undefined> {
    this.account.takeOver(endedBefore);
    return this.end.judge(endedBefore.ending, this.signal);
  }

  /** Asks for one turn, as often as its budget allows, and runs its calls. The ending, where it was the last. */
  private async takeTurn(): Promise<Ending | undefined> {
    const turnId = this.nextTurnId();
    // A paused turn goes on as it is.
    if (this.account.paused.count === 0)
      await this.compacting(() => this.compaction.beforeTurn(turnId, () => this.modelRequest(undefined)));
    const { limits, clock, random } = this.ports;
    const budget = new TurnBudget(limits, clock, random);
    for (let attempt = 1; ; attempt += 1) {
      const decision = await this.attemptTurn(turnId, attempt, budget);
      switch (decision.kind) {
        case 'continue':
          return undefined;
        case 'resume':
          return this.account.paused.count > maxPauses ? pausedTooOften : undefined;
        case 'end':
          return (await this.goesOnCompacted(decision.ending, turnId)) ? undefined : decision.ending;
        case 'askAgain':
          await waitToAskAgain({ ...this.request, ...decision }, this.ports, this.signal);
      }
    }
  }

  private goesOnCompacted(ending: Ending, turnId: string): Promise<boolean> {
    const request = (): ModelRequest => this.modelRequest(undefined);
    return this.compacting(() => this.compaction.afterTurn(ending, turnId, this.nextTurnId(), request));
  }

  private async compacting<T>(compact: () => Promise<T>): Promise<T> {
    try {
      return await compact();
    } finally {
      this.account.add(this.compaction.takeUsage());
    }
  }

  /** Asks once. Whatever happens, every call of the reply has an outcome when this settles. */
  private async attemptTurn(turnId: string, attempt: number, budget: TurnBudget): Promise<Decision> {
    const calls = this.callsOfTurn(turnId, attempt);
    const stop = (): void => calls.cancel(cancellers[this.signal.reason as RunStop]);
    this.signal.addEventListener('abort', stop, { once: true });
    try {
      const asked = await this.ask(turnId, attempt, calls, budget.maxTokens);
      if (asked.kind === 'heldTooLong') return this.heldTooLong(asked.waitMs);
      const decision = budget.decide(asked.result);
      this.account.remember(asked.result, decision);
      await this.finishTurn(turnId, asked.result, decision, calls);
      return decision;
    } catch (error) {
      if (this.ports.recorder.state.turns.has(turnId))
        this.discard(turnId, 'The turn broke off.', this.account.usageOfTurn);
      await calls.discard();
      throw error;
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }

  private callsOfTurn(turnId: string, attempt: number): TurnCalls {
    const { engine, recorder } = this.ports;
    const permission = recorder.state.agents.get(this.request.agentId)?.permission ?? 'read-only';
    return new TurnCalls({ ...this.request, turnId, attempt, permission }, engine);
  }

  private ask(
    turnId: string,
    attempt: number,
    calls: TurnCalls,
    maxTokens: number | undefined,
  ): Promise<ModelLaneResult<Reply>> {
    const { agentId, runId } = this.request;
    const { recorder, model, limits } = this.ports;
    const textBefore = this.account.paused.text;
    const place = { sessionId: recorder.state.id, agentId, runId, turnId, attempt, textBefore };
    const turn = new TurnInProgress(place, {
      ...this.ports,
      takeCall: (call) => calls.add(call),
      onAccepted: () => deliverPlaced(agentId, recorder, this.delivered),
    });
    this.account.begin(turn);
    const ask = async (): Promise<Reply> => {
      // As late as can be, so that what came while the request was held goes with it. A paused turn goes on as it is.
      if (attempt === 1 && this.account.paused.count === 0) await placeMessages(agentId, turnId, recorder);
      return turn.ask(this.modelRequest(maxTokens), this.signal);
    };
    const asked = model.isLocal
      ? ask().then((result): ModelLaneResult<Reply> => ({ kind: 'sent', result }))
      : askInLane({ agentId, runId, longestWaitMs: limits.longestWaitMs }, ask, this.ports, this.signal);
    return orStopped(asked, this.signal); // A model that is slow to heed the signal doesn't hold the run.
  }

  private modelRequest(maxTokens: number | undefined): ModelRequest {
    const { agentId } = this.request;
    const { recorder, tools } = this.ports;
    const agent = recorder.state.agents.get(agentId);
    if (!agent) throw new Error(`There is no agent ${agentId}.`);
    return {
      agentId,
      model: agent.model,
      system: agent.systemPrompt,
      messages: messagesOf(recorder.state, agentId),
      tools: toolsOf(recorder.state, agent, tools),
      ...(maxTokens !== undefined && { maxTokens }),
    };
  }

  private heldTooLong(waitMs: number): Decision {
    const ending = waitTooLong(rateLimited, waitMs, this.ports.clock.now() + waitMs);
    return { kind: 'end', ending, isVoid: true };
  }

  private async finishTurn(
    turnId: string,
    { stopReason, usage }: Reply,
    decision: Decision,
    calls: TurnCalls,
  ): Promise<void> {
    if (decision.kind === 'askAgain' || (decision.kind === 'end' && decision.isVoid)) {
      const reason = decision.kind === 'end' ? withoutFollowUp(decision.ending.message) : decision.reason;
      this.discard(turnId, reason, usage);
      return calls.discard();
    }
    const { agentId } = this.request;
    const { recorder } = this.ports;
    const ended = { agentId, turnId, stopReason, usage, callCount: calls.count };
    // An intent is on disk only after this, so nothing with effects runs before the calls and their number are.
    const noted = recorder.record({ type: 'turn.ended', ...ended }, 'buffered');
    await (decision.kind === 'continue' ? calls.run() : calls.discard());
    // Where another agent's event is on its way to disk, this one takes effect after it; the next request needs both.
    await noted;
  }

  private discard(turnId: string, reason: string, usage: Usage): void {
    const { agentId } = this.request;
    void this.ports.recorder.record({ type: 'turn.discarded', agentId, turnId, reason, usage }, 'buffered'); // Never rejects.
  }

  private nextTurnId(): string {
    const { agentId } = this.request;
    const runs = this.ports.recorder.state.agents.get(agentId)?.runs ?? [];
    const count = runs.reduce((sum, run) => sum + run.turnIds.length, 0);
    return `${agentId}-turn-${count + 1}`;
  }

  private ending(ending: Ending): RunEnding {
    const { agentId, runId } = this.request;
    const lastActivity = this.account.lastActivity(this.ports.recorder.state, agentId, runId);
    return this.account.endingOf(ending, lastActivity);
  }
}
