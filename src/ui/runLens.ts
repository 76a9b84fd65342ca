/** The lens above a file that can be run; in Restricted Mode it says why it can't, and leads to where that is changed. */
import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';

export interface RunLens {
  /** `Run batch`. */
  readonly title: string;
  readonly tooltip: string;
  /** Is given the file's address. */
  readonly command: CommandId;
}

const top = new vscode.Range(0, 0, 0, 0);

/** Shows the lens at the beginning of each file that the glob matches; trust that is granted later changes it at once. */
export function registerRunLens(
  pattern: string,
  lensOf: (document: vscode.TextDocument) => RunLens,
): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { pattern },
    {
      onDidChangeCodeLenses: vscode.workspace.onDidGrantWorkspaceTrust,
      provideCodeLenses: (document) => [new vscode.CodeLens(top, commandOf(lensOf(document), document.uri))],
    },
  );
}

function commandOf({ title, tooltip, command }: RunLens, uri: vscode.Uri): vscode.Command {
  if (vscode.workspace.isTrusted) return { title: `$(run-all) ${title}`, tooltip, command, arguments: [uri] };
  return {
    title: `$(shield) ${title}: not in Restricted Mode`,
    tooltip: 'Nothing of a folder that you have not trusted is run. Click to manage workspace trust.',
    command: 'workbench.trust.manage',
  };
}
