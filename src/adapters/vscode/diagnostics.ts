/** What the language services of the window report of files. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../core/emitter.ts';
import type { Diagnostics, FileError } from '../../core/filePorts.ts';
import { openDocument } from './unsavedFiles.ts';

/** Kinds of files are told by their name's ending, because most files of a language are never opened. The caller disposes. */
export function createDiagnostics(): Diagnostics & Disposable {
  const reported = new Set<string>();
  const note = (uri: vscode.Uri): void => {
    if (vscode.languages.getDiagnostics(uri).length > 0) reported.add(path.extname(uri.path));
  };
  for (const [uri] of vscode.languages.getDiagnostics()) note(uri);
  const noting = vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach(note));
  return {
    errorsOf: (file) =>
      vscode.languages
        .getDiagnostics(uriOf(file))
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
        .map(({ range, message }): FileError => ({ line: range.start.line + 1, message })),
    watch(file, onReport) {
      if (!reported.has(path.extname(file)) && !isShown(file)) return undefined;
      const opened = openDocument(file);
      const version = opened?.version;
      // VS Code tells of reports late, and takes a file from the disk late: until then they are of the text before.
      const isOfTextBefore = (): boolean => opened !== undefined && openDocument(file)?.version === version;
      return vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const own = uriOf(file).toString();
        if (uris.some((uri) => uri.toString() === own) && !isOfTextBefore()) onReport();
      });
    },
    dispose: () => void noting.dispose(),
  };
}

/** The name that the document was opened under, which a link may differ from the file's. */
function uriOf(file: string): vscode.Uri {
  return openDocument(file)?.uri ?? vscode.Uri.file(file);
}

/** In a tab, in a language that may have a service. */
function isShown(file: string): boolean {
  const document = openDocument(file);
  if (document === undefined || document.languageId === 'plaintext') return false;
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === document.uri.toString(),
    ),
  );
}
