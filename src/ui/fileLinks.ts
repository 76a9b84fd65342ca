/** Links from results and conversations to the files of the workspace that they name. */
import path from 'node:path';
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { SessionState } from '../core/states.ts';
import { fileMentions } from '../views/fileMentions.ts';
import type { FileMention } from '../views/fileMentions.ts';
import { agentOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { isInside } from './workplace.ts';

/** A file that does not exist, or lies outside of the session's folders, gets none. */
export function registerFileLinks({ runtime }: Pick<Host, 'runtime'>): vscode.Disposable {
  const provider: vscode.DocumentLinkProvider = {
    provideDocumentLinks: async (document, token) => {
      const state = await runtime.openSession(agentOfUri(document.uri).sessionId);
      const mentions = fileMentions(document.getText());
      const targets = await targetsOf(state, new Set(mentions.map(({ path: named }) => named)), token);
      return mentions.flatMap((mention) => {
        const target = targets.get(mention.path);
        return target ? [linkOf(document, mention, target)] : [];
      });
    },
  };
  const selector = [schemes.result, schemes.conversation].map((scheme) => ({ scheme }));
  return vscode.languages.registerDocumentLinkProvider(selector, provider);
}

/** The files by the words that name them; each is looked for once. */
async function targetsOf(
  state: SessionState,
  named: ReadonlySet<string>,
  token: vscode.CancellationToken,
): Promise<ReadonlyMap<string, vscode.Uri>> {
  const targets = new Map<string, vscode.Uri>();
  for (const name of named) {
    if (token.isCancellationRequested) break;
    const target = await existingFile(state, name);
    if (target) targets.set(name, target);
  }
  return targets;
}

async function existingFile({ cwd, roots }: SessionState, named: string): Promise<vscode.Uri | undefined> {
  for (const folder of new Set([cwd, ...roots])) {
    const file = path.resolve(folder, named);
    if (!roots.some((root) => isInside(file, root))) continue;
    const uri = vscode.Uri.file(file);
    const stat = await vscode.workspace.fs.stat(uri).then(undefined, () => undefined);
    if (stat && (stat.type & vscode.FileType.File) !== 0) return uri;
  }
  return undefined;
}

function linkOf(document: vscode.TextDocument, mention: FileMention, file: vscode.Uri): vscode.DocumentLink {
  const { offset, length, line, column = 1 } = mention;
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  return new vscode.DocumentLink(
    range,
    line === undefined ? file : file.with({ fragment: `L${line},${column}` }),
  );
}
