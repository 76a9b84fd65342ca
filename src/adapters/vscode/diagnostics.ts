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
  const noteAll = (): void => vscode.languages.getDiagnostics().forEach(([uri]) => note(uri));
  noteAll();
  const noting = vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach(note));
  return {
    errorsOf: (file) =>
      vscode.languages
        .getDiagnostics(uriOf(file))
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
        .map(({ range, message }): FileError => ({ line: range.start.line + 1, message })),
    watch(file, onReport) {
      // VS Code collects reports for 50 ms before it tells of them.
      if (!reported.has(path.extname(file))) noteAll();
      if (!reported.has(path.extname(file)) && !isShown(file)) return undefined;
      const before = {
        version: openDocument(file)?.version,
        reports: vscode.languages.getDiagnostics(uriOf(file)),
      };
      return vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const own = uriOf(file);
        if (!uris.some((uri) => uri.toString() === own.toString())) return;
        // It takes a file from the disk late, too: until then the report is on the text before.
        if (before.version !== undefined && openDocument(file)?.version === before.version) return;
        if (!isStill(before.reports, vscode.languages.getDiagnostics(own))) onReport();
      });
    },
    dispose: () => void noting.dispose(),
  };
}

/** The very same reports, so that none was made since. None and none are no proof: a service says so anew of each text. */
function isStill(before: readonly vscode.Diagnostic[], now: readonly vscode.Diagnostic[]): boolean {
  return before.length > 0 && before.length === now.length && before.every((each, at) => each === now[at]);
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
