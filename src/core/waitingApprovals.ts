/** The questions of a session that wait for a person: of calls under way, and those that a host's end left. */
import type { AgentId } from './agents.ts';
import type { ApprovalRequest, BatchId } from './calls.ts';
import { agentOfBatch, hasEnded, latestRun, outermostBatch, type Call, type SessionState } from './states.ts';

export interface WaitingApproval {
  readonly request: ApprovalRequest;
  /** Whose turn the call belongs to; absent in a batch of its own. */
  readonly agentId?: AgentId;
  /** What asked has ended with its host: the answer starts the agent's next run, or the rest of the batch. */
  readonly isLeft: boolean;
}

/** In the order in which the calls were asked for. */
export function waitingApprovals(state: SessionState): readonly WaitingApproval[] {
  return [...state.calls.values()].flatMap((call) => waitingApproval(state, call) ?? []);
}

/** The question of one call; undefined where it waits for no answer. */
export function waitingApproval(state: SessionState, call: Call): WaitingApproval | undefined {
  if (call.state.status !== 'awaitingApproval') return undefined;
  const agentId = agentOfBatch(state, call.batchId)?.id;
  return {
    request: call.state.request,
    ...(agentId !== undefined && { agentId }),
    isLeft: isLeftBehind(state, call.batchId),
  };
}

/** Whether whoever asked for the batch has ended with its host, so that nothing of it goes on by itself. */
export function isLeftBehind(state: SessionState, batchId: BatchId): boolean {
  const agent = agentOfBatch(state, batchId);
  const run = agent && latestRun(agent);
  return run ? hasEnded(run) : outermostBatch(state, batchId)?.cutOff !== undefined;
}

/** Whether an agent that was interrupted goes on with a person's answer: that is all that is missing. */
export function waitsForAnswer(state: SessionState, agentId: AgentId): boolean {
  return waitingApprovals(state).some((waiting) => waiting.isLeft && waiting.agentId === agentId);
}
