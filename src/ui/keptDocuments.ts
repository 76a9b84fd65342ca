/** The read-only documents of texts that were kept before a file was changed, and what differs from them now. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { SessionId } from '../core/events.ts';
import type { RevertedFile } from '../core/reverts.ts';
import type { Host } from './host.ts';

export function registerKeptDocuments({ runtime }: Pick<Host, 'runtime'>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(schemes.kept, {
    provideTextDocumentContent: async (uri) => {
      const [sessionId = '', hash = ''] = uri.query.split('/');
      return (await (await runtime.get()).keptText(sessionId, hash)) ?? 'This text is not kept any more.\n';
    },
  });
}

/** Shows each restored file beside what stood there before; what only moved has no difference. */
export async function showRestored(
  sessionId: SessionId,
  name: string,
  restored: readonly RevertedFile[],
): Promise<void> {
  const resources = restored
    .filter(({ movedFrom }) => movedFrom === undefined)
    .map(({ path, before, after }) => {
      const file = vscode.Uri.file(path);
      const original = before === null ? undefined : keptUri(sessionId, before, file);
      return [file, original, after === null ? undefined : file];
    });
  await vscode.commands.executeCommand('vscode.changes', `Reverted: ${name}`, resources);
}

/** `allsettled-kept:<path of the file>?<session>/<hash>`: the same path tells VS Code that it is the same file. */
function keptUri(sessionId: SessionId, hash: string, file: vscode.Uri): vscode.Uri {
  return file.with({ scheme: schemes.kept, query: `${sessionId}/${hash}` });
}
