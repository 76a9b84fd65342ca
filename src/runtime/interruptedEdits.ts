/** Settles the edits that a dead host left under way, by the hash of the file: they happened, or they did not. */
import path from 'node:path';
import { timesOfLeft, type CallId, type CallState, type IntendedEdit } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import type { Files } from '../core/filePorts.ts';
import type { Call, SessionState } from '../core/states.ts';
import { removeTemporaries } from '../store/leftTemporaries.ts';
import { settleByHash } from '../store/settleByHash.ts';
import { contentHash } from '../tools/contentHash.ts';
import { isEditTool } from '../tools/writeText.ts';
import type { LeftEndings } from './leftovers.ts';
import { notHappened } from './notHappened.ts';

type HashedFiles = Pick<Files, 'readText' | 'bytesHash' | 'traits'>;

/** What the files say of the edits that were running when the session's host died. Never rejects. */
export async function editEndings(state: SessionState, files: HashedFiles): Promise<LeftEndings> {
  const events: EventBody[] = [];
  const callIds = new Set<CallId>();
  for (const call of state.calls.values()) {
    if (call.state.status !== 'running' || call.isEditMasked || !isEditTool(call.tool)) continue;
    const endings = await endingsOf(call, call.state, files);
    events.push(...endings);
    if (endings.length > 0) callIds.add(call.id);
  }
  return { events, callIds };
}

/** Removes what the writes of a dead host left beside their files. Never rejects. */
export async function removeHalfWritten({ calls, host }: SessionState, ownPid: number): Promise<void> {
  // What bears our own number may be under way in another session.
  if (host.pid === ownPid) return;
  for (const { intendedEdit, state } of calls.values())
    if (intendedEdit && state.status === 'running')
      await removeTemporaries(path.dirname(intendedEdit.path), host.pid);
}

async function endingsOf(
  { id: callId, intendedEdit, isInPlace }: Call,
  running: Extract<CallState, { status: 'running' }>,
  files: HashedFiles,
): Promise<readonly EventBody[]> {
  const found = intendedEdit && (await hashOf(intendedEdit.path, files));
  const from =
    intendedEdit?.movedFrom !== undefined ? await hashOf(intendedEdit.movedFrom, files) : undefined;
  const settled = (await lacksMark(intendedEdit, files))
    ? ({ kind: 'notHappened' } as const)
    : settleByHash(intendedEdit, found, from);
  switch (settled.kind) {
    case 'succeeded': {
      const times = timesOfLeft(running);
      return [{ type: 'call.settled', callId, outcome: settled.outcome, times }];
    }
    case 'notHappened':
      return notHappened(callId, running, didNotHappen);
    case 'unknown':
      return isInPlace ? [inParts(callId, running)] : [];
  }
}

/** Named, because the file can hold a part of each text; one that surely does was restored before. */
function inParts(callId: CallId, running: Extract<CallState, { status: 'running' }>): EventBody {
  const message =
    'The program that ran this call ended while it wrote into the file, which holds neither the old text nor the new one: ' +
    'it may hold parts of both. Read it before you change it. The old text is kept with the session.';
  const error = { kind: 'hostExit', message } as const;
  return {
    type: 'call.settled',
    callId,
    outcome: { status: 'interrupted', error },
    times: timesOfLeft(running),
  };
}

const didNotHappen =
  'The program that ran this call ended before it changed the file. The file is as it was before.';

/** True if an edit that gives its file a mark, and changes no text, has not done so. */
async function lacksMark(edit: IntendedEdit | undefined, files: HashedFiles): Promise<boolean> {
  return edit !== undefined && edit.before === edit.after && !(await files.traits(edit.path))?.hasMark;
}

async function hashOf(file: string, files: HashedFiles): Promise<string | null | undefined> {
  return contentHash(file, files, new AbortController().signal).catch(() => undefined);
}
