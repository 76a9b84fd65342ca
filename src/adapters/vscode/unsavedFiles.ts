/** The text of open documents that have not been saved, so that tools see what the person sees. */
import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';

/** Fits the overlay of the node files: paths are canonical. */
export const unsavedFiles = {
  unsavedText(path: string): string | undefined {
    const open = vscode.workspace.textDocuments.filter(
      ({ isDirty, uri }) => isDirty && uri.scheme === 'file',
    );
    return open.find(({ uri }) => canonical(uri.fsPath) === path)?.getText();
  },
};

function canonical(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path; // A file that is gone from the disk keeps the path it was opened under.
  }
}
