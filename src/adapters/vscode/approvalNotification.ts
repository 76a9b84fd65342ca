/** One question about a call as a notification, with the exact bytes that would run. */
import * as vscode from 'vscode';
import { approvalTitles } from '../../contributions.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../../core/calls.ts';

const answers: ReadonlyMap<string, ApprovalAnswer> = new Map([
  [approvalTitles.allowOnce, 'allowOnce'],
  [approvalTitles.allowForSession, 'allowForSession'],
  [approvalTitles.deny, 'deny'],
]);
const review = 'Review…';
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
  const buttons = fits ? [...answers.keys()] : [review, approvalTitles.deny];
  const chosen = await vscode.window.showWarningMessage(question(request, others, fits), ...buttons);
  return chosen === review ? askByDialog(request) : answerOf(chosen);
}

const given: Readonly<Record<ApprovalAnswer, string>> = {
  allowOnce: 'allowed once',
  allowForSession: 'allowed for the session',
  allowAlways: 'allowed for good',
  deny: 'denied',
  nobodyThere: 'denied, because nobody was there',
};

/** Tells the person that an answer came too late, and which one counted; none where the call was stopped. */
export function tellLateAnswer(counted: ApprovalAnswer | undefined): void {
  const message = counted
    ? `That call has already been answered: ${given[counted]}.`
    : 'That call was stopped before it was answered.';
  void vscode.window.showInformationMessage(message); // Nothing follows from its closing.
}

async function askByDialog(request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
  const options = { modal: true, detail: request.subject };
  const title = `Run in ${request.cwd}?`;
  return answerOf(await vscode.window.showWarningMessage(title, options, ...answers.keys()));
}

function question(request: ApprovalRequest, others: number, fits: boolean): string {
  const lines = request.subject.trim().split(/\r\n|\r|\n/);
  const more = others > 0 ? ` ${others} more ${others === 1 ? 'waits' : 'wait'}.` : '';
  const rest = lines.length > 1 ? `… (${lines.length} lines)` : '… (shortened)';
  const shown = fits ? lines.join('') : `${(lines[0] ?? '').slice(0, 200)}${rest}`;
  return `Run in ${request.cwd}?${more} ➜ ${withoutLinks(shown)}`;
}

/** VS Code makes links of `[text](target)`, which would hide the target. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

function answerOf(chosen: string | undefined): ApprovalAnswer | undefined {
  return chosen === undefined ? undefined : answers.get(chosen);
}
