/** Brings messages into an agent's history, once each, and notes when a request with them was accepted. */
import type { AgentId, MessageId, TurnId } from '../core/agents.ts';
import type { Recorder } from '../core/ports.ts';
import { queuedMessages } from '../core/states.ts';

/** All queued messages stand before this turn's request from now on. Settles when that is on disk and in the state. */
export async function placeMessages(agentId: AgentId, turnId: TurnId, recorder: Recorder): Promise<void> {
  const agent = recorder.state.agents.get(agentId);
  const messageIds = (agent ? queuedMessages(agent) : []).map(({ id }) => id);
  if (messageIds.length === 0) return;
  await recorder.record({ type: 'message.placed', agentId, messageIds, turnId }, 'durable');
}

/**
 * A request of the agent was accepted, and it had all that is placed. `noted` holds what this run has recorded as
 * delivered: the turn may be asked again before that is on disk.
 */
export function deliverPlaced(agentId: AgentId, recorder: Recorder, noted: Set<MessageId>): void {
  const messages = recorder.state.agents.get(agentId)?.messages ?? [];
  const placed = messages.filter(({ id, state }) => state.status === 'placed' && !noted.has(id));
  if (placed.length === 0) return;
  const messageIds = placed.map(({ id }) => id);
  for (const id of messageIds) noted.add(id);
  void recorder.record({ type: 'message.delivered', agentId, messageIds, how: 'accepted' }, 'durable'); // Never rejects.
}
