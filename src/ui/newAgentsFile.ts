/** Creates an agents file to begin with. */
import * as vscode from 'vscode';
import { foldersOnDisk } from './workplace.ts';

const template = `{
  "version": 1,
  // Every answer is appended to this file the moment its task ends.
  "saveFile": "answers.txt",
  // 1 to 100 at the same time; 20 where absent.
  "maxConcurrency": 20,
  "permission": "read-only",
  "tasks": [
    { "note": "Overview", "prompt": "Describe in ten sentences what this workspace is for." },
    { "note": "Tests", "prompt": "Name the parts of this workspace that no test covers." }
  ]
}
`;

/** Writes the file under a name that is free in the first folder, and shows it. Undefined where no folder is open. */
export async function createAgentsFile(): Promise<vscode.Uri | undefined> {
  const [folder] = foldersOnDisk();
  if (!folder) return undefined;
  const uri = await freeName(folder.uri);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(template));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  return uri;
}

async function freeName(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let count = 1; ; count += 1) {
    const uri = vscode.Uri.joinPath(folder, `${count === 1 ? 'new' : `new-${count}`}.agents.json`);
    const present = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!present) return uri;
  }
}
