/** Keeps writes away from what steers the editor, git and AllSettled itself. */
import path from 'node:path';
import { protectedNames } from '../core/protectedNames.ts';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { gitFolderAround } from './gitFolders.ts';
import { isInside, resolveInside, type Resolved } from './containment.ts';
import { isEditorSettings, plainName, type LookingFiles } from './settingsPlaces.ts';

/** Where in the state folder the worktrees are. */
export const worktreesFolder = 'worktrees';

/** A path that may be written, and the innermost of the roots that hold it; both are canonical. */
export type Writable =
  | { readonly ok: true; readonly path: string; readonly root: string }
  | Extract<Resolved, { readonly ok: false }>;

export interface WritingPorts {
  readonly files: LookingFiles;
  /** Absolute; protected. */
  readonly stateDir: string;
}

/** A file that holds settings of a workspace. */
const workspaceFile = /\.code-workspace$/;

/**
 * The canonical path of a file that may be written: inside a root, and not protected. Of the state folder only the roots
 * that lie in it may be written to: they are worktrees of our own. Never rejects.
 */
export async function resolveWritable(
  named: string,
  place: Place,
  { files, stateDir }: WritingPorts,
): Promise<Writable> {
  const resolved = await resolveInside(named, place, files);
  if (!resolved.ok) return resolved;
  const state = await canonicalOr(stateDir, files);
  const holders: string[] = [];
  for (const root of place.roots) holders.push(await canonicalOr(root, files));
  const around = holders.filter((root) => isInside(root, resolved.path));
  const outsideState = around.filter(
    (root) => !isInsideFolded(state, resolved.path) || isBelow(path.join(state, worktreesFolder), root),
  );
  if (outsideState.length === 0) return refused(named, 'AllSettled keeps its sessions there');
  // A root that is inside another one must not lend its own way there: every root that holds the file has a say.
  const name =
    around.map((root) => protectedSegment(root, resolved.path)).find((found) => found !== undefined) ??
    (await settingsFile(resolved.path, around, files)) ??
    (await gitFolderAround(resolved.path, around, files));
  if (name === undefined) return { ...resolved, root: innermost(around) };
  return refused(named, `${name} steers git or the editor, and could be made to run programs`);
}

// Many file systems take names for the same that differ in case or in how letters are put together.
function isInsideFolded(root: string, file: string): boolean {
  const folded = (each: string): string => each.normalize('NFC').toLowerCase();
  return isInside(folded(root), folded(file));
}

function isBelow(folder: string, file: string): boolean {
  return file !== folder && isInside(folder, file);
}

function protectedSegment(root: string, file: string): string | undefined {
  return path
    .relative(root, file)
    .split(/[\\/]/)
    .find((segment) => protectedNames.has(shortNameless(segment)));
}

async function settingsFile(
  file: string,
  roots: readonly string[],
  files: LookingFiles,
): Promise<string | undefined> {
  const name = path.basename(file);
  return workspaceFile.test(plainName(name)) || (await isEditorSettings(file, roots, files))
    ? name
    : undefined;
}

function innermost(roots: readonly string[]): string {
  return roots.reduce((longest, root) => (root.length > longest.length ? root : longest), '');
}

// Windows has short names for folders, too.
function shortNameless(segment: string): string {
  return plainName(segment)
    .replace(/^git~\d+$/, '.git')
    .replace(/^vscode~\d+$/, '.vscode');
}

async function canonicalOr(folder: string, files: Pick<Files, 'canonical'>): Promise<string> {
  return files.canonical(folder).catch(() => folder);
}

function refused(named: string, why: string): Writable {
  const message = `${named} is protected: ${why}. No tool writes there; a person can.`;
  return { ok: false, error: { kind: 'refused', message } };
}
