/** Finds what is in a folder in place of the files that a glob did not find. */
import path from 'node:path';
import type { InsteadOfFiles } from '../../core/filePorts.ts';
import { compileGlob, type Glob } from './globPattern.ts';
import { PlaceCount } from './unlisted.ts';
import { walkTree, type WalkedEntry, type WalkStart } from './walkTree.ts';

const mostEntries = 20_000;

export interface FruitlessGlob {
  readonly glob: Glob;
  /** The folder of the walk, as the glob has it. */
  readonly shown: string;
  /** The first name of the glob's beginning that isn't there. */
  readonly missing: string | undefined;
}

/** Goes into ignored folders too, and ends after some thousand entries. Rejects if it is stopped. */
export async function lookForOthers(
  start: WalkStart,
  { glob, shown, missing }: FruitlessGlob,
  signal: AbortSignal,
): Promise<readonly InsteadOfFiles[]> {
  const look = new Look(glob, shown);
  await walkTree(start, look, signal);
  const found = look.found();
  if (found.length > 0) return found;
  if (missing !== undefined) return [{ kind: 'missing', path: missing }];
  return look.entries === 0 ? [{ kind: 'emptyFolder', path: shown }] : [];
}

class Look {
  private readonly glob: Glob;
  private readonly anyDepth: Glob | undefined;
  private readonly lowerCase: Glob | undefined;
  private readonly shown: string;
  private readonly ignored = new PlaceCount();
  private readonly rules = new Set<string>();
  private readonly folders = new PlaceCount();
  private readonly deeper = new PlaceCount();
  private readonly otherCase = new PlaceCount();
  entries = 0;

  constructor(glob: Glob, shown: string) {
    this.glob = glob;
    this.shown = shown;
    const deeper = deeperGlob(glob);
    this.anyDepth = deeper === undefined ? undefined : compiled(deeper, glob);
    this.lowerCase = compiled(glob.text.toLowerCase(), glob);
  }

  enters(): boolean {
    return true;
  }

  visit({ path: inside, kind, ignoredBy }: WalkedEntry): boolean {
    this.entries += 1;
    const file = path.posix.join(this.shown, inside);
    if (kind === 'folder') {
      if (this.glob.matches(file)) this.folders.add(file);
    } else if (ignoredBy !== undefined) {
      if (this.glob.matches(file)) {
        this.ignored.add(file);
        this.rules.add(ignoredBy.source);
      }
    } else if (kind === 'file') {
      if (this.anyDepth?.matches(file)) this.deeper.add(file);
      else if (this.lowerCase?.matches(file.toLowerCase())) this.otherCase.add(file);
    }
    return this.entries < mostEntries;
  }

  unreadable(): void {
    // It was counted by the walk for the glob.
  }

  found(): readonly InsteadOfFiles[] {
    const isAtLeast = this.entries >= mostEntries;
    const found: readonly InsteadOfFiles[] = [
      { kind: 'ignored', ...this.ignored.places, by: [...this.rules], isAtLeast },
      { kind: 'folders', ...this.folders.places, isAtLeast },
      { kind: 'deeper', ...this.deeper.places, isAtLeast, glob: this.anyDepth?.text ?? '' },
      { kind: 'otherCase', ...this.otherCase.places, isAtLeast },
    ];
    return found.filter((each) => !('count' in each) || each.count > 0);
  }
}

/** The glob with its last name at any depth; undefined if it is more than one glob, or has this already. */
function deeperGlob({ text, isForNames }: Glob): string | undefined {
  const end = text.lastIndexOf('/') + 1;
  const isOne = !text.startsWith('!') && !/,(?![^{]*\})/.test(text) && !text.slice(0, end).includes('{');
  if (
    !isOne ||
    (isForNames && end === 0) ||
    text.slice(end) === '' ||
    /(^|\/)\*\*\/$/.test(text.slice(0, end))
  )
    return undefined;
  return `${text.slice(0, end)}**/${text.slice(end)}`;
}

function compiled(text: string, { isForNames }: Glob): Glob | undefined {
  const glob = compileGlob(text, { isForNames });
  return glob.kind === 'glob' ? glob : undefined;
}
