/** Keeps writes away from what steers the editor, git and AllSettled itself. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { isInside, resolveInside, type Resolved } from './containment.ts';

/** Where in the state folder the worktrees are. */
export const worktreesFolder = 'worktrees';

/** Folders that nothing writes to, wherever they are and even where they don't exist yet. */
const protectedNames: ReadonlySet<string> = new Set(['.git', '.vscode']);

/**
 * Files that hold settings of an editor: of a workspace, and of the user, whose settings say what agents may do. Forks have names
 * of their own, so where programs keep their settings any of them may be one.
 */
const workspaceFile = /\.code-workspace$/;
const userSettings =
  /[\\/](?:(?:\.config|application support|roaming)[\\/][^\\/]+|[^\\/]*(?:code|vscod|cursor|windsurf)[^\\/]*|data)[\\/](?:user|machine)[\\/](?:profiles[\\/][^\\/]+[\\/])?[^\\/]+\.json$/;

/**
 * The canonical path of a file that may be written: inside a root, and not protected. Of the state folder only the roots
 * that lie in it may be written to: they are worktrees of our own. Never rejects.
 */
export async function resolveWritable(
  named: string,
  place: Place,
  { files, stateDir }: { readonly files: Pick<Files, 'canonical'>; readonly stateDir: string },
): Promise<Resolved> {
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
    settingsFile(resolved.path);
  if (name === undefined) return resolved;
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
    .find((segment) => protectedNames.has(plainName(segment)));
}

function settingsFile(file: string): string | undefined {
  const plain = file.split(/[\\/]/).map(plainName).join('/');
  return workspaceFile.test(plain) || userSettings.test(plain) ? path.basename(file) : undefined;
}

// What a file system may take for the same name: another case, full-width letters, trailing dots, characters without a width.
function plainName(segment: string): string {
  return segment
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/(?::.*|[. ]+)$/s, '')
    .replace(/^git~\d+$/, '.git')
    .replace(/^vscode~\d+$/, '.vscode');
}

async function canonicalOr(folder: string, files: Pick<Files, 'canonical'>): Promise<string> {
  return files.canonical(folder).catch(() => folder);
}

function refused(named: string, why: string): Resolved {
  const message = `${named} is protected: ${why}. No tool writes there; a person can.`;
  return { ok: false, error: { kind: 'refused', message } };
}
