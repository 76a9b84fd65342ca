/** Lists the files that match a glob, on any disk, and counts what was left out. */
import path from 'node:path';
import type { FileListing, InsteadOfFiles, ListOptions } from '../../core/filePorts.ts';
import { compileGlob, type Glob } from './globPattern.ts';
import { findGlobStart, type GlobStart } from './globStart.ts';
import { rulesAround, type FolderRules, type PersonFolders, type RuleReader } from './ignoreSources.ts';
import { lookForOthers } from './insteadOfFiles.ts';
import { isInside } from './isInside.ts';
import { UnlistedCount } from './unlisted.ts';
import { readError } from './readRegularFile.ts';
import type { WalkDisk } from './walkDisk.ts';
import { walkTree, type WalkedEntry, type WalkVisitor } from './walkTree.ts';

export interface ListRequest extends ListOptions {
  readonly disk: WalkDisk;
  readonly person: PersonFolders;
  /** Canonical. */
  readonly folder: string;
  readonly glob: string;
  readonly limit: number;
}

type Listed = Extract<FileListing, { ok: true }>;

/** A folder that can't be read is an error if it was named, else it is passed over. Rejects if it is stopped. */
export async function listMatching(request: ListRequest, signal: AbortSignal): Promise<FileListing> {
  signal.throwIfAborted();
  const { folder, disk, isForNames = false } = request;
  const glob = compileGlob(request.glob, { isForNames });
  if (glob.kind === 'problem') return { ok: false, error: { kind: 'invalidInput', message: glob.message } };
  const start = await findGlobStart(folder, glob, disk);
  return start.kind === 'folder' ? new Listing(request, glob, start).find(signal) : ofOnePlace(start);
}

function ofOnePlace(start: Exclude<GlobStart, { kind: 'folder' }>): Listed {
  const unlisted = new UnlistedCount();
  if (start.kind === 'link')
    (start.leadsTo === 'elsewhere' ? unlisted.outsideLinks : unlisted.brokenLinks).add(start.shown);
  const paths = start.kind === 'file' ? [start.shown] : [];
  return { ok: true, paths, isCut: false, unlisted: unlisted.result(undefined), insteadOfFiles: [] };
}

type FolderStart = Extract<GlobStart, { kind: 'folder' }>;

/** One walk for one glob. */
class Listing implements WalkVisitor {
  private readonly request: ListRequest;
  private readonly glob: Glob;
  private readonly start: FolderStart;
  private readonly paths: string[] = [];
  private readonly unlisted = new UnlistedCount();
  private readonly reader: RuleReader;
  private unreadableStart: unknown;

  constructor(request: ListRequest, glob: Glob, start: FolderStart) {
    this.request = request;
    this.glob = glob;
    this.start = start;
    const { disk, person, folder } = request;
    const onUnreadable = (file: string): void => this.unlisted.unreadable.add(path.relative(folder, file));
    this.reader = { disk, person, onUnreadable };
  }

  async find(signal: AbortSignal): Promise<FileListing> {
    const { folder, roots, limit } = this.request;
    const { at } = this.start;
    const outermost = roots?.find((root) => isInside(root, at)) ?? folder;
    const rules = await rulesAround(at, outermost, this.reader);
    await walkTree({ folder: at, rules, reader: this.reader }, this, signal);
    if (this.unreadableStart !== undefined) return { ok: false, error: readError(at, this.unreadableStart) };
    const isCut = this.paths.length > limit;
    const { ignoredBy } = rules;
    const unlisted = this.unlisted.result(ignoredBy && { path: this.start.shown, by: ignoredBy.source });
    const insteadOfFiles = this.paths.length > 0 ? [] : await this.others(rules, signal);
    return { ok: true, paths: this.paths.slice(0, limit), isCut, unlisted, insteadOfFiles };
  }

  enters(folder: WalkedEntry): boolean {
    return (
      (folder.ignoredBy === undefined || folder.hasTracked) && this.glob.mayMatchIn(this.shown(folder.path))
    );
  }

  async visit(entry: WalkedEntry): Promise<boolean> {
    const shown = this.shown(entry.path);
    const isWanted = entry.kind === 'folder' ? this.glob.mayMatchIn(shown) : this.glob.matches(shown);
    if (entry.ignoredBy !== undefined) {
      if (isWanted && !entry.hasTracked) this.unlisted.addIgnored(entry.ignoredBy.source);
      return true;
    }
    if (entry.kind === 'link') return this.visitLink(entry.path, shown, isWanted);
    if (entry.kind === 'file' && isWanted) this.paths.push(shown);
    return this.paths.length <= this.request.limit;
  }

  unreadable(folder: string, cause: unknown): void {
    if (folder === '') this.unreadableStart = cause;
    else this.unlisted.unreadable.add(this.shown(folder));
  }

  private async visitLink(link: string, shown: string, isWanted: boolean): Promise<boolean> {
    const mayHold = this.glob.mayMatchIn(shown);
    if (!isWanted && !mayHold) return true;
    const { kind } = await this.request.disk.linkTarget(path.join(this.start.at, link));
    if (kind === 'file' && isWanted) this.paths.push(shown);
    if (kind === 'folder' && mayHold) this.unlisted.folderLinks.add(shown);
    if (kind === 'elsewhere') this.unlisted.outsideLinks.add(shown);
    if (kind === 'nothing' && isWanted) this.unlisted.brokenLinks.add(shown);
    return this.paths.length <= this.request.limit;
  }

  private others(rules: FolderRules, signal: AbortSignal): Promise<readonly InsteadOfFiles[]> {
    const { at: folder, shown, missing } = this.start;
    const reader = { ...this.reader, onUnreadable: () => undefined };
    return lookForOthers({ folder, rules, reader }, { shown, missing, glob: this.glob }, signal);
  }

  /** The path as the glob has it. */
  private shown(inside: string): string {
    return this.start.shown === '' ? inside : `${this.start.shown}/${inside}`;
  }
}
