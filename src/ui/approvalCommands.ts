/** Answers for calls that wait, from their rows or from a list. */
import * as vscode from 'vscode';
import { approvalTitles, commands } from '../contributions.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../core/calls.ts';
import { exactLine } from '../views/plainText.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import { callOfRow } from './rowTargets.ts';

const answers: readonly { label: string; description: string; answer: ApprovalAnswer }[] = [
  {
    label: approvalTitles.allowOnce,
    description: 'Runs it now; the next one asks again',
    answer: 'allowOnce',
  },
  {
    label: approvalTitles.allowForSession,
    description: 'Exactly this command, in this folder, does not ask again',
    answer: 'allowForSession',
  },
  { label: approvalTitles.deny, description: 'The agent is told that you said no', answer: 'deny' },
];

export function registerApprovalCommands(host: Host): vscode.Disposable {
  const answerRow = (answer: ApprovalAnswer) => async (rowId: unknown) => {
    const state = callOfRow(host.runtime, rowId)?.call.state;
    if (state?.status !== 'awaitingApproval') return;
    const { request } = state;
    if (answer === 'deny' || (await hasSeen(request, answer))) host.approvals.answer(request, answer);
  };
  return registerCommands(host.log, {
    [commands.approveCall]: answerRow('allowOnce'),
    [commands.approveCallForSession]: answerRow('allowForSession'),
    [commands.denyCall]: answerRow('deny'),
    [commands.answerApprovals]: () => answerFromList(host),
  });
}

/** A row shows a short line whole; anything longer is shown in a dialog before it may run. */
async function hasSeen({ subject, cwd }: ApprovalRequest, answer: ApprovalAnswer): Promise<boolean> {
  if (subject.length <= 60 && !/[\r\n]/.test(subject.trim())) return true;
  const button = answers.find((candidate) => candidate.answer === answer)?.label ?? 'Allow';
  const options = { modal: true, detail: subject };
  return (await vscode.window.showWarningMessage(`Run in ${cwd}?`, options, button)) === button;
}

async function answerFromList(host: Host): Promise<void> {
  const items = host.approvals.waiting().map((request) => ({
    label: exactLine(request.subject, 120),
    description: request.tool,
    detail: `In ${request.cwd}`,
    request,
  }));
  const placeHolder = items.length > 0 ? 'Which call?' : 'No call waits for your answer.';
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen) return;
  const answer = await vscode.window.showQuickPick(answers, {
    title: `${chosen.request.tool} in ${chosen.request.cwd}`,
    placeHolder: chosen.label,
  });
  if (!answer) return;
  if (answer.answer === 'deny' || (await hasSeen(chosen.request, answer.answer)))
    host.approvals.answer(chosen.request, answer.answer);
}
