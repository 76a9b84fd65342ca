/** Shows a person all of what a call asks for, before their answer counts. */
import * as vscode from 'vscode';
import { askText, dialogDetail, fitsInDialog, isShownInRow } from '../views/approvalText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { openApprovalDocument } from './approvalDocuments.ts';
import type { ProposalEditors } from './proposalEditors.ts';
import { tabsOf } from './questionTabs.ts';

/** Opens an edit as diffs, everything else as a document; the answer is given there. */
export async function openReview(editors: ProposalEditors, call: WaitingCall): Promise<void> {
  if (call.kind === 'edit') await editors.open(call);
  else await openApprovalDocument(call);
}

/**
 * Whether the person who wants to allow a call has all of it before their eyes. What its row cuts or hides is shown in a
 * dialog that asks again; what is too long for one, and an edit, is opened, and false says that they answer there.
 */
export async function seesAll(editors: ProposalEditors, call: WaitingCall, button: string): Promise<boolean> {
  if (isShownInRow(call) || tabsOf(call).length > 0) return true;
  if (call.kind === 'command' && fitsInDialog(call)) return asksAgain(call, button);
  await openReview(editors, call);
  return false;
}

async function asksAgain(call: WaitingCall, button: string): Promise<boolean> {
  const options = { modal: true, detail: dialogDetail(call) };
  return (await vscode.window.showWarningMessage(askText(call), options, button)) === button;
}
