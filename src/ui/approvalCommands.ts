/** The commands that answer calls that wait: on their rows, in their editors, and in the list. */
import * as vscode from 'vscode';
import { approvalTitles, commands } from '../contributions.ts';
import type { ApprovalAnswer } from '../core/calls.ts';
import { subjectLine } from '../views/approvalText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { showApprovalList } from './approvalList.ts';
import { allowAll } from './allowAll.ts';
import { allowAlways } from './approvalRules.ts';
import { registerCommands } from './commands.ts';
import { giveAnswer } from './giveAnswer.ts';
import type { Host } from './host.ts';
import type { ProposalEditors } from './proposalEditors.ts';
import { openReview, seesAll } from './reviewCall.ts';
import { askedAbout } from './waiting.ts';

export function registerApprovalCommands(host: Host, editors: ProposalEditors): vscode.Disposable {
  const { allowOnce, allowForSession, accept } = approvalTitles;
  const onCall = (act: (call: WaitingCall, asked: unknown) => Promise<void>) => async (asked: unknown) => {
    const call = askedAbout(host.runtime, asked);
    if (call) await act(call, asked);
  };
  const allow = (answer: ApprovalAnswer, title: string) =>
    onCall(async (call, asked) => {
      const isInItsEditor = typeof asked !== 'string';
      if (isInItsEditor || (await seesAll(editors, call, title))) await giveAnswer(host, call, answer);
    });
  const deny = onCall((call) => giveAnswer(host, call, 'deny'));
  const review = onCall((call) => openReview(editors, call));
  return registerCommands(host.log, {
    [commands.approveCall]: allow('allowOnce', allowOnce),
    [commands.approveCallForSession]: allow('allowForSession', allowForSession),
    [commands.allowCallAlways]: onCall((call) => allowAlways(host, call, 'exact')),
    [commands.allowCallsLikeIt]: onCall((call) => allowAlways(host, call, 'prefix')),
    [commands.denyCall]: deny,
    [commands.denyCallWithReason]: onCall((call) => denyWithReason(host, call)),
    [commands.allowAllCalls]: () => allowAll(host),
    [commands.reviewCall]: review,
    [commands.reviewEdit]: review,
    [commands.acceptEdit]: allow('allowOnce', accept),
    [commands.rejectEdit]: deny,
    [commands.answerApprovals]: () => showApprovalList(host),
  });
}

/** The agent reads it in place of the call's result, so it can say what to do instead. */
async function denyWithReason(host: Host, call: WaitingCall): Promise<void> {
  const reason = await vscode.window.showInputBox({
    title: approvalTitles.denyWithReason,
    prompt: `Why not, or what instead? The agent is told: ${subjectLine(call, 60)}`,
    ignoreFocusOut: true,
  });
  if (reason !== undefined) await giveAnswer(host, call, 'deny', reason);
}
