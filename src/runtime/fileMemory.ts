/** What agents know of files, out of their sessions' states and into their journals. */
import type { CallError } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { FileMemory, Recorder } from '../core/ports.ts';

const notSaved: CallError = {
  kind: 'io',
  message: 'The session could not be saved, so nothing was written.',
};

/** `sessionOf`: undefined for a session that is not open. */
export function createFileMemory(sessionOf: (id: SessionId) => Recorder | undefined): FileMemory {
  return {
    lastSeen: (sessionId, agentId, path) =>
      agentId === undefined
        ? undefined
        : sessionOf(sessionId)?.state.agents.get(agentId)?.seenFiles.get(path),
    async intend(sessionId, callId, edit) {
      const session = sessionOf(sessionId);
      await session?.record({ type: 'edit.intended', callId, edit }, 'durable');
      return session && !session.refusesIntents ? undefined : notSaved;
    },
  };
}
