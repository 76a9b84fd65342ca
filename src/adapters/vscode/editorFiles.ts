/** Writes files through the editor: unsaved changes are kept, undo works, formatters and watchers see it. */
import * as vscode from 'vscode';
import type { FileGone, FileWrite, FileWritten } from '../../core/filePorts.ts';
import { smallestChange } from './smallestChange.ts';
import { openDocument, unsavedFiles } from './unsavedFiles.ts';

/** Fits the overlay of the node files: paths are canonical. */
export const editorFiles = {
  ...unsavedFiles,
  /**
   * Changes the document of a file and saves it, unless a person has unsaved changes in it: saving those is theirs.
   * Undefined where the editor can't show the text as it is on the disk, so that the disk is written.
   */
  async write({ path, text, replaces }: FileWrite): Promise<FileWritten | undefined> {
    if (replaces === undefined) return create(path, text);
    const document = openDocument(path) ?? (await load(path));
    if (document === undefined) return undefined;
    const wasUnsaved = document.isDirty;
    if (!wasUnsaved && !isUtf8(document)) return undefined;
    if (document.getText() !== replaces) return wasUnsaved ? changed(path) : undefined;
    const edit = new vscode.WorkspaceEdit();
    // What differs alone, so that cursors and folds elsewhere stay in place.
    const { start, end, newText } = smallestChange(replaces, text);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.replace(document.uri, range, newText);
    // VS Code refuses it where the document has changed since, so nothing that a person types is lost.
    if (!(await vscode.workspace.applyEdit(edit))) return changed(path);
    const isSaved = !wasUnsaved && (await save(document));
    return { ok: true, text: document.getText(), isUnsaved: !isSaved };
  },
  /** Undefined where the editor can't, so that the disk says why. */
  async remove(path: string): Promise<FileGone | undefined> {
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(vscode.Uri.file(path), { recursive: false, ignoreIfNotExists: false });
    return (await vscode.workspace.applyEdit(edit)) ? { ok: true } : undefined;
  },
  /** VS Code moves a document with its unsaved changes. Undefined where it can't, so that the disk says why. */
  async move(from: string, to: string): Promise<FileGone | undefined> {
    const edit = new vscode.WorkspaceEdit();
    const document = openDocument(from);
    // Opened through a link, it would stay behind.
    if (document?.isDirty && document.uri.fsPath !== from) return undefined;
    edit.renameFile(vscode.Uri.file(from), vscode.Uri.file(to), { overwrite: false });
    return (await vscode.workspace.applyEdit(edit)) ? { ok: true } : undefined;
  },
};

const mostSaves = 3;
const longestWaitMs = 2000;

/**
 * VS Code gives up a save now and then if another of its own steps comes between, such as its auto save. It takes the
 * next one, or has saved the document itself.
 */
async function save(document: vscode.TextDocument): Promise<boolean> {
  for (let saves = 0; saves < mostSaves; saves += 1) if (await document.save()) return true;
  return isCleanSoon(document);
}

/** True if a document is clean now, or soon. Its `isDirty` can change later than the end of its saving. */
async function isCleanSoon(document: vscode.TextDocument): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // A change of `isDirty` comes as a change without changes.
  const listening = vscode.workspace.onDidChangeTextDocument(() => !document.isDirty && resolve());
  const patience = setTimeout(resolve, longestWaitMs);
  if (document.isDirty) await promise;
  listening.dispose();
  clearTimeout(patience);
  return !document.isDirty;
}

/** The editor makes the file, so that undo takes it away again; where it can't, the disk says why. */
async function create(path: string, text: string): Promise<FileWritten | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const contents = new TextEncoder().encode(text);
  edit.createFile(vscode.Uri.file(path), { overwrite: false, contents });
  const isMade = await vscode.workspace.applyEdit(edit);
  if (!isMade) return undefined;
  void load(path); // Never rejects. Language services look at open documents alone.
  return { ok: true, text, isUnsaved: false };
}

async function load(path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  } catch {
    return undefined; // Too large for the editor, or binary to it.
  }
}

/** The editor would write other bytes than those of UTF-8. */
function isUtf8({ encoding }: vscode.TextDocument): boolean {
  return encoding === 'utf8' || encoding === 'utf8bom';
}

function changed(path: string): FileWritten {
  const message = `${path} changed in the editor while it was to be written; nothing was overwritten. Read it again.`;
  return { ok: false, error: { kind: 'changed', message } };
}
