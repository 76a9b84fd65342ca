/** What a run may use in tokens, with all that was started below it: what a sub-agent uses is its parents' use, too. */
import { addUsage, noUsage, type AgentId, type Usage } from '../core/agents.ts';
import { hasEnded, latestRun, type Agent, type Run, type SessionState } from '../core/states.ts';
import type { Ending } from './endings.ts';
import { isBelow, lineOf } from './familyTree.ts';

/** Tokens of all kinds together. */
export function totalTokens({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}

/**
 * The ending of an agent's latest run where its budget, or that of an agent above it, is used up; `own` is what the run
 * itself has used, which may be more than the journal says of it.
 */
export function budgetUsedUp(
  state: SessionState,
  agentId: AgentId,
  own: Usage,
  maxTokens: number | undefined,
): Ending | undefined {
  const [agent, ...above] = lineOf(state, agentId);
  if (!agent) return undefined;
  const used = totalTokens(own) + (maxTokens === undefined ? 0 : usedBelow(state, agent));
  if (maxTokens !== undefined && used >= maxTokens)
    return stopped(`${used} tokens, at its budget of ${maxTokens}`);
  for (const parent of above) {
    const limit = parent.limits?.maxTokens;
    const usedThere =
      limit === undefined ? 0 : totalTokens(usageOf(state, latestRun(parent))) + usedBelow(state, parent);
    if (limit !== undefined && usedThere >= limit)
      return stopped(
        `${usedThere} tokens of ${parent.label}, which it works for, at that one’s budget of ${limit}`,
      );
  }
  return undefined;
}

function stopped(after: string): Ending {
  return {
    status: 'interrupted',
    terminationReason: 'tokenBudget',
    message: `The run was stopped after ${after}. Send a follow-up to go on.`,
  };
}

/** By all below the agent, in runs that began in its latest one. */
function usedBelow(state: SessionState, upper: Agent): number {
  const since = latestRun(upper)?.startedAt ?? 0;
  let used = 0;
  for (const agent of state.agents.values()) {
    if (!isBelow(state, agent.id, upper.id)) continue;
    for (const run of agent.runs) if (run.startedAt >= since) used += totalTokens(usageOf(state, run));
  }
  return used;
}

function usageOf(state: SessionState, run: Run | undefined): Usage {
  if (!run) return noUsage;
  if (hasEnded(run) && 'usage' in run.state) return run.state.usage;
  return run.turnIds.reduce((sum, id) => {
    const turn = state.turns.get(id)?.state;
    return turn && 'usage' in turn && turn.usage ? addUsage(sum, turn.usage) : sum;
  }, noUsage);
}
