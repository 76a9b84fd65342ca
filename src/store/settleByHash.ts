/** Tells from a file's hash what became of an edit whose host died while it ran. */
import type { IntendedEdit, Outcome } from '../core/calls.ts';

/**
 * `succeeded`: it happened, with that outcome. `notHappened`: it can be queued again, without a risk of doing it twice.
 * `unknown`: the file is neither as it was nor as it was to be.
 */
export type SettledEdit =
  | { readonly kind: 'succeeded'; readonly outcome: Extract<Outcome, { status: 'succeeded' }> }
  | { readonly kind: 'notHappened' }
  | { readonly kind: 'unknown' };

/**
 * `edit` is what the call had journalled before its write; undefined where it had not come so far, and then only a tool
 * that journals its edits has surely written nothing. `found` is the `textHash` of the file now, null where there is none,
 * undefined where it can't be read.
 */
export function settleByHash(edit: IntendedEdit | undefined, found: string | null | undefined): SettledEdit {
  if (edit === undefined) return { kind: 'notHappened' };
  if (found === edit.after) return { kind: 'succeeded', outcome: editSucceeded(edit) };
  return { kind: found === edit.before ? 'notHappened' : 'unknown' };
}

/** The outcome of an edit that happened as it was intended. */
export function editSucceeded({
  path,
  after,
  text,
  bytes,
}: IntendedEdit): Extract<Outcome, { status: 'succeeded' }> {
  return { status: 'succeeded', output: { text, bytes, seen: { path, hash: after } } };
}
