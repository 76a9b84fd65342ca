/** Runs batch files: the CodeLens above one, and the command. */
import * as vscode from 'vscode';
import { batchFileGlob, commands } from '../contributions.ts';
import type { BatchFile } from '../formats/batchFile.ts';
import { batchPlaces } from '../formats/batchPlaces.ts';
import { batchEnd } from '../views/batchEndText.ts';
import { isBatchFile } from './batchDiagnostics.ts';
import type { BatchDiagnostics } from './batchDiagnostics.ts';
import { registerCallLenses } from './callLenses.ts';
import { registerCommands, tell } from './commands.ts';
import { tellProblems } from './fileProblems.ts';
import { fileWorkplace } from './fileWorkplace.ts';
import type { Host } from './host.ts';
import { pickItem } from './pickItem.ts';
import { callOfRow } from './rowTargets.ts';
import type { CallInSession } from './rowTargets.ts';
import { registerRunLens } from './runLens.ts';
import type { SessionTree } from './tree.ts';
import { mayWork, pathOf, uriOf } from './workplace.ts';

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
    registerCallLenses(host),
    registerCommands(host.log, {
      [commands.runBatch]: async (asked) => {
        if (!mayWork(host.log, 'A batch file')) return undefined;
        const uri = await batchUri(asked);
        return uri && runBatch(host, tree, diagnostics, uri);
      },
      [commands.runCall]: async (uri, callId) => {
        if (!mayWork(host.log, 'A batch file')) return undefined;
        return uri instanceof vscode.Uri && typeof callId === 'string'
          ? runBatch(host, tree, diagnostics, uri, callId)
          : undefined;
      },
      [commands.showInFile]: async (rowId) => {
        const found = callOfRow(host.runtime, rowId);
        if (found) await showInFile(host, found);
      },
    }),
  );
}

/** All calls of the file, or one of them without those that it comes after. */
async function runBatch(
  host: Host,
  tree: SessionTree,
  diagnostics: BatchDiagnostics,
  uri: vscode.Uri,
  callId?: string,
): Promise<{ sessionId: string } | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  const parsed = await diagnostics.check(document);
  if (!parsed.ok) {
    tellProblems(host.log, document, parsed.problems);
    return undefined;
  }
  const { batch } = parsed;
  const runtime = await host.runtime.get();
  const { sessionId, settled } = await runtime.runBatch({
    ...fileWorkplace(uri, batch.cwd),
    batch: callId === undefined ? batch : withoutOthers(batch, callId),
    file: pathOf(uri),
    permission: host.settings.permission(),
  });
  void settled.then(() => tellEnd(host, sessionId)); // It never rejects.
  await tree.reveal(sessionId);
  return { sessionId };
}

function withoutOthers({ calls, ...batch }: BatchFile, callId: string): BatchFile {
  return {
    ...batch,
    calls: calls.filter(({ id }) => id === callId).map(({ after: _after, ...call }) => call),
  };
}

function tellEnd({ runtime, log }: Host, sessionId: string): void {
  const state = runtime.session(sessionId);
  const end = state && batchEnd(state);
  if (!end) return;
  tell(log, vscode.window.showWarningMessage, end.message, {
    'Show First Failure': () => vscode.commands.executeCommand(commands.openResult, end.rowId),
  });
}

/** Selects the call in its file, as that is now. */
async function showInFile({ log }: Host, { state, call }: CallInSession): Promise<void> {
  const source = state.batches.get(call.batchId)?.source;
  if (source?.kind !== 'file') return;
  const document = await vscode.workspace.openTextDocument(uriOf(source.file));
  const place = batchPlaces(document.getText()).find(({ id }) => id === call.id);
  const editor = await vscode.window.showTextDocument(document);
  if (!place)
    return tell(log, vscode.window.showInformationMessage, `“${call.id}” is not in this file any more.`, {});
  const range = new vscode.Range(
    document.positionAt(place.offset),
    document.positionAt(place.offset + place.length),
  );
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
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
