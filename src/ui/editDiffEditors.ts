/** The diff editors of edits that were made, and the files that they changed. */
import * as vscode from 'vscode';
import { commands, schemes } from '../contributions.ts';
import type { Call, SessionState } from '../core/states.ts';
import { editDiffs, isNothingKept } from '../views/editDiffs.ts';
import type { EditDiff } from '../views/editDiffs.ts';
import { callRowId } from '../views/rowIds.ts';
import { askerOf } from '../views/waitingCalls.ts';
import { registerCommands, tell } from './commands.ts';
import { callOfUri, editUri, sideOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { callOfRow } from './rowTargets.ts';

export function registerEditDiffEditors(host: Host): vscode.Disposable {
  const { runtime, log } = host;
  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: async (uri) => {
      const { sessionId, callId } = callOfUri(uri);
      const state = await runtime.openSession(sessionId);
      const call = state.calls.get(callId);
      const { place, side } = sideOfUri(uri);
      return call ? ((await diffsOf(host, state, call))[place]?.[side] ?? '') : '';
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(schemes.edit, provider),
    registerCommands(log, {
      [commands.showEdit]: async (rowId) => {
        const found = callOfRow(runtime, rowId);
        if (found) await showDiffs(host, found.state, found.call);
      },
      [commands.openEditedFile]: async (rowId) => {
        const found = callOfRow(runtime, rowId);
        if (found) await openFile(host, found.state, found.call);
      },
    }),
  );
}

async function diffsOf(host: Host, state: SessionState, call: Call): Promise<readonly EditDiff[]> {
  return editDiffs(await filesOf(host, state, call), askerOf(state, call));
}

async function filesOf({ runtime }: Host, state: SessionState, call: Call) {
  const { signal } = new AbortController();
  return (await runtime.get()).editTexts(state.id, call.id, signal);
}

/** What still stands in the file is shown as the file, so that a person can go on from there. */
async function showDiffs(host: Host, state: SessionState, call: Call): Promise<void> {
  const files = await filesOf(host, state, call);
  if (isNothingKept(files)) {
    const message =
      'The texts of this edit are not kept: the file was too large, no text, or held the API key.';
    return tell(host.log, vscode.window.showInformationMessage, message, {
      'Open File': () => openFile(host, state, call),
      'Open Result': () => vscode.commands.executeCommand(commands.openResult, callRowId(state, call.id)),
    });
  }
  for (const [place, diff] of editDiffs(files, askerOf(state, call)).entries()) {
    const before = editUri(state.id, call.id, place, 'before', diff.beforeName);
    const file = vscode.Uri.file(diff.path);
    const after = diff.isAsLeft ? file : editUri(state.id, call.id, place, 'after', diff.afterName);
    await vscode.commands.executeCommand('vscode.diff', before, after, diff.title, { preserveFocus: true });
  }
}

async function openFile(host: Host, state: SessionState, call: Call): Promise<void> {
  const file = (await filesOf(host, state, call)).find(({ after }) => after.kind !== 'noFile');
  if (!file) return tell(host.log, vscode.window.showInformationMessage, 'This call deleted its file.', {});
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file.path));
}
