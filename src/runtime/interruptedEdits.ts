/** Settles the edits that a dead host left under way, by the hash of the file: they happened, or they did not. */
import type { CallId, CallState } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import type { Files } from '../core/ports.ts';
import type { Call, SessionState } from '../core/states.ts';
import { settleByHash } from '../store/settleByHash.ts';
import { textHash } from '../store/textHash.ts';
import { isEditTool, maxEditedBytes } from '../tools/writeText.ts';

export interface EditEndings {
  /** In order; a call that did not happen is queued again. */
  readonly events: readonly EventBody[];
  /** The calls that they settle; every other running call is left as it is. */
  readonly callIds: ReadonlySet<CallId>;
}

/** What the files say of the edits that were running when the session's host died. Never rejects. */
export async function editEndings(state: SessionState, files: Pick<Files, 'readText'>): Promise<EditEndings> {
  const events: EventBody[] = [];
  const callIds = new Set<CallId>();
  for (const call of state.calls.values()) {
    if (call.state.status !== 'running' || !isEditTool(call.tool)) continue;
    const endings = await endingsOf(call, call.state, state.lastAt, files);
    events.push(...endings);
    if (endings.length > 0) callIds.add(call.id);
  }
  return { events, callIds };
}

async function endingsOf(
  { id: callId, intendedEdit }: Call,
  { startedAt, attempt }: Extract<CallState, { status: 'running' }>,
  lastAt: number,
  files: Pick<Files, 'readText'>,
): Promise<readonly EventBody[]> {
  const found = intendedEdit && (await hashOf(intendedEdit.path, files));
  const settled = settleByHash(intendedEdit, found);
  const times = { startedAt, durationMs: Math.max(0, lastAt - startedAt), attempts: attempt };
  switch (settled.kind) {
    case 'succeeded':
      return [{ type: 'call.settled', callId, outcome: settled.outcome, times }];
    case 'notHappened':
      return [
        { type: 'call.settled', callId, outcome: didNotHappen, times },
        { type: 'call.requeued', callId },
      ];
    case 'unknown':
      return [];
  }
}

const didNotHappen = {
  status: 'interrupted',
  error: {
    kind: 'hostExit',
    message:
      'The program that ran this call ended before the file was written. The file is as it was before.',
  },
} as const;

/** Null where there is no file; undefined where it can't be read. */
async function hashOf(file: string, files: Pick<Files, 'readText'>): Promise<string | null | undefined> {
  const read = await files
    .readText(file, maxEditedBytes, new AbortController().signal)
    .catch(() => undefined);
  if (read?.ok) return textHash(read.text);
  return read?.error.kind === 'notFound' ? null : undefined;
}
