/** The files of the disk, and those of a workspace that only the editor can read, told apart by their paths. */
import type { Files, TextSearch, VirtualDisk } from '../../core/filePorts.ts';
import { virtualAddress } from '../../core/virtualPath.ts';
import { searchFileByFile } from './searchFileByFile.ts';
import { readSearchPattern } from './searchPattern.ts';
import { readWholeTexts } from './textParts.ts';
import { invalid, limitMs, wantedFiles } from './textSearch.ts';
import { createVirtualFiles } from './virtualFiles.ts';

const maxVirtualBytes = 5 * 1024 * 1024;

/** `virtual` absent: there is none. */
export function filesByPlace(onDisk: Files, virtual: VirtualDisk | undefined): Files {
  if (!virtual) return onDisk;
  const inEditor = createVirtualFiles(virtual);
  const of = (path: string): Files => (virtualAddress(path) ? inEditor : onDisk);
  return {
    canonical: (path) => of(path).canonical(path),
    readText: (path, ...rest) => of(path).readText(path, ...rest),
    readLines: (path, ...rest) => of(path).readLines(path, ...rest),
    bytesHash: (path, signal) => of(path).bytesHash(path, signal),
    traits: (path) => of(path).traits(path),
    write: (write, signal) => of(write.path).write(write, signal),
    restoreTorn: (torn, signal) => of(torn.path).restoreTorn(torn, signal),
    writeToDisk: (write, signal) => of(write.path).writeToDisk(write, signal),
    names: (folder) => of(folder).names(folder),
    isLink: (path) => of(path).isLink(path),
    links: (folder, isEntered) => of(folder).links(folder, isEntered),
    remove: (path, ...rest) => of(path).remove(path, ...rest),
    move: (from, to, ...rest) => (of(from) === of(to) ? of(from) : inEditor).move(from, to, ...rest),
    list: (folder, ...rest) => of(folder).list(folder, ...rest),
  };
}

/** As `filesByPlace`: what is not on a disk is searched file by file. */
export function searchByPlace(
  onDisk: TextSearch,
  files: Files,
  virtual: VirtualDisk | undefined,
): TextSearch {
  return {
    async search(query, signal) {
      if (!virtual || !virtualAddress(query.path)) return onDisk.search(query, signal);
      const isFolder = await virtual.stat(query.path).then(
        ({ kind }) => kind === 'folder',
        () => true,
      );
      const read = readSearchPattern(query);
      if (!read.ok) return read;
      const readParts = readWholeTexts(files, maxVirtualBytes);
      const glob = wantedFiles(query);
      if (glob?.kind === 'problem') return invalid(glob.message);
      const target = { query, isFolder, pattern: read.pattern, glob };
      return searchFileByFile({ files, readParts, limitMs }, target, signal);
    },
  };
}
