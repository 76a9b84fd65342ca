/** Follows the files by which git says that a repository, a worktree or a submodule lies elsewhere. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** The git folder that a `.git` file names; undefined for a folder, and where nothing is there. Canonical. */
export function gitFolderOf(gitFile: string): string | undefined {
  const named = /^gitdir: (.+)$/m.exec(textOf(gitFile))?.[1];
  return named === undefined ? undefined : existing(path.resolve(path.dirname(gitFile), named.trim()));
}

/** The `.git` of each worktree and submodule that a `.git` folder lists, if it exists. */
export function gitFoldersListedBy(gitFolder: string): readonly string[] {
  return [...worktreesOf(gitFolder), ...submodulesOf(gitFolder)].flatMap((place) => existing(place) ?? []);
}

function worktreesOf(gitFolder: string): readonly string[] {
  const folder = path.join(gitFolder, 'worktrees');
  return namesIn(folder).map((name) =>
    path.resolve(folder, name, textOf(path.join(folder, name, 'gitdir')).trim()),
  );
}

/** Submodules have submodules. */
function submodulesOf(gitFolder: string): readonly string[] {
  return modulesIn(path.join(gitFolder, 'modules'));
}

/** The name of a submodule can hold slashes, so its git folder can be further down. */
function modulesIn(folder: string): readonly string[] {
  return namesIn(folder).flatMap((name) => {
    const module = path.join(folder, name);
    return existsSync(path.join(module, 'HEAD')) ? submodule(module) : modulesIn(module);
  });
}

function submodule(gitFolder: string): readonly string[] {
  const worktree = /^\s*worktree\s*=\s*(.+)$/m.exec(textOf(path.join(gitFolder, 'config')))?.[1];
  const own = worktree === undefined ? [] : [path.resolve(gitFolder, worktree.trim(), '.git')];
  return [...own, ...submodulesOf(gitFolder)];
}

function existing(place: string): string | undefined {
  try {
    return realpathSync(place);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
