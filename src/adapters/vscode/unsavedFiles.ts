/** The text of open documents that have not been saved, so that tools see what the person sees. */
import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';

/** Fits the overlay of the node files: paths are canonical. */
export const unsavedFiles = {
  unsavedText: (path: string): string | undefined => documentOf(path, ({ isDirty }) => isDirty)?.getText(),
};

/** The document of a file that is open; the one with unsaved changes where it is open under several names. */
export function openDocument(path: string): vscode.TextDocument | undefined {
  return documentOf(path, ({ isDirty }) => isDirty) ?? documentOf(path, () => true);
}

function documentOf(
  path: string,
  fits: (document: vscode.TextDocument) => boolean,
): vscode.TextDocument | undefined {
  const open = vscode.workspace.textDocuments.filter(
    ({ isClosed, uri }) => !isClosed && uri.scheme === 'file',
  );
  return open.filter(fits).find(({ uri }) => canonical(uri.fsPath) === path);
}

function canonical(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path; // A file that is gone from the disk keeps the path it was opened under.
  }
}
