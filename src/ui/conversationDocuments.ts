/** The documents of agents' conversations, which grow while the model writes. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { LiveEvent } from '../core/events.ts';
import { conversation } from '../views/conversation.ts';
import type { PartialBlock } from '../views/conversation.ts';
import { agentOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';

type LiveText = Extract<LiveEvent, { type: 'live.text' }>;

export function registerConversationDocuments({ runtime, clock }: Host): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const partial = new Map<string, Map<number, PartialBlock>>();
  const changedSessions = new Set<string>();
  const redraw = throttled(clock, () => {
    for (const uri of openDocuments()) if (changedSessions.has(agentOfUri(uri).sessionId)) changes.fire(uri);
    changedSessions.clear();
  });
  const touch = (sessionId: string): void => {
    changedSessions.add(sessionId);
    redraw.changed();
  };
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changes.event,
    provideTextDocumentContent: async (uri) => {
      const { sessionId, agentId } = agentOfUri(uri);
      const state = await runtime.openSession(sessionId);
      const agent = state.agents.get(agentId);
      if (!agent) return `There is no agent ${agentId} in the session ${sessionId}.\n`;
      return conversation(state, agent, (turnId) => [
        ...(partial.get(`${sessionId}/${turnId}`)?.values() ?? []),
      ]);
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(schemes.conversation, provider),
    changes,
    redraw,
    runtime.onLive((event) => {
      if (event.type !== 'live.text') return;
      append(partial, event);
      touch(event.sessionId);
    }),
    runtime.onEvent((event) => {
      const isOver = event.type === 'turn.ended' || event.type === 'turn.discarded';
      if (isOver || event.type === 'turn.started') partial.delete(`${event.sessionId}/${event.turnId}`);
      touch(event.sessionId);
    }),
  );
}

function append(partial: Map<string, Map<number, PartialBlock>>, event: LiveText): void {
  const key = `${event.sessionId}/${event.turnId}`;
  const blocks = partial.get(key) ?? new Map<number, PartialBlock>();
  const text = (blocks.get(event.index)?.text ?? '') + event.delta;
  partial.set(key, blocks.set(event.index, { index: event.index, block: event.block, text }));
}

function openDocuments(): readonly vscode.Uri[] {
  const uris = vscode.workspace.textDocuments.map(({ uri }) => uri);
  return uris.filter(({ scheme }) => scheme === schemes.conversation);
}
