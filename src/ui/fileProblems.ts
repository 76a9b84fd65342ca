/** Tells that a file has problems, so that nothing of it was run. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Log } from '../core/ports.ts';
import { problemLine, type FileProblem } from '../formats/fileProblem.ts';
import { tell } from './commands.ts';

export function tellProblems(
  log: Log,
  document: vscode.TextDocument,
  problems: readonly FileProblem[],
): void {
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
