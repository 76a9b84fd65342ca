/** The folder that work may happen in, or a message that says why there is none and what to do. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Workplace } from '../runtime/runtime.ts';
import type { Log } from '../core/ports.ts';
import { virtualAddress, virtualPath } from '../core/virtualPath.ts';
import { tell } from './commands.ts';
import { pickItem } from './pickItem.ts';

const runCommand = (command: string) => () => vscode.commands.executeCommand(command);

/** Where work happens in a folder of the trusted workspace; undefined after a refusal. */
export async function chooseWorkplace(log: Log, what: string): Promise<Workplace | undefined> {
  const folder = await chooseFolder(log, what);
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folder && { cwd: pathOf(folder.uri), roots: folders.map(({ uri }) => pathOf(uri)) };
}

/** A folder of the trusted workspace, the person's choice where there are several; undefined after a refusal. */
export async function chooseFolder(log: Log, what: string): Promise<vscode.WorkspaceFolder | undefined> {
  if (!mayWork(log, what)) return undefined;
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    tell(log, vscode.window.showInformationMessage, `${what} works in a folder. Open a folder first.`, {
      'Open Folder': runCommand('vscode.openFolder'),
      'Run Demo': runCommand(commands.runDemo),
    });
    return undefined;
  }
  return folders.length === 1 ? folders[0] : pickFolder(folders, what);
}

/** False, after a message, in a workspace that is not trusted. */
export function mayWork(log: Log, what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const message = `${what} does not run here: this workspace is in Restricted Mode, and files in it could steer what runs. Trust it first.`;
  tell(log, vscode.window.showWarningMessage, message, {
    'Manage Workspace Trust': runCommand('workbench.trust.manage'),
    'Run Demo': runCommand(commands.runDemo),
  });
  return false;
}

/** The path under which tools know a file or a folder, also one of a virtual workspace. */
export function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : virtualPath(uri);
}

/** The address of a file that tools know under a path. */
export function uriOf(path: string): vscode.Uri {
  const address = virtualAddress(path);
  return address ? vscode.Uri.from(address) : vscode.Uri.file(path);
}

/** Whether a path is a folder's, or below it. */
export function isInside(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** The workspace folders on a disk: those that are written to, and that commands run in. */
export function foldersOnDisk(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

async function pickFolder(
  folders: readonly vscode.WorkspaceFolder[],
  what: string,
): Promise<vscode.WorkspaceFolder | undefined> {
  const items = folders.map((folder) =>
    pickItem({
      label: folder.name,
      description: folder.uri.scheme === 'file' ? folder.uri.fsPath : folder.uri.toString(),
      folder,
    }),
  );
  const placeHolder = `${what} starts in which folder?`;
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.folder;
}

/** A session belongs to the window that has its folder; another would take it away from that one. */
export function isOfThisWindow(cwd: string): boolean {
  const folders = foldersOnDisk().map(({ uri }) => uri.fsPath);
  // An empty window has at most what the demo made.
  const homes = folders.length > 0 ? folders : [tmpdir()];
  return homes.some((folder) => isInside(cwd, folder));
}
