/** Runs batch files: the CodeLens above one, and the command. */
import * as vscode from 'vscode';
import { batchFileGlob, commands } from '../contributions.ts';
import { isBatchFile } from './batchDiagnostics.ts';
import type { BatchDiagnostics } from './batchDiagnostics.ts';
import { registerCommands } from './commands.ts';
import { tellProblems } from './fileProblems.ts';
import { fileWorkplace } from './fileWorkplace.ts';
import type { Host } from './host.ts';
import { pickItem } from './pickItem.ts';
import { registerRunLens } from './runLens.ts';
import type { SessionTree } from './tree.ts';
import { mayWork, pathOf } from './workplace.ts';

export function registerBatchFiles(
  host: Host,
  tree: SessionTree,
  diagnostics: BatchDiagnostics,
): vscode.Disposable {
  const lens = {
    title: 'Run batch',
    tooltip: 'Runs every call of this file; each keeps its own result',
    command: commands.runBatch,
  };
  return vscode.Disposable.from(
    registerRunLens(batchFileGlob, () => lens),
    registerCommands(host.log, {
      [commands.runBatch]: async (asked) => {
        if (!mayWork(host.log, 'A batch file')) return undefined;
        const uri = await batchUri(asked);
        return uri && runBatch(host, tree, diagnostics, uri);
      },
    }),
  );
}

async function runBatch(
  host: Host,
  tree: SessionTree,
  diagnostics: BatchDiagnostics,
  uri: vscode.Uri,
): Promise<{ sessionId: string } | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  const parsed = await diagnostics.check(document);
  if (!parsed.ok) {
    tellProblems(host.log, document, parsed.problems);
    return undefined;
  }
  const { sessionId } = await (
    await host.runtime.get()
  ).runBatch({
    ...fileWorkplace(uri, parsed.batch.cwd),
    batch: parsed.batch,
    file: pathOf(uri),
    permission: host.settings.permission(),
  });
  await tree.reveal(sessionId);
  return { sessionId };
}

/** The file that was asked for, or that is being edited, or that the person picks. */
async function batchUri(asked: unknown): Promise<vscode.Uri | undefined> {
  if (asked instanceof vscode.Uri) return asked;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && isBatchFile(active)) return active;
  const files = await vscode.workspace.findFiles(batchFileGlob, '**/node_modules/**', 500);
  const items: BatchItem[] = [
    ...files.map((uri) =>
      pickItem({ label: vscode.workspace.asRelativePath(uri), find: () => Promise.resolve([uri]) }),
    ),
    pickItem({ label: 'New Batch File', find: createBatchFile }, 'new-file'),
    pickItem({ label: 'Open Another File…', find: openBatchFile }, 'folder-opened'),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Run which batch file?' });
  return (await chosen?.find())?.[0];
}

type BatchItem = vscode.QuickPickItem & { find(): Promise<readonly vscode.Uri[] | undefined> };

/** What stands in a new file is an example: the person changes it first, so nothing is to be run. */
async function createBatchFile(): Promise<undefined> {
  await vscode.commands.executeCommand(commands.newBatchFile);
}

async function openBatchFile(): Promise<readonly vscode.Uri[] | undefined> {
  return vscode.window.showOpenDialog({ title: 'Run Batch File', filters: { 'Batch files': ['json'] } });
}
