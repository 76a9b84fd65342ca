/** What is told of a run that ended with its host. */
import type { AgentId } from '../core/agents.ts';
import { agentOfBatch, type SessionState } from '../core/states.ts';

/** Its calls that wait for a person's answer wait on, and the answer is the way to go on. */
export function hostExitMessage(state: SessionState, agentId: AgentId): string {
  const calls = [...state.calls.values()].filter((call) => agentOfBatch(state, call.batchId)?.id === agentId);
  const waiting = calls.filter((call) => call.state.status === 'awaitingApproval').length;
  if (waiting === 0)
    return 'The program was closed while this run was under way. Resume it, or send a follow-up.';
  const [what, it] = waiting === 1 ? ['1 call', 'it is'] : [`${waiting} calls`, 'they are'];
  return `The program was closed while ${what} waited for a person's approval. The agent goes on once ${it} answered.`;
}
