/** What agents know of files, out of their sessions' states and into their journals. */
import { lastTextBefore } from '../core/checkpoints.ts';
import type { CallError, IntendedEdit } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { FileMemory, Files } from '../core/filePorts.ts';
import { holdsKey, keyForms } from '../core/keyMask.ts';
import type { Recorder } from '../core/ports.ts';
import { textHash } from '../store/textHash.ts';

const notSaved: CallError = {
  kind: 'io',
  message: 'The session could not be saved, so nothing was written.',
};

const holdsTheKey: CallError = {
  kind: 'refused',
  message:
    'The file can only be written in its place, and its text or the new one holds the API key, which is kept nowhere: a ' +
    'program that dies meanwhile could not be made good. Nothing was written.',
};

/** `sessionOf`: undefined for a session that is not open. `keyInUse`: a text that holds it is not kept. */
export function createFileMemory(
  sessionOf: (id: SessionId) => Recorder | undefined,
  files: Pick<Files, 'traits'>,
  keyInUse: () => string | undefined,
): FileMemory {
  return {
    lastSeen: (sessionId, agentId, path) =>
      agentId === undefined
        ? undefined
        : sessionOf(sessionId)?.state.agents.get(agentId)?.seenFiles.get(path),
    async intend(sessionId, callId, edit, textBefore) {
      const session = sessionOf(sessionId);
      const like = session && lastTextBefore(session.state, edit.movedFrom ?? edit.path);
      const kept = textBefore !== undefined && { text: textBefore, ...(like !== undefined && { like }) };
      const whole = await withTraits(edit, files);
      await session?.record({ type: 'edit.intended', callId, edit: whole }, 'durable', kept ? [kept] : []);
      return session && !session.refusesIntents ? undefined : notSaved;
    },
    async writesInPlace(sessionId, callId, { before, after }) {
      const forms = keyForms(keyInUse());
      if (holdsKey(before, forms) || holdsKey(after, forms)) return holdsTheKey;
      const session = sessionOf(sessionId);
      const kept = { text: after, like: textHash(before) };
      await session?.record({ type: 'edit.inPlace', callId }, 'durable', [kept]);
      return session && !session.refusesIntents ? undefined : notSaved;
    },
  };
}

/** A file that is deleted and then restored is made anew, and gets them back. */
async function withTraits(edit: IntendedEdit, files: Pick<Files, 'traits'>): Promise<IntendedEdit> {
  const { path, before, movedFrom } = edit;
  if (before === null && movedFrom === undefined) return edit;
  const traits = await files.traits(movedFrom ?? path);
  return traits ? { ...edit, traits } : edit;
}
