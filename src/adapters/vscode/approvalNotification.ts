/** One question about a call as a notification, with the exact bytes that would run. */
import * as vscode from 'vscode';
import type { ApprovalAnswer, ApprovalRequest } from '../../core/calls.ts';

const answers: ReadonlyMap<string, ApprovalAnswer> = new Map([
  ['Allow Once', 'allowOnce'],
  ['Allow for This Session', 'allowForSession'],
  ['Deny', 'deny'],
]);
const review = 'Review…';
const deny = 'Deny';
/** A notification is one line, and VS Code cuts it. */
const lengthThatFits = 300;

/**
 * Undefined where the person put the notification away. What a notification can't show exactly can be
 * allowed only in a dialog that does.
 */
export async function askByNotification(
  request: ApprovalRequest,
  others: number,
): Promise<ApprovalAnswer | undefined> {
  const { subject } = request;
  const fits = subject.length <= lengthThatFits && !/[\r\n]/.test(subject.trim());
  const buttons = fits ? [...answers.keys()] : [review, deny];
  const chosen = await vscode.window.showWarningMessage(question(request, others, fits), ...buttons);
  return chosen === review ? askByDialog(request) : answerOf(chosen);
}

/** Tells the person that an answer came too late. */
export function tellLateAnswer(): void {
  void vscode.window.showInformationMessage('That call waits no more.'); // Nothing follows from its closing.
}

async function askByDialog(request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
  const detail = `${request.subject}\n\nIn ${request.cwd}`;
  const title = `Run this with ${request.tool}?`;
  return answerOf(await vscode.window.showWarningMessage(title, { modal: true, detail }, ...answers.keys()));
}

function question(request: ApprovalRequest, others: number, fits: boolean): string {
  const lines = request.subject.trim().split(/\r\n|\r|\n/);
  const more = others > 0 ? ` ${others} more ${others === 1 ? 'waits' : 'wait'}.` : '';
  const rest = lines.length > 1 ? `… (${lines.length} lines)` : '… (shortened)';
  const shown = fits ? lines.join('') : `${(lines[0] ?? '').slice(0, 200)}${rest}`;
  return `Run this with ${request.tool} in ${request.cwd}?${more} ➜ ${withoutLinks(shown)}`;
}

/** VS Code makes links of `[text](target)`, which would hide the target. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

function answerOf(chosen: string | undefined): ApprovalAnswer | undefined {
  return chosen === undefined ? undefined : answers.get(chosen);
}
