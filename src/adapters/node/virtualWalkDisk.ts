/** What a walk asks of a disk, asked of a workspace that only the editor can read. */
import type { VirtualDisk } from '../../core/filePorts.ts';
import type { WalkDisk } from './walkDisk.ts';

/** A link is `other` here, so none is followed. */
export function virtualWalkDisk(disk: VirtualDisk): WalkDisk {
  return {
    readFolder: (folder) => disk.readFolder(folder),
    async kindOf(path) {
      try {
        return (await disk.stat(path)).kind;
      } catch {
        return undefined;
      }
    },
    linkTarget: () => Promise.resolve({ kind: 'nothing' }),
    async readText(file) {
      try {
        const { kind } = await disk.stat(file);
        return kind === 'file' ? new TextDecoder().decode(await disk.readFile(file)) : undefined;
      } catch {
        return undefined;
      }
    },
    // A virtual workspace shows no `.git`.
    readBytes: () => Promise.resolve(undefined),
  };
}
