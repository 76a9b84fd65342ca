/** Where instructions are looked for: which files of a folder, and in which folders. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { isInside } from '../safety/containment.ts';
import { foldersUp, foldersUpToTop } from '../safety/repositoryTop.ts';

type NamingFiles = Pick<Files, 'canonical' | 'names'>;

/** In the order in which they are given. */
const fileNames = ['AGENTS.md', 'CLAUDE.md', 'CLAUDE.local.md'];
const inSubfolders = [
  ['.claude', 'CLAUDE.md'],
  ['.github', 'copilot-instructions.md'],
] as const;

/** The folders of a place, all canonical. */
export interface InstructionFolders {
  /** The working directory and those above it, nearest first. */
  readonly nearestFirst: readonly string[];
  /** Nothing outside of these is read: the workspace's folders, and the repository that the working directory is in. */
  readonly within: readonly string[];
}

/** Goes up to the top of the repository or of the workspace folder, whichever is higher. */
export async function instructionFolders(
  { cwd, roots }: Place,
  files: NamingFiles,
): Promise<InstructionFolders> {
  const start = await files.canonical(cwd);
  const within: string[] = [];
  for (const root of roots) within.push(await files.canonical(root));
  const top = (await foldersUpToTop(start, files)).at(-1);
  if (top !== undefined) within.push(top);
  const above = foldersUp(start);
  const highest = above.findLastIndex((folder) => within.includes(folder));
  return { nearestFirst: above.slice(0, Math.max(highest, 0) + 1), within };
}

/** The files of instructions that are in a folder, absolute, in whatever case their names are written. */
export async function instructionsIn(
  folder: string,
  files: Pick<Files, 'names'>,
): Promise<readonly string[]> {
  const names = await files.names(folder);
  const found = fileNames.flatMap((name) => namesLike(name, names)).map((name) => path.join(folder, name));
  for (const [subfolder, name] of inSubfolders) {
    if (!names.includes(subfolder)) continue;
    const inside = await files.names(path.join(folder, subfolder));
    found.push(...namesLike(name, inside).map((like) => path.join(folder, subfolder, like)));
  }
  return found;
}

/** The name itself, else those that differ in case. */
function namesLike(name: string, names: readonly string[]): readonly string[] {
  if (names.includes(name)) return [name];
  return names.filter((candidate) => candidate.toLowerCase() === name.toLowerCase());
}

export function isWithin(file: string, { within }: InstructionFolders): boolean {
  return within.some((folder) => isInside(folder, file));
}
