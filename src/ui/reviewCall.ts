/** Shows a person all of what a call asks for, before their answer counts. */
import * as vscode from 'vscode';
import { askText, dialogDetail, fitsInDialog, isShownInRow } from '../views/approvalText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { openApprovalDocument } from './approvalDocuments.ts';
import type { ProposalEditors } from './proposalEditors.ts';

/** Opens an edit as diffs, everything else as a document; the answer is given there. */
export async function openReview(editors: ProposalEditors, call: WaitingCall): Promise<void> {
  if (call.kind === 'edit') await editors.open(call);
  else await openApprovalDocument(call);
}

/**
 * Whether the person who allows a call in a row or a list has all of it before their eyes. What a row cuts or hides is shown in
 * a dialog that asks again; what is too long for one, and an edit, is opened, and false says that they answer there: a second
 * click on the row may be meant for the first, and its editor may stand behind others.
 */
export async function seesAll(editors: ProposalEditors, call: WaitingCall, button: string): Promise<boolean> {
  if (isShownInRow(call)) return true;
  if (call.kind === 'command' && fitsInDialog(call)) return asksAgain(call, button);
  await openReview(editors, call);
  return false;
}

async function asksAgain(call: WaitingCall, button: string): Promise<boolean> {
  const options = { modal: true, detail: dialogDetail(call) };
  return (await vscode.window.showWarningMessage(askText(call), options, button)) === button;
}
