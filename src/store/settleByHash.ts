/** Tells from a file's hash what became of an edit whose host died while it ran. */
import type { CallOutput, IntendedEdit, Outcome } from '../core/calls.ts';

/**
 * `succeeded`: it happened, with that outcome. `notHappened`: it can be queued again, without a risk of doing it twice.
 * `unknown`: the file is neither as it was nor as it was to be.
 */
export type SettledEdit =
  | { readonly kind: 'succeeded'; readonly outcome: Extract<Outcome, { status: 'succeeded' }> }
  | { readonly kind: 'notHappened' }
  | { readonly kind: 'unknown' };

/** The `textHash` of a file now, of one that is no text of its bytes; null where there is none, undefined where it can't be read. */
export type FoundHash = string | null | undefined;

/**
 * `edit` is what the call had journalled before its write; undefined where it had not come so far, and then only a tool
 * that journals its edits has surely written nothing. `from` is what is found where a moved file came from.
 */
export function settleByHash(
  edit: IntendedEdit | undefined,
  found: FoundHash,
  from?: FoundHash,
): SettledEdit {
  if (edit === undefined) return { kind: 'notHappened' };
  const { before, after, movedFrom } = edit;
  const isMove = movedFrom !== undefined;
  if (found === after && (!isMove || from === null))
    return { kind: 'succeeded', outcome: editSucceeded(edit) };
  return { kind: found === before && (!isMove || from === after) ? 'notHappened' : 'unknown' };
}

/** The outcome of an edit that happened as it was intended. */
export function editSucceeded(edit: IntendedEdit): Extract<Outcome, { status: 'succeeded' }> {
  return { status: 'succeeded', output: editOutput(edit) };
}

function editOutput({ path, after, movedFrom, text, bytes }: IntendedEdit): CallOutput {
  if (movedFrom !== undefined) return { text, bytes, gone: { path: movedFrom, movedTo: path } };
  if (after === null) return { text, bytes, gone: { path } };
  return { text, bytes, seen: { path, hash: after } };
}
