/** The result object of an agent's run, with which `--json` output ends. */
import type { AgentId, RunEnding } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';

export type AgentResult = Pick<
  RunEnding,
  'status' | 'stopReason' | 'terminationReason' | 'message' | 'text' | 'usage'
> & {
  readonly type: 'result';
  readonly kind: 'agent';
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
};

/** The result of a run that has ended. */
export function agentResult(sessionId: SessionId, agentId: AgentId, ending: RunEnding): AgentResult {
  const { status, stopReason, terminationReason, message, text, usage } = ending;
  return {
    type: 'result',
    kind: 'agent',
    sessionId,
    agentId,
    status,
    stopReason,
    terminationReason,
    message,
    text,
    usage,
  };
}
