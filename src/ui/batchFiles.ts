/** Runs batch files: the CodeLens above one, and the command. */
import path from 'node:path';
import * as vscode from 'vscode';
import { batchFileGlob, commands } from '../contributions.ts';
import type { BatchFile } from '../formats/batchFile.ts';
import type { Workplace } from '../runtime/runtime.ts';
import { problemLine } from '../formats/fileProblem.ts';
import type { FileProblem } from '../formats/fileProblem.ts';
import { isBatchFile } from './batchDiagnostics.ts';
import type { BatchDiagnostics } from './batchDiagnostics.ts';
import { registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import type { SessionTree } from './tree.ts';
import { foldersOnDisk, mayWork } from './workplace.ts';

export function registerBatchFiles(
  host: Host,
  tree: SessionTree,
  diagnostics: BatchDiagnostics,
): vscode.Disposable {
  const lenses: vscode.CodeLensProvider = {
    provideCodeLenses: ({ uri }) => [
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
        title: '$(run-all) Run batch',
        tooltip: 'Runs every call of this file; each keeps its own result',
        command: commands.runBatch,
        arguments: [uri],
      }),
    ],
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider({ pattern: batchFileGlob }, lenses),
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
    tellProblems(host, document, parsed.problems);
    return undefined;
  }
  const { sessionId } = await (
    await host.runtime.get()
  ).runBatch({
    ...workplaceOf(uri, parsed.batch),
    batch: parsed.batch,
    file: uri.fsPath,
    permission: host.settings.permission(),
  });
  await tree.reveal(sessionId);
  return { sessionId };
}

/** The batch's folder, which has to lie in the workspace; a file from elsewhere has its own folder as its root. */
function workplaceOf(uri: vscode.Uri, batch: BatchFile): Workplace {
  const folder = path.dirname(uri.fsPath);
  const cwd = path.resolve(folder, batch.cwd ?? '.');
  const open = foldersOnDisk().map((root) => root.uri.fsPath);
  const roots = open.some((root) => isInside(folder, root)) ? open : [folder];
  if (!roots.some((root) => isInside(cwd, root)))
    throw new Error(`"cwd" of the batch file is ${cwd}, which is outside of the workspace. Nothing was run.`);
  return { cwd, roots };
}

function isInside(folder: string, root: string): boolean {
  const relative = path.relative(root, folder);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

/** The file that was asked for, or that is being edited, or that the person picks. */
async function batchUri(asked: unknown): Promise<vscode.Uri | undefined> {
  if (asked instanceof vscode.Uri) return asked;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && isBatchFile(active)) return active;
  const files = await vscode.workspace.findFiles(batchFileGlob, '**/node_modules/**', 500);
  if (files.length > 0) {
    const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Run which batch file?' }))?.uri;
  }
  const chosen = await vscode.window.showOpenDialog({
    title: 'Run Batch File',
    filters: { 'Batch files': ['json'] },
  });
  return chosen?.[0];
}

function tellProblems({ log }: Host, document: vscode.TextDocument, problems: readonly FileProblem[]): void {
  const name = path.basename(document.uri.fsPath);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const message = `${name} has ${count}; nothing was run. ${problems[0] ? problemLine(problems[0]) : ''}`;
  tell(log, vscode.window.showErrorMessage, message, {
    'Show Problems': async () => {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    },
  });
}
