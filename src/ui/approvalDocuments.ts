/** The read-only documents of what waiting calls ask for, all of it and with nothing hidden. */
import * as vscode from 'vscode';
import { questionLanguage, schemes } from '../contributions.ts';
import { approvalDocument } from '../views/approvalText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { approvalUri, callOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { columnOf, columnOfQuestions } from './questionTabs.ts';
import { waitingFor } from './waiting.ts';

export function registerApprovalDocuments({ runtime }: Host): vscode.Disposable {
  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: async (uri) => {
      const question = callOfUri(uri);
      await runtime.openSession(question.sessionId); // An editor can be older than this window.
      const call = waitingFor(runtime, question);
      return call ? approvalDocument(call) : 'This call waits for no answer any more.\n';
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(schemes.approval, provider),
    // Also those that VS Code brings back with its window.
    vscode.workspace.onDidOpenTextDocument((document) => void asQuestion(document)),
  );
}

async function asQuestion(document: vscode.TextDocument): Promise<vscode.TextDocument> {
  if (document.uri.scheme !== schemes.approval || document.languageId === questionLanguage) return document;
  return vscode.languages.setTextDocumentLanguage(document, questionLanguage);
}

/** Opens it beside what is open, with the others that ask, or shows the one that is open; the buttons in its title answer. */
export async function openApprovalDocument(call: WaitingCall): Promise<void> {
  const document = await asQuestion(await vscode.workspace.openTextDocument(approvalUri(call)));
  const beside = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
  const viewColumn = columnOf(call) ?? columnOfQuestions() ?? beside;
  await vscode.window.showTextDocument(document, { preview: false, viewColumn });
}
