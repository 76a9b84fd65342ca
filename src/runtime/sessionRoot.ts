/** Finds the folder of a session that a file belongs to. */
import type { Files } from '../core/filePorts.ts';
import type { SessionState } from '../core/states.ts';
import { isInside } from '../safety/containment.ts';

/** A folder that a session's agents work in; `path` is canonical. */
export interface SessionRoot {
  readonly path: string;
  readonly kind: 'workspace folder' | 'worktree';
}

/** The innermost that holds the canonical path of a file; undefined where none does. Never rejects. */
export async function sessionRoot(
  { roots, agents }: Pick<SessionState, 'roots' | 'agents'>,
  file: string,
  files: Pick<Files, 'canonical'>,
): Promise<SessionRoot | undefined> {
  const worktrees = [...agents.values()].flatMap(({ worktree }) => worktree?.path ?? []);
  let innermost: SessionRoot | undefined;
  for (const each of [...roots, ...worktrees]) {
    const path = await files.canonical(each).catch(() => each);
    if (isInside(path, file) && path.length > (innermost?.path ?? '').length)
      innermost = { path, kind: worktrees.includes(each) ? 'worktree' : 'workspace folder' };
  }
  return innermost;
}
