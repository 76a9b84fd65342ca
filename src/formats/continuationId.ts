/** The id by which a task's conversation is continued: `<session>/<agent>`. */
import type { AgentId } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';

export interface Continuation {
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
}

export function continuationIdOf({ sessionId, agentId }: Continuation): string {
  return `${sessionId}/${agentId}`;
}

/** Undefined where the text has another form. The parts name no folder above their own. */
export function parseContinuationId(text: string): Continuation | undefined {
  const [, sessionId, agentId] = /^([\w-][\w.-]*)\/([\w-][\w.-]*)$/.exec(text) ?? [];
  return sessionId === undefined || agentId === undefined ? undefined : { sessionId, agentId };
}

/** What is wrong with the form of an id; undefined where nothing is. */
export function continuationProblem(text: string): string | undefined {
  if (parseContinuationId(text)) return undefined;
  return `"continuation_id" must be <session>/<agent>, as the save file gives it, not "${text}".`;
}
