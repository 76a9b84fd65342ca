/** Holds a folder, so that what is done in it reaches that folder and no other, whatever its path comes to lead to. */
import { constants, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/**
 * `descriptor`: through the system's name of an open folder, which Linux has. `path`: by its path, looked at again before and
 * after each step, so that a swap in between is noticed and not prevented.
 */
export type Holding = 'descriptor' | 'path';

const ownHolding: Holding = process.platform === 'linux' ? 'descriptor' : 'path';

// Linux's O_PATH: opens a folder without the right to list it. Node has no name for it.
const pathOnly = 0o10000000;

export class HeldFolder {
  /** The path at which the folder was found, with all links resolved. */
  readonly path: string;
  private readonly holding: Holding;
  private readonly stats: Stats;
  private readonly handle: FileHandle | undefined;

  private constructor(folder: string, holding: Holding, stats: Stats, handle?: FileHandle) {
    this.path = folder;
    this.holding = holding;
    this.stats = stats;
    this.handle = handle;
  }

  /**
   * The folder of a canonical path; undefined where the path leads to another one. Rejects with the system's error.
   * The caller closes it.
   */
  static hold(folder: string, holding: Holding = ownHolding): Promise<HeldFolder | undefined> {
    return HeldFolder.openAs(folder, folder, holding, 0);
  }

  /** A folder in this one; undefined where a link has its name, or where this one was moved. Rejects as `hold` does. */
  child(name: string): Promise<HeldFolder | undefined> {
    const noLink = constants.O_NOFOLLOW ?? 0;
    return HeldFolder.openAs(this.at(name), path.join(this.path, name), this.holding, noLink);
  }

  private static async openAs(
    reachedBy: string,
    folder: string,
    holding: Holding,
    flags: number,
  ): Promise<HeldFolder | undefined> {
    const held = await (holding === 'descriptor'
      ? HeldFolder.openDescriptor(reachedBy, folder, flags)
      : HeldFolder.lookAt(folder));
    if (held.isInPlace()) return held;
    await held.close();
    return undefined;
  }

  private static async openDescriptor(reachedBy: string, folder: string, flags: number): Promise<HeldFolder> {
    const handle = await open(reachedBy, pathOnly | constants.O_DIRECTORY | flags);
    try {
      const held = new HeldFolder(folder, 'descriptor', await handle.stat(), handle);
      held.descriptorPath();
      return held;
    } catch {
      await handle.close();
      return HeldFolder.lookAt(folder); // A machine without /proc, or one that hides it.
    }
  }

  private static async lookAt(folder: string): Promise<HeldFolder> {
    const stats = await stat(folder);
    if (!stats.isDirectory()) throw Object.assign(new Error(`${folder} is no folder`), { code: 'ENOTDIR' });
    return new HeldFolder(folder, 'path', stats);
  }

  /** A path that reaches what has this name in the folder. */
  at(name: string): string {
    return path.join(this.handle ? `/proc/self/fd/${this.handle.fd}` : this.path, name);
  }

  /** True if the folder's path leads to it now. Synchronous: nothing comes between answer and next step. */
  isInPlace(): boolean {
    try {
      if (this.handle) return isSameName(this.descriptorPath(), this.path);
      const { dev, ino } = statSync(this.path);
      return dev === this.stats.dev && ino === this.stats.ino && realpathSync.native(this.path) === this.path;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  private descriptorPath(): string {
    return readlinkSync(`/proc/self/fd/${this.handle?.fd}`);
  }
}

// A file system that takes names for the same may give back another spelling than the one that was asked for.
function isSameName(one: string, other: string): boolean {
  return one === other || folded(one) === folded(other);
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
