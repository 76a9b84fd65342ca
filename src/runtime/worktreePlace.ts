/** Where in a new worktree its agent works: in the part that its parent sees of the repository. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { isInside } from '../safety/containment.ts';

export interface WorktreePlace {
  /** The agent's only root. */
  readonly root: string;
  readonly cwd: string;
}

/** `repository` is the top of the parent's working tree, `top` that of the worktree. */
export async function placeIn(
  top: string,
  repository: string,
  parent: Place,
  files: Pick<Files, 'canonical'>,
): Promise<WorktreePlace> {
  const cwd = await files.canonical(parent.cwd);
  const canonicalTop = await files.canonical(repository);
  const roots: string[] = [];
  for (const root of parent.roots) roots.push(await files.canonical(root));
  const isWhole = roots.some((root) => isInside(root, canonicalTop));
  // Where the workspace is a part of the repository, the agent gets that part, as its parent has it.
  const part = isWhole
    ? undefined
    : roots.find((root) => isInside(canonicalTop, root) && isInside(root, cwd));
  const moved = (folder: string): string => path.join(top, path.relative(canonicalTop, folder));
  return { root: part === undefined ? top : moved(part), cwd: moved(cwd) };
}
