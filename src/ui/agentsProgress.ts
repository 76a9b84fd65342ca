/** The notification that shows how parallel agents get on, and cancels them; and the one of their end. */
import * as vscode from 'vscode';
import type { SessionId } from '../core/events.ts';
import { taskCountsText } from '../core/taskCounts.ts';
import { unsavedText } from '../core/taskLists.ts';
import type { EndedAgents, Runtime } from '../runtime/runtime.ts';
import { agentsResult, type AgentsResult } from '../views/agentsResult.ts';
import { messageText } from '../views/plainText.ts';
import { tell } from './commands.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';

export interface AgentsUnderWay {
  /** Of the file. */
  readonly name: string;
  readonly sessionId: SessionId;
  readonly settled: Promise<EndedAgents>;
}

/** Settles when all have ended. The notification's button stops the session. */
export async function showProgress(host: Host, runtime: Runtime, agents: AgentsUnderWay): Promise<void> {
  const { name, sessionId, settled } = agents;
  const { Notification } = vscode.ProgressLocation;
  const options = { location: Notification, title: messageText(name), cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => runtime.stopSession(sessionId));
    const report = (): void => {
      const result = resultOf(host, sessionId);
      if (result) progress.report({ message: taskCountsText(result) });
    };
    const shown = throttled(host.clock, report, 250);
    const listening = host.runtime.onEvent((event) => {
      if (event.sessionId === sessionId) shown.changed();
    });
    report();
    await settled;
    listening.dispose();
    shown.dispose();
  });
  tellEnd(host, agents);
}

function resultOf({ runtime }: Host, sessionId: SessionId): AgentsResult | undefined {
  const state = runtime.session(sessionId);
  const [list] = state?.taskLists ?? [];
  return state && list && agentsResult(state, list);
}

function tellEnd(host: Host, { name, sessionId }: AgentsUnderWay): void {
  const result = resultOf(host, sessionId);
  if (!result) return;
  const { saveFile, unsaved, tasks } = result;
  const isGood = result.completed === result.total && !unsaved;
  const show = isGood ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const notSaved = unsaved ? [unsavedText({ notes: tasks.map(({ note }) => note) }, unsaved)] : [];
  const message = [`${name}: ${taskCountsText(result)}.`, ...notSaved].join(' ');
  tell(host.log, show, message, saveFile === undefined ? {} : { 'Open Answers': () => openFile(saveFile) });
}

async function openFile(file: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
}
