/** The calls that wait for this person, as commands ask for them. */
import * as vscode from 'vscode';
import { waitingCall } from '../views/waitingCalls.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import type { LazyRuntime } from './lazyRuntime.ts';
import { questionOfTab } from './questionTabs.ts';
import type { Question } from './questionTabs.ts';
import { questionOfUri } from './documentUris.ts';
import { callOfRow } from './rowTargets.ts';

/** Those that can be answered in this window, the oldest first. */
export function waitingIn(runtime: LazyRuntime): readonly WaitingCall[] {
  return runtime.waitingApprovals().flatMap(({ request }) => waitingFor(runtime, request) ?? []);
}

/** The call of a row, of a question's editor, or of the editor in front; undefined where none of them waits. */
export function askedAbout(runtime: LazyRuntime, asked: unknown): WaitingCall | undefined {
  if (typeof asked === 'string') {
    const found = callOfRow(runtime, asked);
    return found && waitingCall(found.state, found.call);
  }
  const uri = asked instanceof vscode.Uri ? asked : undefined;
  const inFront = vscode.window.tabGroups.activeTabGroup.activeTab;
  const question = (uri && questionOfUri(uri)) ?? (inFront && questionOfTab(inFront));
  return question && waitingFor(runtime, question);
}

export function waitingFor(runtime: LazyRuntime, { sessionId, callId }: Question): WaitingCall | undefined {
  const state = runtime.session(sessionId);
  const call = state?.calls.get(callId);
  return state && call && waitingCall(state, call);
}
