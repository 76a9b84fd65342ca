/** The stable addresses of results, conversations, questions and proposed edits. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { AgentId } from '../core/agents.ts';
import type { Agent, Call, SessionState } from '../core/states.ts';
import type { CallId } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import { callArgument } from '../views/callArgument.ts';
import { addressPart, conversationName, documentName, idOfAddress } from '../views/documentName.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';

/** `allsettled-result:/<session>/<call id>/<tool and argument>.txt`; a call's address never changes. */
export function resultUri(sessionId: SessionId, call: Pick<Call, 'id' | 'tool' | 'input'>): vscode.Uri {
  const path = `/${sessionId}/${addressPart(call.id)}/${documentName(`${call.tool} ${callArgument(call.tool, call.input)}`, 'call')}.txt`;
  return vscode.Uri.from({ scheme: schemes.result, path });
}

export function callOfUri(uri: vscode.Uri): { sessionId: SessionId; callId: CallId } {
  const [, sessionId = '', callId = ''] = uri.path.split('/');
  return { sessionId, callId: idOfAddress(callId) };
}

/** `allsettled-approval:/<session>/<call id>/<tool and first line>.txt`: the question about a call. */
export function approvalUri(call: WaitingCall): vscode.Uri {
  const { sessionId, callId, request } = call;
  const [line = ''] = request.subject.split('\n', 1);
  const path = `/${sessionId}/${addressPart(callId)}/${documentName(`${request.tool} ${line}`, 'call')}.txt`;
  return vscode.Uri.from({ scheme: schemes.approval, path });
}

/** `allsettled-proposal:/<session>/<call id>/<place in the edit>/<side>/<name>`: its name tells VS Code the language. */
export function proposalUri(
  { sessionId, callId }: WaitingCall,
  place: number,
  side: ProposalSide,
  name: string,
): vscode.Uri {
  const path = `/${sessionId}/${addressPart(callId)}/${place}/${side}/${name}`;
  return vscode.Uri.from({ scheme: schemes.proposal, path });
}

/** `allsettled-edit:/<session>/<call id>/<place in the edit>/<side>/<name>`, of an edit that was made. */
export function editUri(
  sessionId: SessionId,
  callId: CallId,
  place: number,
  side: ProposalSide,
  name: string,
): vscode.Uri {
  const path = `/${sessionId}/${addressPart(callId)}/${place}/${side}/${name}`;
  return vscode.Uri.from({ scheme: schemes.edit, path });
}

export type ProposalSide = 'before' | 'after';

export function sideOfUri(uri: vscode.Uri): { place: number; side: ProposalSide } {
  const [, , , place = '', side] = uri.path.split('/');
  return { place: Number(place), side: side === 'before' ? 'before' : 'after' };
}

/** The call that a document of these two asks about. */
export function questionOfUri(uri: vscode.Uri): ReturnType<typeof callOfUri> | undefined {
  return uri.scheme === schemes.approval || uri.scheme === schemes.proposal ? callOfUri(uri) : undefined;
}

/**
 * `allsettled-conversation:/<session>/<agent>/<name>.md`; of the demo, with `recording` before the name, because
 * menus know by it that no model answers there.
 */
export function conversationUri(state: SessionState, agent: Agent): vscode.Uri {
  const name = `${conversationName(state, agent)}.md`;
  const path = `/${state.id}/${addressPart(agent.id)}/${agent.model === 'replay' ? `recording/${name}` : name}`;
  return vscode.Uri.from({ scheme: schemes.conversation, path });
}

export function agentOfUri(uri: vscode.Uri): { sessionId: SessionId; agentId: AgentId } {
  const [, sessionId = '', agentId = ''] = uri.path.split('/');
  return { sessionId, agentId: idOfAddress(agentId) };
}
