/** Answers for calls that wait, from their rows or from a list. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../core/calls.ts';
import { oneLine } from '../views/plainText.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import { callOfRow } from './rowTargets.ts';

const answers: readonly { label: string; description: string; answer: ApprovalAnswer }[] = [
  { label: 'Allow Once', description: 'Runs it now; the next one asks again', answer: 'allowOnce' },
  { label: 'Allow for This Session', description: 'The same again does not ask', answer: 'allowForSession' },
  { label: 'Deny', description: 'The agent is told that you said no', answer: 'deny' },
];

export function registerApprovalCommands(host: Host): vscode.Disposable {
  const answerRow = (answer: ApprovalAnswer) => (rowId: unknown) => {
    const state = callOfRow(host.runtime, rowId)?.call.state;
    if (state?.status === 'awaitingApproval') answerRequest(host, state.request, answer);
  };
  return registerCommands(host.log, {
    [commands.approveCall]: answerRow('allowOnce'),
    [commands.approveCallForSession]: answerRow('allowForSession'),
    [commands.denyCall]: answerRow('deny'),
    [commands.answerApprovals]: () => answerFromList(host),
  });
}

async function answerFromList(host: Host): Promise<void> {
  const items = host.approvals.waiting().map((request) => ({
    label: oneLine(request.subject, 120),
    description: request.tool,
    detail: `In ${request.cwd}`,
    request,
  }));
  const placeHolder = items.length > 0 ? 'Which call?' : 'No call waits for your answer.';
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen) return;
  const answer = await vscode.window.showQuickPick(answers, {
    title: chosen.request.tool,
    placeHolder: chosen.request.subject,
  });
  if (answer) answerRequest(host, chosen.request, answer.answer);
}

function answerRequest({ approvals }: Host, request: ApprovalRequest, answer: ApprovalAnswer): void {
  if (approvals.answer(request, answer)) return;
  void vscode.window.showInformationMessage('That call waits no more.'); // Nothing follows from its closing.
}
