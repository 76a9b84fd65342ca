/** The changes in an agent's worktree, in VS Code's own editor for changes: before on one side, the file itself on the other. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { KnownWorktree, WorktreeChange, WorktreeOwner } from '../core/worktrees.ts';
import { oneLine } from '../views/plainText.ts';
import type { Host } from './host.ts';

/** Serves the texts of before. */
export function registerWorktreeChanges({ runtime }: Pick<Host, 'runtime'>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(schemes.before, {
    provideTextDocumentContent: async (uri, token) => {
      const place = placeOfUri(uri);
      if (!place) return '';
      const { worktrees } = await runtime.get();
      const known = await worktrees.find(place.owner);
      if (!known) return 'The worktree is gone.\n';
      const stopping = new AbortController();
      token.onCancellationRequested(() => stopping.abort());
      const before = await worktrees.textBefore(known, place.path, stopping.signal);
      return before.ok ? before.text : `${before.error.message}\n`;
    },
  });
}

/** Opens one editor with all of them. */
export async function showWorktreeChanges(
  known: KnownWorktree,
  changes: readonly WorktreeChange[],
): Promise<void> {
  const rows = changes.map((change) => [
    vscode.Uri.file(change.file),
    change.change === 'added' ? undefined : beforeUri(known, change),
    change.change === 'deleted' ? undefined : vscode.Uri.file(change.file),
  ]);
  await vscode.commands.executeCommand('vscode.changes', `Worktree of “${oneLine(known.label, 60)}”`, rows);
}

/** `allsettled-before:<the file's own path>?["<session>","<agent>","<path in the repository>"]`; another path would look renamed. */
function beforeUri({ sessionId, agentId }: WorktreeOwner, { path, file }: WorktreeChange): vscode.Uri {
  const query = JSON.stringify([sessionId, agentId, path]);
  return vscode.Uri.file(file).with({ scheme: schemes.before, query });
}

function placeOfUri({ query }: vscode.Uri): { owner: WorktreeOwner; path: string } | undefined {
  const place: unknown = JSON.parse(query);
  if (!Array.isArray(place)) return undefined;
  const [sessionId, agentId, path] = place.map(String);
  if (sessionId === undefined || agentId === undefined || path === undefined) return undefined;
  return { owner: { sessionId, agentId }, path };
}
