/** Tells that a file has problems, so that nothing of it was run, or that it has warnings. */
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
  tell(log, vscode.window.showErrorMessage, message, showProblems(document));
}

/** Tells what of the agents' definitions is lost while they run. */
export function tellWarnings(
  log: Log,
  document: vscode.TextDocument,
  warnings: readonly FileProblem[],
): void {
  const [first] = warnings;
  const more = warnings.length > 1 ? ` And ${warnings.length - 1} more.` : '';
  tell(log, vscode.window.showWarningMessage, `${first?.message ?? ''}${more}`, showProblems(document));
}

function showProblems(document: vscode.TextDocument): Readonly<Record<string, () => Promise<void>>> {
  return {
    'Show Problems': async () => {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    },
  };
}
