/** The texts of a file before and after the edit of a call, for a person to compare. */
import type { CallId, EditedFile, Proposal, SideOfEdit } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { FileChange } from '../core/reverts.ts';
import type { SessionState } from '../core/states.ts';
import { textHash } from '../store/textHash.ts';
import { maxEditedBytes } from '../tools/contentHash.ts';

export interface EditTextsPorts {
  readonly files: Pick<Files, 'readText'>;
  /** A text that was kept; undefined if none of that hash was. */
  readonly keptText: (hash: string) => Promise<string | undefined>;
  /** Computes the edit of the call again, on that text. */
  readonly editOf: (before: string | undefined) => Promise<Proposal>;
}

/** One entry for each file that the last attempt of the call changed, a moved file under its new path. Rejects with the signal's reason alone. */
export async function editTexts(
  state: SessionState,
  callId: CallId,
  ports: EditTextsPorts,
  signal: AbortSignal,
): Promise<readonly EditedFile[]> {
  const changes = changesOf(state, callId);
  const edited: EditedFile[] = [];
  for (const change of changes) {
    const source = changes.find(({ movedTo }) => movedTo === change.path);
    if (change.movedTo !== undefined) continue;
    const before = await sideOf(source ? source.before : change.before, ports);
    // The hash of a moved file that is no text is that of its bytes; the text is the one from before.
    const known = source ? before : await afterOf(state, callId, change, before, ports);
    const isAsLeft = known.kind === 'text' && (await isInFile(change.path, known.text, ports, signal));
    const { path } = change;
    edited.push({ path, ...(source && { movedFrom: source.path }), before, after: known, isAsLeft });
  }
  return edited;
}

function changesOf({ fileChanges }: SessionState, callId: CallId): readonly FileChange[] {
  const changes = fileChanges.flatMap((change) =>
    change.by.kind === 'call' && change.by.callId === callId ? [{ change, attempt: change.by.attempt }] : [],
  );
  const last = Math.max(...changes.map(({ attempt }) => attempt));
  return changes.filter(({ attempt }) => attempt === last).map(({ change }) => change);
}

async function sideOf(hash: string | null, { keptText }: EditTextsPorts): Promise<SideOfEdit> {
  if (hash === null) return { kind: 'noFile' };
  const text = await keptText(hash);
  return text === undefined ? { kind: 'notKept', hash } : { kind: 'text', text };
}

/** Kept if a later edit began with it; else it stands in the file, or follows from the text before. */
async function afterOf(
  state: SessionState,
  callId: CallId,
  { path, after }: FileChange,
  before: SideOfEdit,
  ports: EditTextsPorts,
): Promise<SideOfEdit> {
  if (after === null) return { kind: 'noFile' };
  const hash = savedHash(state, callId, path) ?? after;
  const kept = await sideOf(hash, ports);
  if (kept.kind === 'text') return kept;
  const { signal } = new AbortController();
  const read = await ports.files.readText(path, maxEditedBytes, signal);
  if (read.ok && textHash(read.text) === hash) return { kind: 'text', text: read.text };
  if (before.kind === 'notKept') return kept;
  const proposal = await ports.editOf(before.kind === 'text' ? before.text : undefined);
  const text = proposal.ok ? proposal.edits.find((edit) => edit.path === path)?.after : undefined;
  return text !== undefined && textHash(text) === after ? { kind: 'text', text } : kept;
}

/** An editor may have formatted the text when it saved it. */
function savedHash({ calls }: SessionState, callId: CallId, path: string): string | undefined {
  const call = calls.get(callId)?.state;
  const seen = call?.status === 'succeeded' ? call.output.seen : undefined;
  return seen?.path === path ? seen.hash : undefined;
}

async function isInFile(
  path: string,
  text: string,
  { files }: EditTextsPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const read = await files.readText(path, maxEditedBytes, signal);
  return read.ok && read.text === text;
}
