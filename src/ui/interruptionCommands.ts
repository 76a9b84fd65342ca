/** Commands that resume or dismiss all that was interrupted, sub-agents too. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { SessionState } from '../core/states.ts';
import { hasInterruption } from '../core/unresolved.ts';
import { interruptionsText, notResumableText, notResumedText } from '../views/interruptionText.ts';
import { messageText } from '../views/plainText.ts';
import { registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import { ensureApiKey } from './keyCommands.ts';
import { stateOfRow } from './rowTargets.ts';
import { mayWork } from './workplace.ts';

export function registerInterruptionCommands(host: Host): vscode.Disposable {
  return registerCommands(host.log, {
    [commands.resumeAll]: (rowId) => resumeAll(host, interruptedSessions(host, rowId)),
    [commands.dismissAll]: () => dismissAll(host, interruptedSessions(host, undefined)),
  });
}

/** The session of a row; all that are open if no row was asked about. */
function interruptedSessions({ runtime }: Host, rowId: unknown): readonly SessionState[] {
  const asked = stateOfRow(runtime, rowId);
  return (asked ? [asked] : runtime.sessions()).filter(hasInterruption);
}

async function resumeAll(host: Host, sessions: readonly SessionState[]): Promise<void> {
  if (!mayWork(host.log, 'An agent')) return;
  const resumable = sessions.filter((state) => notResumableText(state) === undefined);
  const needsKey = resumable.some(({ kind }) => kind !== 'batch');
  if (needsKey && !(await ensureApiKey(host))) return;
  const runtime = await host.runtime.get();
  const results = await Promise.allSettled(resumable.map(({ id }) => runtime.resumeAll(id)));
  const left = notResumedText(sessions.filter((state) => notResumableText(state) !== undefined));
  if (left !== '') tell(host.log, vscode.window.showInformationMessage, left, {});
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function dismissAll(host: Host, sessions: readonly SessionState[]): Promise<void> {
  if (sessions.length === 0) return;
  const question = messageText(`Dismiss ${interruptionsText(sessions)}?`);
  const detail =
    'What they had not begun will not be done. Their conversations and results stay, and a follow-up still continues an agent.';
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Dismiss All');
  if (answer !== 'Dismiss All') return;
  const runtime = await host.runtime.get();
  for (const { id } of sessions) await runtime.dismiss(id);
}
