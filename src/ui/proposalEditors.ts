/** The diff editors in which a person looks at edits that wait for them. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { callOfUri, proposalUri, sideOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { Proposals } from './proposals.ts';
import { columnOf, endsQuestion } from './questionTabs.ts';
import { waitingFor } from './waiting.ts';

export interface ProposalEditors extends vscode.Disposable {
  /** Opens a diff for each file of the edit. */
  open(call: WaitingCall): Promise<void>;
}

export function registerProposalEditors({ runtime, clock }: Host): ProposalEditors {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const proposals = new Proposals(runtime, clock, (key) => {
    for (const uri of openDocuments(key)) changes.fire(uri);
  });
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changes.event,
    provideTextDocumentContent: async (uri) => {
      const question = callOfUri(uri);
      await runtime.openSession(question.sessionId); // An editor can be older than this window.
      const call = waitingFor(runtime, question);
      if (!call) return 'This edit waits for no answer any more.\n';
      const { place, side } = sideOfUri(uri);
      return (await proposals.of(call))[place]?.[side] ?? '';
    },
  };
  const subscriptions = [
    vscode.workspace.registerTextDocumentContentProvider(schemes.proposal, provider),
    runtime.onEvent((event) => {
      if (endsQuestion(event)) proposals.forget(`${event.sessionId}/${event.callId}`);
    }),
    changes,
    proposals,
  ];
  return {
    open: async (call) => openDiffs(call, await proposals.of(call)),
    dispose: () => void vscode.Disposable.from(...subscriptions).dispose(),
  };
}

async function openDiffs(call: WaitingCall, diffs: Awaited<ReturnType<Proposals['of']>>): Promise<void> {
  const viewColumn = columnOf(call) ?? vscode.ViewColumn.Active;
  for (const [place, { title, beforeName, afterName }] of [...diffs.entries()].toReversed()) {
    const before = proposalUri(call, place, 'before', beforeName);
    const after = proposalUri(call, place, 'after', afterName);
    await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: false, viewColumn });
  }
}

function openDocuments(key: string): readonly vscode.Uri[] {
  return vscode.workspace.textDocuments
    .map(({ uri }) => uri)
    .filter((uri) => {
      if (uri.scheme !== schemes.proposal) return false;
      const { sessionId, callId } = callOfUri(uri);
      return `${sessionId}/${callId}` === key;
    });
}
