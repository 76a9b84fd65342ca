/** Finds what steers git and the editor in a workspace folder, so that no confined command writes there. */
import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { protectedNames } from '../../core/protectedNames.ts';
import { gitFolderOf, gitFoldersListedBy } from './gitPointers.ts';

const workspaceFile = /\.code-workspace$/i;

// Below these nothing is opened as a repository or a workspace, and there are very many folders.
const unsearched: ReadonlySet<string> = new Set(['node_modules']);

/** Folders that are looked into, nearest first. */
const mostFolders = 20_000;

export interface ProtectedPlaces {
  /** Folders and files that exist, at any depth, with the git folders that they point to. */
  readonly present: readonly string[];
  /** Places directly in the folder that do not exist yet. */
  readonly absent: readonly string[];
  /** Places that are symbolic links: a command could replace the link itself. */
  readonly links: readonly string[];
  /** Names of the workspace files directly in the folder. */
  readonly workspaceFiles: readonly string[];
  /** More folders than were looked into. */
  readonly isCut: boolean;
}

/**
 * Looks at once, breadth first. Below the folder itself only what exists is protected, nothing in `node_modules`, and beyond
 * `most` folders only what git itself lists as worktrees and submodules.
 */
export function protectedPlaces(root: string, most = mostFolders): ProtectedPlaces {
  const present = new Set<string>();
  const links: string[] = [];
  const folders = [root];
  let looked = 0;
  for (; looked < folders.length && looked < most; looked += 1) {
    const folder = folders[looked] ?? root;
    for (const entry of entriesOf(folder)) {
      const place = path.join(folder, entry.name);
      if (isProtected(entry.name)) {
        if (entry.isSymbolicLink()) links.push(place);
        present.add(place);
      } else if (entry.isDirectory() && !unsearched.has(entry.name)) folders.push(place);
    }
  }
  const isCut = looked < folders.length;
  for (const place of [...present]) {
    if (path.basename(place).toLowerCase() !== '.git') continue;
    for (const pointedTo of [gitFolderOf(place), ...(isCut ? gitFoldersListedBy(place) : [])])
      if (pointedTo !== undefined) present.add(pointedTo);
  }
  const own = [...protectedNames].map((name) => path.join(root, name));
  return {
    present: [...present],
    absent: own.filter((place) => !present.has(place)),
    links,
    workspaceFiles: workspaceFilesIn(root),
    isCut,
  };
}

/** Names of the workspace files directly in a folder. */
export function workspaceFilesIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .map(({ name }) => name)
    .filter((name) => workspaceFile.test(name));
}

function isProtected(name: string): boolean {
  return protectedNames.has(name.toLowerCase()) || workspaceFile.test(name);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
