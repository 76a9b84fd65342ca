/** Gives a person's answer to a call that waits, also where what asked ended with its host. */
import * as vscode from 'vscode';
import type { ApprovalAnswer } from '../core/calls.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import type { Host } from './host.ts';
import { ensureApiKey } from './keyCommands.ts';
import { canResume } from './resumeCommands.ts';

const given: Readonly<Record<ApprovalAnswer, string>> = {
  allowOnce: 'allowed once',
  allowForSession: 'allowed for the session',
  allowAlways: 'allowed for good',
  deny: 'denied',
  nobodyThere: 'denied, because nobody was there',
};

/** The answer is to what `call` asked when the person saw it; where it did not count, the person is told why. */
export async function giveAnswer(
  host: Host,
  call: WaitingCall,
  answer: ApprovalAnswer,
  reason?: string,
): Promise<void> {
  if (call.isLeft && !(await canGoOn(host, call))) return;
  const runtime = await host.runtime.get();
  const fate = await runtime.answerApproval(call.request, answer, reason);
  if (fate.kind === 'changed') tell('What this call would do has changed meanwhile. Look at it again.');
  if (fate.kind === 'tooLate')
    tell(
      fate.counted
        ? `That call has already been answered: ${given[fate.counted]}.`
        : 'That call waits for no answer any more.',
    );
}

/** What died goes on with the answer, for which it needs what every resume needs. */
async function canGoOn(host: Host, { sessionId }: WaitingCall): Promise<boolean> {
  const state = await host.runtime.openSession(sessionId);
  return canResume(host, state, undefined) && (state.kind === 'batch' || (await ensureApiKey(host)));
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(message); // Nothing follows from its closing.
}
