/** Creates batch and agents files to begin with. */
import * as vscode from 'vscode';
import { agentsFileEnding, batchFileEnding, commands } from '../contributions.ts';
import { newAgentsText, newBatchText } from '../formats/newFileTexts.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import { chooseFolder } from './workplace.ts';

export function registerNewFiles({ log }: Host): vscode.Disposable {
  return registerCommands(log, {
    [commands.newBatchFile]: async () => {
      const folder = await chooseFolder(log, 'A batch file');
      return folder && createFile(folder.uri, batchFileEnding, newBatchText);
    },
    [commands.newAgentsFile]: async () => {
      const folder = await chooseFolder(log, 'An agents file');
      return folder && createFile(folder.uri, agentsFileEnding, newAgentsText);
    },
  });
}

/** Writes the file under a name that is free in the folder, and shows it. */
async function createFile(folder: vscode.Uri, ending: string, text: string): Promise<vscode.Uri> {
  const uri = await freeName(folder, ending);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  return uri;
}

async function freeName(folder: vscode.Uri, ending: string): Promise<vscode.Uri> {
  for (let count = 1; ; count += 1) {
    const uri = vscode.Uri.joinPath(folder, `${count === 1 ? 'new' : `new-${count}`}${ending}`);
    const isTaken = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!isTaken) return uri;
  }
}
