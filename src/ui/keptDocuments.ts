/** The read-only documents of texts that were kept before a file was changed, and what differs from them now. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { SessionId } from '../core/events.ts';
import type { RevertedFile } from '../core/reverts.ts';
import { documentName } from '../views/documentName.ts';
import type { Host } from './host.ts';

export function registerKeptDocuments({ runtime }: Pick<Host, 'runtime'>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(schemes.kept, {
    provideTextDocumentContent: async (uri) => {
      const [, sessionId = '', hash = ''] = uri.path.split('/');
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
      const original = before === null ? undefined : keptUri(sessionId, before, path);
      return [file, original, after === null ? undefined : file];
    });
  await vscode.commands.executeCommand('vscode.changes', `Reverted: ${name}`, resources);
}

/** `allsettled-kept:/<session>/<hash>/<file name>`: its name tells VS Code the language. */
function keptUri(sessionId: SessionId, hash: string, file: string): vscode.Uri {
  const name = documentName(file.split(/[\\/]/).at(-1) ?? '', 'file');
  return vscode.Uri.from({ scheme: schemes.kept, path: `/${sessionId}/${hash}/${name}` });
}
