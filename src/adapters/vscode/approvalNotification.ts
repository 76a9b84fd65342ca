/** One question about a call as a notification, with the exact bytes that would run. */
import * as vscode from 'vscode';
import type { ApprovalAnswer, ApprovalRequest } from '../../core/calls.ts';

const answers: ReadonlyMap<string, ApprovalAnswer> = new Map([
  ['Allow Once', 'allowOnce'],
  ['Allow for This Session', 'allowForSession'],
  ['Deny', 'deny'],
]);
const showWhole = 'Show Whole';
/** A notification is one line, and VS Code cuts it. */
const lengthThatFits = 300;

/** Undefined where the person put the notification away. */
export async function askByNotification(
  request: ApprovalRequest,
  others: number,
): Promise<ApprovalAnswer | undefined> {
  const { subject } = request;
  const fits = subject.length <= lengthThatFits && !/[\r\n]/.test(subject.trim());
  const buttons = [...answers.keys(), ...(fits ? [] : [showWhole])];
  const chosen = await vscode.window.showWarningMessage(question(request, others, fits), ...buttons);
  return chosen === showWhole ? askByDialog(request) : answerOf(chosen);
}

async function askByDialog(request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
  const detail = `${request.subject}\n\nIn ${request.cwd}`;
  const title = `Run this with ${request.tool}?`;
  return answerOf(await vscode.window.showWarningMessage(title, { modal: true, detail }, ...answers.keys()));
}

function question(request: ApprovalRequest, others: number, fits: boolean): string {
  const { subject } = request;
  const more = others > 0 ? ` ${others} more ${others === 1 ? 'waits' : 'wait'}.` : '';
  const shown = fits ? subject.trim() : `${subject.trim().slice(0, lengthThatFits)}… (shortened)`;
  return `AllSettled: run this with ${request.tool} in ${request.cwd}?${more} ➜ ${withoutLinks(shown)}`;
}

/** VS Code makes links of `[text](target)`, which would hide the target. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

function answerOf(chosen: string | undefined): ApprovalAnswer | undefined {
  return chosen === undefined ? undefined : answers.get(chosen);
}
