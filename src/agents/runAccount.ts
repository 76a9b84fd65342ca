/** What a run has used and said so far, and the ending that is made of it. */
import { addUsage, noUsage, type AgentId, type RunEnding, type RunId, type Usage } from '../core/agents.ts';
import { callsOfTurn, type SessionState } from '../core/states.ts';
import type { Ending } from './endings.ts';
import type { Reply, TurnInProgress } from './turn.ts';
import type { Decision } from './turnBudget.ts';

export class RunAccount {
  private whole: Usage = noUsage;
  /** The text of the last whole turn. */
  private text = '';
  private turn: TurnInProgress | undefined;
  private isTurnCounted = true;
  private stopReason: string | null = null;
  /** How often in a row the model has paused its turn, and what it wrote until then. */
  private pausedSoFar: { readonly count: number; readonly text: string } = { count: 0, text: '' };

  get paused(): { readonly count: number; readonly text: string } {
    return this.pausedSoFar;
  }

  /** Of what has ended. */
  get usage(): Usage {
    return this.whole;
  }

  /** Of the turn under way, as far as the API has counted it. */
  get usageOfTurn(): Usage {
    return this.turn?.usage ?? noUsage;
  }

  /** A turn that an earlier run was cut off behind was its last. */
  takeOver({ stopReason, text }: Pick<Reply, 'stopReason' | 'text'>): void {
    this.stopReason = stopReason;
    this.text = text;
  }

  /** From now on this is the turn under way. */
  begin(turn: TurnInProgress): void {
    this.turn = turn;
    this.isTurnCounted = false;
  }

  /** What was used beside turns. */
  add(usage: Usage): void {
    this.whole = addUsage(this.whole, usage);
  }

  /** The turn under way has ended with that. */
  remember(reply: Reply, decision: Decision): void {
    this.add(reply.usage);
    this.isTurnCounted = true;
    this.stopReason = reply.stopReason;
    if (reply.text !== '') this.text = reply.text;
    if (decision.kind === 'resume')
      this.pausedSoFar = { count: this.pausedSoFar.count + 1, text: reply.text };
    else if (decision.kind !== 'askAgain') this.pausedSoFar = { count: 0, text: '' };
  }

  endingOf(ending: Ending, lastActivity: string): RunEnding {
    const { stopReason } = this;
    // A turn that was stopped in the middle has cost what the API said until then.
    const usage = this.isTurnCounted ? this.whole : addUsage(this.whole, this.usageOfTurn);
    return { ...ending, stopReason, usage, text: this.turn?.text || this.text, lastActivity };
  }

  /** What the agent did last, in a few words; empty where it did nothing. */
  lastActivity(state: SessionState, agentId: AgentId, runId: RunId): string {
    const run = state.agents.get(agentId)?.runs.find(({ id }) => id === runId);
    for (const turnId of run?.turnIds.toReversed() ?? []) {
      const turn = state.turns.get(turnId);
      const call = turn && callsOfTurn(state, turn).at(-1);
      if (call) return `${call.tool}: ${call.state.status}`;
      if (turn?.blocks.some(({ block }) => block.type === 'text')) break;
    }
    return this.text === '' && !this.turn?.text ? '' : 'wrote text';
  }
}
