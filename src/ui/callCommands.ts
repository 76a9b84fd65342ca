/** Commands on one call's row. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { isSettled } from '../core/calls.ts';
import { shownText, visibleCode } from '../core/visibleText.ts';
import { inputText } from '../views/callArgument.ts';
import { registerCommands } from './commands.ts';
import { resultUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { callOfRow } from './rowTargets.ts';
import type { CallInSession } from './rowTargets.ts';

export function registerCallCommands({ runtime, log }: Host): vscode.Disposable {
  const onCall = (act: (found: CallInSession) => unknown) => (rowId: unknown) => {
    const found = callOfRow(runtime, rowId);
    return found && act(found);
  };
  return registerCommands(log, {
    [commands.openResult]: onCall(({ state, call }) => showPlain(resultUri(state.id, call))),
    // What is pasted into a terminal must not drive it either.
    [commands.copyResult]: onCall(({ call }) => vscode.env.clipboard.writeText(shownText(resultText(call)))),
    [commands.copyCallId]: onCall(({ call }) => vscode.env.clipboard.writeText(visibleCode(call.id))),
    [commands.showRawInput]: onCall(async ({ call }) => {
      const language = call.input.kind === 'parsed' ? 'json' : 'plaintext';
      const document = await vscode.workspace.openTextDocument({ content: inputText(call.input), language });
      await vscode.window.showTextDocument(document);
    }),
    [commands.cancelCall]: onCall(async ({ state, call }) =>
      (await runtime.get()).cancelCall(state.id, call.id),
    ),
  });
}

async function showPlain(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preserveFocus: true });
}

/** What the model is given: the output, or else what went wrong. */
function resultText({ state }: CallInSession['call']): string {
  if (!isSettled(state)) return '';
  const output = 'output' in state ? state.output?.text : undefined;
  const error = 'error' in state ? state.error.message : undefined;
  return [error, output].filter(Boolean).join('\n');
}
