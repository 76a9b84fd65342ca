/** Reads the files of a workspace that is not on a disk through VS Code. */
import * as vscode from 'vscode';
import type { VirtualDisk, VirtualEntry } from '../../core/filePorts.ts';
import { virtualAddress } from '../../core/virtualPath.ts';

export const virtualDisk: VirtualDisk = {
  async stat(path) {
    const { type, size } = await vscode.workspace.fs.stat(uriOf(path));
    return { kind: kindOf(type), bytes: size };
  },
  async readFolder(path) {
    const entries = await vscode.workspace.fs.readDirectory(uriOf(path));
    return entries.map(([name, type]) => ({ name, kind: kindOf(type) }));
  },
  readFile: async (path) => vscode.workspace.fs.readFile(uriOf(path)),
  unsavedText(path) {
    const address = uriOf(path).toString();
    const open = vscode.workspace.textDocuments.find(
      ({ uri, isDirty }) => isDirty && uri.toString() === address,
    );
    return open?.getText();
  },
};

function uriOf(path: string): vscode.Uri {
  const address = virtualAddress(path);
  if (!address) throw new Error(`${path} is no path of a virtual workspace.`);
  return vscode.Uri.from(address);
}

/** A link is flagged beside what it leads to. */
function kindOf(type: vscode.FileType): VirtualEntry['kind'] {
  if (type === vscode.FileType.File) return 'file';
  return type === vscode.FileType.Directory ? 'folder' : 'other';
}
