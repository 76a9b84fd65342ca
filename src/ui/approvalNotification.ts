/** The one notification for all calls that wait. */
import * as vscode from 'vscode';
import { approvalTitles, commands } from '../contributions.ts';
import type { CommandId } from '../contributions.ts';
import { fitsInNotice, noticeDetail, noticeText } from '../views/approvalText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';
import { waitingIn } from './waiting.ts';
import { WaitingNotice } from './waitingNotice.ts';
import type { Notice } from './waitingNotice.ts';

/** Calls of one turn ask one after the other, each when its question is on disk. */
const gatherMs = 300;

export function registerApprovalNotification({ runtime, clock }: Host): vscode.Disposable {
  const notice = new WaitingNotice(openNotice, clock);
  const redraw = throttled(clock, () => notice.update(waitingIn(runtime)), gatherMs);
  return vscode.Disposable.from(
    redraw,
    notice,
    runtime.onEvent(() => redraw.changed()),
    runtime.onOpened(() => redraw.changed()),
  );
}

/** A message can neither be changed nor taken back, so this is a progress, of which nothing has been done yet. */
function openNotice(calls: readonly WaitingCall[]): Notice {
  const closing = Promise.withResolvers<void>();
  let message = messageOf(calls);
  let show = (): void => undefined;
  const options = { location: vscode.ProgressLocation.Notification };
  void vscode.window.withProgress(options, (progress) => {
    show = () => progress.report({ message, increment: 0 });
    show();
    return closing.promise;
  });
  return {
    update: (left) => {
      message = messageOf(left);
      show();
    },
    close: () => closing.resolve(),
  };
}

/** Links in place of buttons; they come before what VS Code may cut. */
function messageOf(calls: readonly WaitingCall[]): string {
  return `${noticeText(calls)} ${linksOf(calls).join(' | ')} ${noticeDetail(calls)}`.trim();
}

function linksOf(calls: readonly WaitingCall[]): readonly string[] {
  const { allowOnce, deny, reviewEdit, reject } = approvalTitles;
  const [call, ...others] = calls;
  if (!call || others.length > 0)
    return [link('Review…', commands.answerApprovals), link(approvalTitles.allowAll, commands.allowAllCalls)];
  const rowId = call.rowId;
  if (call.kind === 'edit')
    return [link(reviewEdit, commands.reviewEdit, rowId), link(reject, commands.rejectEdit, rowId)];
  const denial = link(deny, commands.denyCall, rowId);
  if (!fitsInNotice(call)) return [link('Review…', commands.reviewCall, rowId), denial];
  return [link(allowOnce, commands.approveCall, rowId), denial];
}

function link(title: string, command: CommandId, ...args: readonly string[]): string {
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${title}](command:${command}?${query})`;
}
