/** What a person who approves an edit is told of it: the files that it is bound to, and the texts that it would leave. */
import type { BoundFile, CallError, Proposal, ProposedEdit } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { contentHash } from './contentHash.ts';
import type { TextChange } from './writeText.ts';

interface BindingPorts {
  readonly files: Pick<Files, 'canonical' | 'names' | 'readText' | 'bytesHash'>;
  readonly stateDir: string;
}

/** The files as they are now; those that can't be read, or may not be written, are left out: their edit fails anyway. */
export async function boundFiles(
  named: readonly string[],
  place: Place,
  ports: BindingPorts,
): Promise<readonly BoundFile[]> {
  const { signal } = new AbortController();
  const bound: BoundFile[] = [];
  for (const name of named) {
    const resolved = await resolveWritable(name, place, ports);
    if (!resolved.ok) continue;
    const hash = await contentHash(resolved.path, ports.files, signal);
    if (hash !== undefined) bound.push({ path: resolved.path, hash });
  }
  return bound;
}

/** A change that was computed, or why it can't be. */
export type Planned<Change> =
  { readonly ok: true; readonly change: Change } | { readonly ok: false; readonly error: CallError };

export function proposalOf(planned: Planned<TextChange>): Proposal {
  if (!planned.ok) return planned;
  const { path, before, after } = planned.change;
  return { ok: true, edits: [{ path, before, after }] };
}

export function proposal(...edits: readonly ProposedEdit[]): Proposal {
  return { ok: true, edits };
}
