/** Where the work of a file happens. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Workplace } from '../runtime/runtime.ts';
import { isInside, pathOf } from './workplace.ts';

/**
 * The file's folder, or the one that it names, which has to lie in the workspace; a file from elsewhere has its own folder as
 * its root. Throws with a message for a person.
 */
export function fileWorkplace(uri: vscode.Uri, named: string | undefined): Workplace {
  const file = pathOf(uri);
  const folder = path.dirname(file);
  const cwd = path.resolve(folder, named ?? '.');
  const open = (vscode.workspace.workspaceFolders ?? []).map((root) => pathOf(root.uri));
  const roots = open.some((root) => isInside(folder, root)) ? open : [folder];
  if (roots.some((root) => isInside(cwd, root))) return { cwd, roots };
  const name = path.basename(file);
  throw new Error(`"cwd" of ${name} is ${cwd}, which is outside of the workspace. Nothing was run.`);
}
