/** The lenses at the calls of a batch file. */
import * as vscode from 'vscode';
import { batchFileGlob, commands } from '../contributions.ts';
import { batchPlaces } from '../formats/batchPlaces.ts';
import { batchLenses } from '../views/batchLenses.ts';
import type { CallLens } from '../views/batchLenses.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';
import { pathOf } from './workplace.ts';

/** They follow the calls while these run. */
export function registerCallLenses({ runtime, clock }: Host): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  const redraw = throttled(clock, () => changes.fire(), 500);
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changes.event,
    provideCodeLenses: (document) =>
      batchLenses(runtime.sessions(), pathOf(document.uri), batchPlaces(document.getText())).flatMap((lens) =>
        lensesOf(document, lens),
      ),
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider({ pattern: batchFileGlob }, provider),
    changes,
    redraw,
    vscode.workspace.onDidGrantWorkspaceTrust(() => changes.fire()),
    runtime.onOpened(() => redraw.changed()),
    runtime.onEvent(({ sessionId }) => {
      if (runtime.session(sessionId)?.kind === 'batch') redraw.changed();
    }),
  );
}

function lensesOf(document: vscode.TextDocument, { offset, callId, last }: CallLens): vscode.CodeLens[] {
  const start = document.positionAt(offset);
  const range = new vscode.Range(start, start);
  const shown = last && {
    title: last.title,
    tooltip: 'Opens the result of its last run',
    command: commands.openResult,
    arguments: [last.rowId],
  };
  const run = vscode.workspace.isTrusted && {
    title: '$(play) Run alone',
    tooltip: 'Runs this call and no other: what it comes after is not run',
    command: commands.runCall,
    arguments: [document.uri, callId],
  };
  return [shown, run].flatMap((command) => (command ? [new vscode.CodeLens(range, command)] : []));
}
