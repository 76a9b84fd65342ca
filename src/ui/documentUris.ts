/** The stable addresses of results and conversations. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { AgentId } from '../core/agents.ts';
import type { Agent, Call } from '../core/states.ts';
import type { CallId } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import { callArgument } from '../views/callArgument.ts';

/** `allsettled-result:/<session>/<call id>/<tool and argument>.txt`; a call's address never changes. */
export function resultUri(sessionId: SessionId, call: Pick<Call, 'id' | 'tool' | 'input'>): vscode.Uri {
  const path = `/${sessionId}/${encodeURIComponent(call.id)}/${fileName(`${call.tool} ${callArgument(call.tool, call.input)}`, 'call')}.txt`;
  return vscode.Uri.from({ scheme: schemes.result, path });
}

export function callOfUri(uri: vscode.Uri): { sessionId: SessionId; callId: CallId } {
  const [, sessionId = '', callId = ''] = uri.path.split('/');
  return { sessionId, callId: decodeURIComponent(callId) };
}

/** `allsettled-conversation:/<session>/<agent>/<label>.md`. */
export function conversationUri(sessionId: SessionId, agent: Pick<Agent, 'id' | 'label'>): vscode.Uri {
  const path = `/${sessionId}/${encodeURIComponent(agent.id)}/${fileName(agent.label, 'conversation')}.md`;
  return vscode.Uri.from({ scheme: schemes.conversation, path });
}

export function agentOfUri(uri: vscode.Uri): { sessionId: SessionId; agentId: AgentId } {
  const [, sessionId = '', agentId = ''] = uri.path.split('/');
  return { sessionId, agentId: decodeURIComponent(agentId) };
}

function fileName(text: string, fallback: string): string {
  const words = text.replace(/[^\p{L}\p{N}._-]+/gu, ' ').trim();
  return words.slice(0, 40).trim() || fallback;
}
