/** The question about several calls at once: only what a dialog shows whole can be answered in it. */
import { dialogDetail, fitsInDialog } from './approvalText.ts';
import { exactLine } from './plainText.ts';
import type { WaitingCall } from './waitingCalls.ts';

/** A dialog does not scroll everywhere. */
const mostLines = 30;

export interface TogetherInDialog {
  readonly calls: readonly WaitingCall[];
  /** The question, or why there is none. */
  readonly question: string;
  readonly detail: string;
}

/** Takes the commands in their order as long as there is room; edits and what is too long need a look of their own. */
export function togetherInDialog(waiting: readonly WaitingCall[]): TogetherInDialog {
  const calls: WaitingCall[] = [];
  const details: string[] = [];
  let lines = 0;
  for (const call of waiting) {
    const detail = `${exactLine(call.request.cwd, 300)}\n${dialogDetail(call)}`;
    const needed = detail.split('\n').length + 1;
    if (call.kind !== 'command' || !fitsInDialog(call) || lines + needed > mostLines) continue;
    lines += needed;
    calls.push(call);
    details.push(detail);
  }
  const others = othersText(waiting.length - calls.length, calls.length > 0);
  if (calls.length === 0) return { calls, question: others || 'No call waits for your answer.', detail: '' };
  return {
    calls,
    question:
      calls.length === 1 ? 'Allow this command once?' : `Allow these ${calls.length} commands, each once?`,
    detail: [...details, others].filter(Boolean).join('\n\n'),
  };
}

function othersText(count: number, areMore: boolean): string {
  if (count === 0) return '';
  const subject = `${count} ${areMore ? 'more ' : ''}${count === 1 ? 'call needs' : 'calls need'}`;
  return `${subject} a look of ${count === 1 ? 'its' : 'their'} own: an edit, or a command too long for this dialog.`;
}
