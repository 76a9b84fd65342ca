/** Lists the files of agent definitions that a person can name: also those that no tool shows to a model. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { foldersUpToTop } from '../safety/repositoryTop.ts';
import { readProblem } from './readProblem.ts';

/** The folders of definitions, in each folder from the working one up to the top of its repository, then in each root. */
export const definitionFolders = ['.claude/agents', '.github/agents'];

const endings = /(?:\.agent|\.chatmode)?\.md$/i;
const maxFiles = 2000;
const maxDepth = 8;

export interface DefinitionFile {
  /** As it is called, links in it included. */
  readonly file: string;
  /** Its name without the ending; `inFolder` with the folders below the one of definitions. */
  readonly name: string;
  readonly inFolder: string;
}

export interface DefinitionFiles {
  readonly files: readonly DefinitionFile[];
  /** Folders into which nobody looked, with the reason. */
  readonly notRead: readonly string[];
  /** The place in which the files lie, links resolved: the roots, and the repository around them. */
  readonly place: Place;
}

type Ports = Pick<Files, 'canonical' | 'names' | 'readText'>;

/** The nearest first. Links are followed inside of the place. Never rejects. */
export async function listDefinitionFiles(
  { cwd, roots }: Place,
  files: Ports,
  signal: AbortSignal,
): Promise<DefinitionFiles> {
  const above = await foldersUpToTop(cwd, files);
  const place = { cwd, roots: [...new Set([...roots, ...above.slice(-1)])] };
  const walk = new Walk(place, files, signal);
  const from = [...new Set([...above, cwd, ...roots])];
  for (const folder of from)
    for (const name of definitionFolders) await walk.enter(path.join(folder, name), '', 0);
  return { files: walk.found, notRead: walk.notRead, place };
}

class Walk {
  readonly found: DefinitionFile[] = [];
  readonly notRead: string[] = [];
  private readonly place: Place;
  private readonly files: Ports;
  private readonly signal: AbortSignal;
  /** Folders by their canonical paths: a link can lead back. */
  private readonly entered = new Set<string>();

  constructor(place: Place, files: Ports, signal: AbortSignal) {
    this.place = place;
    this.files = files;
    this.signal = signal;
  }

  async enter(folder: string, below: string, depth: number): Promise<void> {
    const names = (await this.files.names(folder)).toSorted();
    if (names.length === 0) return this.noteUnreadable(folder);
    const resolved = await resolveInside(folder, this.place, this.files);
    if (!resolved.ok) return void this.notRead.push(resolved.error.message);
    if (this.entered.has(resolved.path)) return;
    this.entered.add(resolved.path);
    const isEnough = depth >= maxDepth || this.found.length >= maxFiles;
    if (isEnough) return void this.notRead.push(`${folder} holds too much, or is too deep.`);
    for (const name of names) {
      const file = path.join(folder, name);
      const within = `${below}${name.replace(endings, '')}`;
      if (endings.test(name)) this.found.push({ file, name: name.replace(endings, ''), inFolder: within });
      else await this.enter(file, `${below}${name}/`, depth + 1);
    }
  }

  /** A folder without names can be one that this user may not list. */
  private async noteUnreadable(folder: string): Promise<void> {
    const read = await this.files.readText(folder, 0, this.signal);
    if (!read.ok && read.error.kind === 'io') this.notRead.push(readProblem(folder, read.error));
  }
}
