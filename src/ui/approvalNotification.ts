/** The one notification for all calls that wait. */
import * as vscode from 'vscode';
import { approvalTitles, commands } from '../contributions.ts';
import type { ApprovalAnswer } from '../core/calls.ts';
import { fitsInNotice, noticeText } from '../views/approvalText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { runSafely } from './commands.ts';
import { giveAnswer } from './giveAnswer.ts';
import type { Host } from './host.ts';
import type { ProposalEditors } from './proposalEditors.ts';
import { askAbout, openReview } from './reviewCall.ts';
import { throttled } from './throttle.ts';
import { waitingIn } from './waiting.ts';
import { WaitingNotice } from './waitingNotice.ts';

const review = 'Review…';
/** Calls of one turn ask one after the other, each when its question is on disk. */
const gatherMs = 300;

export function registerApprovalNotification(host: Host, editors: ProposalEditors): vscode.Disposable {
  const { runtime, clock, log } = host;
  const notice = new WaitingNotice(async (calls, isAlone) => {
    const [only, ...others] = calls;
    const act =
      only && others.length === 0 && isAlone
        ? await showOne(host, editors, only)
        : await showAll(calls, isAlone);
    if (act) runSafely(log, act);
  }, clock);
  const redraw = throttled(clock, () => notice.update(waitingIn(runtime)), gatherMs);
  return vscode.Disposable.from(
    redraw,
    notice,
    runtime.onEvent(() => redraw.changed()),
    runtime.onOpened(() => redraw.changed()),
  );
}

type Act = () => unknown;

/** VS Code replaces a notification by another with the same words: beside one that is true no more there is one at most. */
async function showAll(calls: readonly WaitingCall[], isAlone: boolean): Promise<Act | undefined> {
  const message = isAlone ? noticeText(calls) : 'Calls wait for your answer.';
  const chosen = await vscode.window.showWarningMessage(message, review);
  return chosen === review ? () => vscode.commands.executeCommand(commands.answerApprovals) : undefined;
}

async function showOne(host: Host, editors: ProposalEditors, call: WaitingCall): Promise<Act | undefined> {
  const answer =
    (given: ApprovalAnswer): Act =>
    () =>
      giveAnswer(host, call, given);
  const { allowOnce, allowForSession, deny, reviewEdit, reject } = approvalTitles;
  const reviewIt = async (): Promise<void> => {
    const given = await askAbout(editors, call);
    if (given) await giveAnswer(host, call, given);
  };
  const acts: Readonly<Record<string, Act>> =
    call.kind === 'edit'
      ? { [reviewEdit]: () => openReview(editors, call), [reject]: answer('deny') }
      : fitsInNotice(call)
        ? {
            [allowOnce]: answer('allowOnce'),
            [allowForSession]: answer('allowForSession'),
            [deny]: answer('deny'),
          }
        : { [review]: reviewIt, [deny]: answer('deny') };
  const chosen = await vscode.window.showWarningMessage(noticeText([call]), ...Object.keys(acts));
  return chosen === undefined ? undefined : acts[chosen];
}
