/** Follows in which folders of the workspace the commands of one line may find themselves, and what they read from there. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { isInside, resolveInside } from './containment.ts';

const maxFolders = 8;

/** The folders of one line; all of them canonical. */
export class ReadingFolders {
  private readonly seenRoots = new Set<string>();
  private readonly folders: Set<string>;
  private readonly workspace: readonly string[];
  private readonly canonicalRoots: readonly string[];
  private readonly files: Pick<Files, 'canonical'>;

  private constructor(place: Place, canonicalRoots: readonly string[], files: Pick<Files, 'canonical'>) {
    this.workspace = place.roots;
    this.canonicalRoots = canonicalRoots;
    this.files = files;
    this.folders = new Set([place.cwd]);
    this.see(place.cwd);
  }

  /** Undefined where the line would not start in the workspace. May reject. */
  static async start(
    { cwd, roots }: Place,
    files: Pick<Files, 'canonical'>,
  ): Promise<ReadingFolders | undefined> {
    const start = await resolveInside('.', { cwd, roots }, files);
    if (!start.ok) return undefined;
    const canonicalRoots: string[] = [];
    for (const root of roots) canonicalRoots.push(await files.canonical(root));
    return new ReadingFolders({ cwd: start.path, roots }, canonicalRoots, files);
  }

  /** Those in which a command may be by now. */
  get all(): ReadonlySet<string> {
    return this.folders;
  }

  /** The canonical roots in which something was resolved. */
  get roots(): readonly string[] {
    return [...this.seenRoots];
  }

  placeIn(folder: string): Place {
    return { cwd: folder, roots: this.workspace };
  }

  /** The canonical path of what a command in the folder names; undefined where that is outside, or not the same to everybody. */
  async resolve(named: string, folder: string): Promise<string | undefined> {
    if (climbsLate(named)) return undefined;
    const resolved = await resolveInside(named, this.placeIn(folder), this.files);
    if (!resolved.ok) return undefined;
    this.see(resolved.path);
    return resolved.path;
  }

  /**
   * Notes that the line may have gone from these folders to another, which is reached without links, so that `..` means the
   * same to everybody. The folders that it is then in; undefined where it must not go there.
   */
  async enter(named: string, from: ReadonlySet<string>): Promise<ReadonlySet<string> | undefined> {
    const entered = new Set<string>();
    for (const folder of from) {
      const resolved = await this.resolve(named, folder);
      if (resolved === undefined || resolved !== path.resolve(folder, named)) return undefined;
      entered.add(resolved);
    }
    for (const folder of entered) this.folders.add(folder);
    return this.folders.size <= maxFolders ? entered : undefined;
  }

  private see(file: string): void {
    for (const root of this.canonicalRoots) if (isInside(root, file)) this.seenRoots.add(root);
  }
}

/**
 * Whether the path goes up behind a folder: the system follows a link before it does so, and a path without links is only
 * spelled another way.
 */
export function climbsLate(named: string): boolean {
  const segments = named.split('/').filter((segment) => segment !== '.' && segment !== '');
  const up = segments.lastIndexOf('..');
  return up >= 0 && (named.startsWith('/') || segments.slice(0, up).some((segment) => segment !== '..'));
}
