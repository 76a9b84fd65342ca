/** Which ended runs a parent is still to be told of, and the messages that tell it. */
import type { AgentId, RunEnding } from '../core/agents.ts';
import type { CallId } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import { hasEnded, type Agent, type Run, type SessionState } from '../core/states.ts';
import { nonceOf } from './notificationNonce.ts';
import { taskNotification } from './taskNotification.ts';

type MessageQueued = Extract<EventBody, { type: 'message.queued' }>;

/**
 * The notification of a run that ends now; undefined where no parent is to be told, or a call's outcome tells it.
 * It is recorded in the same breath as the run's ending.
 */
export function notificationOf(
  state: SessionState,
  {
    agentId,
    id,
    awaitedBy,
    startedAt,
    turnIds,
  }: Pick<Run, 'agentId' | 'id' | 'awaitedBy' | 'startedAt' | 'turnIds'>,
  ending: RunEnding,
  endedAt: number,
): MessageQueued | undefined {
  const agent = state.agents.get(agentId);
  if (!agent?.parent || isToldByCall(state, { awaitedBy }) || !state.agents.has(agent.parent.agentId))
    return undefined;
  const toolUses = callCount(state, turnIds);
  const nonce = nonceOf(state, agent.parent.agentId);
  const text = taskNotification({ agent, ending, toolUses, durationMs: endedAt - startedAt }, nonce);
  return {
    type: 'message.queued',
    agentId: agent.parent.agentId,
    messageId: `${id}-notification`,
    kind: 'notification',
    text,
    about: { agentId, runId: id },
  };
}

/** The notifications that a session's end kept from being queued: of each ended run that none tells of. */
export function owedNotifications(state: SessionState): readonly EventBody[] {
  return [...state.agents.values()].flatMap((agent) =>
    agent.runs.flatMap((run) =>
      owesNotification(state, agent, run) ? (notificationOfEnded(state, run) ?? []) : [],
    ),
  );
}

/** Whether background work of this agent's is under way, or has ended without a message that says so. */
export function hasWorkBelow(state: SessionState, agentId: AgentId): boolean {
  return [...state.agents.values()].some(
    (agent) =>
      agent.parent?.agentId === agentId &&
      agent.runs.some(
        (run) => !isToldByCall(state, run) && (!hasEnded(run) || owesNotification(state, agent, run)),
      ),
  );
}

/** What a reader, its parent where absent, is told of the agent's newest run that has ended; undefined while one is under way. */
export function newestNotification(
  state: SessionState,
  agent: Agent,
  reader = agent.parent?.agentId,
): string | undefined {
  const run = agent.runs.at(-1);
  if (!run || !('endedAt' in run.state)) return undefined;
  const { endedAt, ...ending } = run.state;
  const durationMs = endedAt - run.startedAt;
  return taskNotification(
    { agent, ending, toolUses: callCount(state, run.turnIds), durationMs },
    nonceOf(state, reader),
  );
}

/** Whether an ended run's parent is still to be told of it. */
export function owesNotification(state: SessionState, agent: Agent, run: Run): boolean {
  if (isToldByCall(state, run) || !hasEnded(run)) return false;
  const parent = agent.parent && state.agents.get(agent.parent.agentId);
  return parent !== undefined && !parent.messages.some(({ about }) => about?.runId === run.id);
}

/** A call that was interrupted tells nothing of the run that it awaited. */
function isToldByCall(
  { calls }: SessionState,
  { awaitedBy }: { readonly awaitedBy?: CallId | undefined },
): boolean {
  return awaitedBy !== undefined && calls.get(awaitedBy)?.state.status !== 'interrupted';
}

function notificationOfEnded(state: SessionState, run: Run): MessageQueued | undefined {
  if (!('endedAt' in run.state)) return undefined;
  const { endedAt, ...ending } = run.state;
  return notificationOf(state, run, ending, endedAt);
}

function callCount(state: SessionState, turnIds: Run['turnIds']): number {
  const batchIds = turnIds.flatMap((id) => state.turns.get(id)?.batchId ?? []);
  return batchIds.reduce((sum, id) => sum + (state.batches.get(id)?.callIds.length ?? 0), 0);
}
