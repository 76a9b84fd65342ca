/** What the notifications of one agent carry, so that no other agent can forge one. */
import { createHash } from 'node:crypto';
import type { AgentId } from '../core/agents.ts';
import type { SessionState } from '../core/states.ts';

/** Its own: an agent below it is told another nonce, and can't find this one by it. Empty in a session that has none. */
export function nonceOf({ nonce, agents }: SessionState, agentId: AgentId | undefined): string {
  if (nonce === '' || agentId === undefined) return nonce;
  // In sessions of before, all agents were told the session's.
  if (agents.get(agentId)?.systemPrompt.includes(`nonce="${nonce}"`)) return nonce;
  return createHash('sha256').update(`${nonce} ${agentId}`).digest('hex').slice(0, 32);
}
