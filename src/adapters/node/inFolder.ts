/** Runs work in the folder of a file, which is held meanwhile; missing folders are made, and taken away where nothing came of it. */
import { mkdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import { HeldFolder } from './heldFolder.ts';
import { folderError, writeError } from './writeErrors.ts';

/** A file in its folder. */
export interface FileInFolder {
  /** Canonical. */
  readonly file: string;
  readonly folder: HeldFolder;
  readonly name: string;
  /** A path that reaches the file in the folder that is held. */
  readonly reach: string;
}

export type WorkInFolder = (place: FileInFolder) => Promise<CallError | undefined>;

/** Rejects as the work does, and with the system's error where the folder can't be held. */
export async function inFolder(file: string, work: WorkInFolder): Promise<CallError | undefined> {
  const folder = await HeldFolder.hold(path.dirname(file));
  if (folder === undefined) return leadsElsewhere(file);
  try {
    return await work(placeIn(folder, file));
  } finally {
    await folder.close();
  }
}

/** As `inFolder`. `root` is canonical: nothing is made where it is gone; absent: any folder may be made. */
export async function inMadeFolder(
  file: string,
  root: string | undefined,
  work: WorkInFolder,
): Promise<CallError | undefined> {
  const chain = await FolderChain.make(path.dirname(file), root);
  if (!(chain instanceof FolderChain)) return chain;
  let isDone = false;
  try {
    const problem = await work(placeIn(chain.last, file));
    isDone = problem === undefined;
    return problem;
  } finally {
    if (!isDone) await chain.takeBack();
    await chain.close();
  }
}

/** The error for a path that leads to another place than the one that was checked. */
export function leadsElsewhere(file: string): CallError {
  return {
    kind: 'changed',
    message: `A folder of ${file} was replaced by a link or moved, so nothing was changed. Look again.`,
  };
}

/** The error where the workspace itself is gone; undefined where it is there. Never rejects. */
export async function goneRoot(root: string | undefined): Promise<CallError | undefined> {
  if (root === undefined) return undefined;
  const folder = await HeldFolder.hold(root).catch(() => undefined);
  await folder?.close();
  return folder === undefined ? rootIsGone(root) : undefined;
}

function rootIsGone(root: string): CallError {
  const message = `The folder ${root} is gone or was moved, so nothing was written. Ask the person where the work is to go on.`;
  return { kind: 'changed', message };
}

function placeIn(folder: HeldFolder, file: string): FileInFolder {
  const name = path.basename(file);
  return { file, folder, name, reach: folder.at(name) };
}

/** A folder that was there, and those below it that were made on the way to another. */
class FolderChain {
  private readonly folders: HeldFolder[];
  private readonly made: { readonly parent: HeldFolder; readonly name: string }[] = [];

  private constructor(first: HeldFolder) {
    this.folders = [first];
  }

  static async make(folder: string, root: string | undefined): Promise<FolderChain | CallError> {
    const missing: string[] = [];
    let at = folder;
    let nearest = await nearestAt(at);
    while (nearest === 'missing') {
      if (at === root) return rootIsGone(root);
      missing.unshift(path.basename(at));
      at = path.dirname(at);
      nearest = await nearestAt(at);
    }
    if (nearest === 'elsewhere') return leadsElsewhere(folder);
    if (!(nearest instanceof HeldFolder)) return nearest;
    const chain = new FolderChain(nearest);
    const problem = await chain.extend(missing);
    if (problem === undefined) return chain;
    await chain.takeBack();
    await chain.close();
    return problem;
  }

  get last(): HeldFolder {
    return this.folders.at(-1) as HeldFolder;
  }

  /** Only what is empty: another program may have begun to use it. */
  async takeBack(): Promise<void> {
    for (const { parent, name } of this.made.toReversed())
      await rmdir(parent.at(name)).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const folder of this.folders) await folder.close();
  }

  private async extend(names: readonly string[]): Promise<CallError | undefined> {
    for (const name of names) {
      const parent = this.last;
      const folder = path.join(parent.path, name);
      try {
        if (!parent.isInPlace()) return leadsElsewhere(folder);
        await mkdir(parent.at(name)).then(
          () => this.made.push({ parent, name }),
          (error: NodeJS.ErrnoException) => {
            if (error.code !== 'EEXIST') throw error;
          },
        );
        const child = await parent.child(name);
        if (child === undefined) return leadsElsewhere(folder);
        this.folders.push(child);
      } catch (error) {
        return folderError(folder, error);
      }
    }
    return undefined;
  }
}

async function nearestAt(folder: string): Promise<HeldFolder | 'missing' | 'elsewhere' | CallError> {
  try {
    return (await HeldFolder.hold(folder)) ?? 'elsewhere';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' && path.dirname(folder) !== folder ? 'missing' : writeError(folder, error);
  }
}
