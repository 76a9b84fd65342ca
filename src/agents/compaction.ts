/** Sums up an agent's conversation where its model's context window is nearly full, or was. */
import { addUsage, noUsage, type AgentId, type RunId, type TurnId, type Usage } from '../core/agents.ts';
import { ModelError, type Model, type ModelRequest } from '../core/models.ts';
import type { Clock, Log, Recorder } from '../core/ports.ts';
import type { ModelLane, ModelLaneResult } from '../engine/modelLane.ts';
import { orStopped } from '../engine/orStopped.ts';
import { waitToAskAgain } from './askAgain.ts';
import { askInLane } from './askInLane.ts';
import { isNearWindow } from './contextSize.ts';
import { judgeError, judgeTurn, streamCut, type Ending } from './endings.ts';
import { summaryDepths, summaryRequest, withLatestPrompt, type SummaryDepth } from './summaryRequest.ts';
import type { Reply } from './turn.ts';
import { TurnBudget, type TurnLimits } from './turnBudget.ts';

export interface CompactionPorts {
  readonly recorder: Recorder;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly modelLane: ModelLane;
  readonly limits: TurnLimits;
  /** The tokens that the model's window holds; of a usual one where absent. */
  readonly contextWindow?: (model: string) => number;
  readonly random?: () => number;
}

/** What most models of the API have. */
export const usualContextWindow = 200_000;

type Summed = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly ending: Ending };

/** One for each run. Rejects only with its signal's reason. */
export class Compaction {
  private readonly place: { readonly agentId: AgentId; readonly runId: RunId };
  private readonly ports: CompactionPorts;
  private readonly signal: AbortSignal;
  private spent: Usage = noUsage;
  private lastBefore: TurnId | undefined;

  constructor(
    { agentId, runId }: { readonly agentId: AgentId; readonly runId: RunId },
    ports: CompactionPorts,
    signal: AbortSignal,
  ) {
    this.place = { agentId, runId };
    this.ports = ports;
    this.signal = signal;
  }

  /** The tokens that summaries have cost since this was asked last. */
  takeUsage(): Usage {
    const { spent } = this;
    this.spent = noUsage;
    return spent;
  }

  /** Compacts before that turn where the window is nearly full. Where that fails, the conversation goes on as it is. */
  async beforeTurn(turnId: TurnId, request: () => ModelRequest): Promise<void> {
    const { recorder, model, limits } = this.ports;
    if (model.isLocal || !isNearWindow(recorder.state, this.place.agentId, this.window(), limits.maxTokens))
      return;
    await this.compact(turnId, request(), 'whole');
  }

  /**
   * Compacts after a turn that ended because the window was full, so that the next turn can go on; false where the run
   * must end so: it had been compacted right before, or could not be now.
   */
  async afterTurn(
    ending: Ending,
    endedTurnId: TurnId,
    nextTurnId: TurnId,
    request: () => ModelRequest,
  ): Promise<boolean> {
    if (ending.terminationReason !== 'contextWindow' || this.ports.model.isLocal) return false;
    if (this.lastBefore === endedTurnId) return false;
    return this.compact(nextTurnId, request(), 'shortened');
  }

  private async compact(beforeTurnId: TurnId, request: ModelRequest, from: SummaryDepth): Promise<boolean> {
    const { recorder, log } = this.ports;
    const { agentId } = this.place;
    for (const depth of summaryDepths.slice(summaryDepths.indexOf(from))) {
      const summed = await this.ask(summaryRequest(request, depth, this.window()));
      if (summed.ok) {
        const summary = withLatestPrompt(summed.text, this.promptBefore());
        await recorder.record({ type: 'history.compacted', agentId, beforeTurnId, summary }, 'durable');
        this.lastBefore = beforeTurnId;
        return true;
      }
      const { terminationReason, message } = summed.ending;
      log.warn(`The conversation of ${agentId} could not be summed up (${depth}): ${message}`);
      if (terminationReason !== 'contextWindow' && terminationReason !== 'noText') return false;
    }
    return false;
  }

  /** The prompt that is left out with the turns of its run; that of a run without a turn stays in the history. */
  private promptBefore(): string {
    const runs = this.ports.recorder.state.agents.get(this.place.agentId)?.runs ?? [];
    return runs.findLast((run) => run.turnIds.length > 0 && run.prompt.trim() !== '')?.prompt ?? '';
  }

  private window(): number {
    const model = this.ports.recorder.state.agents.get(this.place.agentId)?.model ?? '';
    return this.ports.contextWindow?.(model) ?? usualContextWindow;
  }

  /** Asks as often as the budget of a turn allows. */
  private async ask(request: ModelRequest): Promise<Summed> {
    const { limits, clock, random, recorder } = this.ports;
    const budget = new TurnBudget(limits, clock, random);
    for (;;) {
      const asked = await this.askOnce({
        ...request,
        ...(budget.maxTokens && { maxTokens: budget.maxTokens }),
      });
      if (asked.kind === 'heldTooLong') return { ok: false, ending: heldTooLong };
      const { result: reply } = asked;
      this.spent = addUsage(this.spent, reply.usage);
      const decision = budget.decide(reply);
      if (decision.kind === 'end' && decision.ending.status === 'completed')
        return { ok: true, text: reply.text };
      if (decision.kind === 'end' && decision.ending.terminationReason === 'maxTokens' && reply.text !== '')
        return { ok: true, text: `${reply.text} [the summary was cut here]` };
      if (decision.kind === 'end') return { ok: false, ending: decision.ending };
      if (decision.kind !== 'askAgain') return { ok: false, ending: noSummary };
      await waitToAskAgain({ ...this.place, ...decision }, { recorder, clock }, this.signal);
    }
  }

  private askOnce(request: ModelRequest): Promise<ModelLaneResult<Reply>> {
    const { longestWaitMs } = this.ports.limits;
    const ask = (): Promise<Reply> => replyOf(this.ports.model, request, this.signal);
    return orStopped(askInLane({ ...this.place, longestWaitMs }, ask, this.ports, this.signal), this.signal);
  }
}

const noSummary: Ending = {
  status: 'incomplete',
  terminationReason: 'noText',
  message: 'The model asked for calls instead of summing up.',
};

const heldTooLong: Ending = {
  status: 'interrupted',
  terminationReason: 'rateLimit',
  message: 'The API limits the rate of requests for too long.',
};

/** One request, whose reply is nobody's turn: nothing of it is journalled, and its calls are never run. */
async function replyOf(model: Model, request: ModelRequest, signal: AbortSignal): Promise<Reply> {
  const texts: string[] = [];
  let hasCalls = false;
  let [stopReason, usage, isWhole]: [string | null, Usage, boolean] = [null, noUsage, false];
  const reply = (verdict: Reply['verdict']): Reply => ({
    verdict,
    stopReason,
    usage,
    text: texts.join('\n\n').trim(),
    isWhole,
  });
  try {
    for await (const event of model.turn(request, signal)) {
      signal.throwIfAborted();
      if (event.type === 'usage') usage = event.usage;
      if (event.type === 'ended') [stopReason, usage, isWhole] = [event.stopReason, event.usage, true];
      if (event.type === 'block' && event.block.type === 'text') texts.push(event.block.text);
      if (event.type === 'block' && event.block.type === 'tool_use') hasCalls = true;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ModelError)) throw error;
    const { kind, message, retryAfterMs } = error;
    return {
      ...reply(judgeError(kind, message)),
      error: kind,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  signal.throwIfAborted();
  return reply(isWhole ? judgeTurn(stopReason, texts.join('').trim() !== '', hasCalls) : streamCut);
}
