/** Shows every problem of an open batch file at its place. */
import * as vscode from 'vscode';
import type { FileProblem } from '../formats/fileProblem.ts';
import { parseBatchFile } from '../formats/parseBatchFile.ts';
import type { ParsedBatchFile } from '../formats/parseBatchFile.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';

/** Checks a batch file's document and shows its problems. */
export interface BatchDiagnostics extends vscode.Disposable {
  check(document: vscode.TextDocument): Promise<ParsedBatchFile>;
}

export function isBatchFile(uri: vscode.Uri): boolean {
  return uri.path.endsWith('.batch.json');
}

export function registerBatchDiagnostics({ runtime, clock, log }: Host): BatchDiagnostics {
  const collection = vscode.languages.createDiagnosticCollection('allsettled');
  const changed = new Set<vscode.TextDocument>();
  const check = async (document: vscode.TextDocument): Promise<ParsedBatchFile> => {
    const { catalog } = await runtime.get();
    const parsed = parseBatchFile(document.getText(), catalog);
    collection.set(
      document.uri,
      parsed.ok ? [] : parsed.problems.map((problem) => diagnostic(document, problem)),
    );
    return parsed;
  };
  const checkOpen = (document: vscode.TextDocument): void => {
    if (document.isClosed || !isBatchFile(document.uri)) return;
    check(document).catch((error: unknown) => log.error('A batch file can not be checked.', error));
  };
  const recheck = throttled(
    clock,
    () => {
      for (const document of changed) checkOpen(document);
      changed.clear();
    },
    300,
  );
  const subscriptions = [
    collection,
    recheck,
    vscode.workspace.onDidOpenTextDocument(checkOpen),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => void collection.delete(uri)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!isBatchFile(document.uri)) return;
      changed.add(document);
      recheck.changed();
    }),
  ];
  vscode.workspace.textDocuments.forEach(checkOpen);
  return { check, dispose: () => void vscode.Disposable.from(...subscriptions).dispose() };
}

function diagnostic(document: vscode.TextDocument, problem: FileProblem): vscode.Diagnostic {
  const start = document.positionAt(problem.offset);
  const end = document.positionAt(problem.offset + problem.length);
  const found = new vscode.Diagnostic(
    new vscode.Range(start, end),
    problem.message,
    vscode.DiagnosticSeverity.Error,
  );
  found.source = 'AllSettled';
  return found;
}
