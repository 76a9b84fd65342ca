/** Links from the calls in a conversation to their results, and to the conversations of the agents that they started. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import { conversationLinks } from '../views/conversationLinks.ts';
import { agentOfUri, conversationUri, resultUri } from './documentUris.ts';
import type { Host } from './host.ts';

export function registerConversationLinks({ runtime }: Pick<Host, 'runtime'>): vscode.Disposable {
  const provider: vscode.DocumentLinkProvider = {
    provideDocumentLinks: async (document) => {
      const { sessionId, agentId } = agentOfUri(document.uri);
      const state = await runtime.openSession(sessionId);
      const shown = state.agents.get(agentId);
      if (!shown) return [];
      return conversationLinks(document.getText(), state, shown).map(({ offset, length, call, agent }) => {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        const link = new vscode.DocumentLink(
          range,
          agent ? conversationUri(state, agent) : resultUri(state.id, call),
        );
        link.tooltip = agent ? 'Open its conversation' : 'Open its result';
        return link;
      });
    },
  };
  return vscode.languages.registerDocumentLinkProvider({ scheme: schemes.conversation }, provider);
}
