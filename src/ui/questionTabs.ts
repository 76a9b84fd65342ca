/** The editors that show what waiting calls ask for; they close when their call waits no more. */
import * as vscode from 'vscode';
import type { CallId } from '../core/calls.ts';
import type { SessionEvent, SessionId } from '../core/events.ts';
import { questionOfUri } from './documentUris.ts';
import type { Host } from './host.ts';

/** A call that was asked about. */
export interface Question {
  readonly sessionId: SessionId;
  readonly callId: CallId;
}

/** What a tab asks; undefined for every other tab. */
export function questionOfTab({ input }: vscode.Tab): Question | undefined {
  if (input instanceof vscode.TabInputTextDiff) return questionOfUri(input.modified);
  return input instanceof vscode.TabInputText ? questionOfUri(input.uri) : undefined;
}

/** The column in which an editor of the call is open; one more would be opened in any other. */
export function columnOf(question: Question): vscode.ViewColumn | undefined {
  return tabsOf(question)[0]?.group.viewColumn;
}

/** The column in which an editor of any call is open, so that the questions of many calls don't take a column each. */
export function columnOfQuestions(): vscode.ViewColumn | undefined {
  return allTabs().find((tab) => questionOfTab(tab) !== undefined)?.group.viewColumn;
}

/** The tabs that show what a call asks for. */
function tabsOf({ sessionId, callId }: Question): readonly vscode.Tab[] {
  return allTabs().filter((tab) => {
    const question = questionOfTab(tab);
    return question?.sessionId === sessionId && question.callId === callId;
  });
}

function allTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
}

export function registerQuestionTabs({ runtime, log }: Host): vscode.Disposable {
  return runtime.onEvent((event) => {
    if (!endsQuestion(event)) return;
    const tabs = tabsOf(event);
    if (tabs.length === 0) return;
    const failed = (error: unknown): void => log.error('The editor of a question can not be closed.', error);
    vscode.window.tabGroups.close(tabs, true).then(undefined, failed);
  });
}

/** True for an event after which its call waits no more. */
export function endsQuestion(event: SessionEvent): event is SessionEvent & { readonly callId: CallId } {
  return event.type === 'approval.answered' || event.type === 'call.settled';
}
