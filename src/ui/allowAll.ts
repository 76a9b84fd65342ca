/** Allows all calls that one dialog can show whole. */
import * as vscode from 'vscode';
import { approvalTitles } from '../contributions.ts';
import { togetherInDialog } from '../views/approvalTogether.ts';
import { giveAnswer } from './giveAnswer.ts';
import type { Host } from './host.ts';
import { waitingIn } from './waiting.ts';

/** Each answer is to what the dialog showed; what has changed meanwhile is asked again. */
export async function allowAll(host: Host): Promise<void> {
  const { calls, question, detail } = togetherInDialog(waitingIn(host.runtime));
  if (calls.length === 0) {
    void vscode.window.showInformationMessage(question); // Nothing follows from its closing.
    return;
  }
  const button = calls.length === 1 ? approvalTitles.allowOnce : `Allow These ${calls.length} Once`;
  const options = { modal: true, detail };
  if ((await vscode.window.showWarningMessage(question, options, button)) !== button) return;
  await Promise.allSettled(calls.map((call) => giveAnswer(host, call, 'allowOnce')));
}
