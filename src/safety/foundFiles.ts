/** Collects the files of a workspace that an approval is bound to, and what it can't be bound to. */
import path from 'node:path';
import type { BoundFile } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { Disk } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import { isInside, resolveInside } from './containment.ts';
import { globMatches } from './shellGlob.ts';

export interface BoundPorts {
  readonly files: Pick<Files, 'canonical'>;
  readonly disk: Disk;
}

const maxLooks = 3000;
const maxFiles = 1000;

export class FoundFiles {
  private readonly named = { inside: new Set<string>(), outside: new Set<string>() };
  private readonly byPath = new Map<string, string | null>();
  private readonly names = new Map<string, Promise<ReadonlySet<string> | undefined>>();
  private looks = 0;
  private readonly place: Place;
  private readonly ports: BoundPorts;

  constructor(place: Place, ports: BoundPorts) {
    this.place = place;
    this.ports = ports;
  }

  get files(): readonly BoundFile[] {
    return [...this.byPath].map(([file, hash]) => ({ path: file, hash }));
  }

  /** The names of scripts that lie outside of the workspace from every folder in which they were named. */
  get outside(): readonly string[] {
    return [...this.named.outside].filter((name) => !this.named.inside.has(name));
  }

  /** The canonical folder that is named from another; undefined where it is none of the workspace, or no folder. */
  async folder(named: string, from: string): Promise<string | undefined> {
    if (!(await this.mayBeThere(named, from))) return undefined;
    const file = await this.resolve(named, from);
    return file !== undefined && (await this.ports.disk.look(file)).kind === 'folder' ? file : undefined;
  }

  /**
   * Binds a file that is there. `absent`: also one that is not, since it would be run; and where it lies outside of the
   * workspace, that is noted. True if the file is there and bound.
   */
  async add(name: string, folder: string, absent: 'bound' | 'left' = 'left'): Promise<boolean> {
    if (absent === 'left' && !(await this.mayBeThere(name, folder))) return false;
    const file = await this.resolve(name, folder);
    if (absent === 'bound') this.named[file === undefined ? 'outside' : 'inside'].add(name);
    if (file === undefined) return false;
    const known = this.byPath.get(file);
    if (known !== undefined) return known !== null;
    if (this.byPath.size >= maxFiles) throw tooMuch();
    const seen = await this.ports.disk.look(file);
    if (seen.kind === 'file') this.byPath.set(file, seen.hash);
    if (seen.kind === 'missing' && absent === 'bound') this.byPath.set(file, null);
    return seen.kind === 'file';
  }

  /** Binds all that a pattern of file names finds; false where that is too much, or can't be looked at. */
  async addMatches(pattern: string, folder: string): Promise<boolean> {
    const place = { cwd: folder, roots: this.place.roots };
    const matches = await globMatches(pattern, place, this.ports).catch(() => undefined);
    if (matches === undefined || this.byPath.size + matches.length > maxFiles) return false;
    const isHidden = (name: string): boolean =>
      /(^|\/)\.[^/]*$/.test(name) && !/(^|\/)\.[^/]*$/.test(pattern);
    for (const match of matches)
      if (!isHidden(match) && !match.endsWith('.sample')) await this.add(match, folder);
    return true;
  }

  /**
   * Binds what is looked for in the folder and above, up to the first folder that has some of it. The first file of these;
   * undefined where there is none.
   */
  async addNearest(
    names: readonly string[],
    from: string,
    absent: 'bound' | 'left' = 'bound',
  ): Promise<string | undefined> {
    const folder = await this.resolve('.', from);
    if (folder === undefined) return undefined;
    let first: string | undefined;
    for (const name of names) {
      const file = await this.resolve(name, folder);
      const seen = file === undefined ? undefined : await this.ports.disk.look(file);
      if (file === undefined || seen === undefined) continue;
      if (seen.kind === 'file') {
        first ??= file;
        this.byPath.set(file, seen.hash);
      } else if (seen.kind === 'missing' && absent === 'bound') this.byPath.set(file, null);
    }
    const above = path.dirname(folder);
    if (first === undefined && above !== folder && (await this.isInRoot(above)))
      return this.addNearest(names, above, absent);
    return first;
  }

  /** Binds the files of the folder and of those above whose names fit. */
  async addFitting(fits: RegExp, from: string): Promise<void> {
    for (let folder = from; ; folder = path.dirname(folder)) {
      const names = (await this.ports.disk.names(folder)) ?? [];
      for (const name of names) if (fits.test(name)) await this.add(name, folder);
      if (path.dirname(folder) === folder || !(await this.isInRoot(path.dirname(folder)))) return;
    }
  }

  private async isInRoot(folder: string): Promise<boolean> {
    for (const root of this.place.roots)
      if (isInside(await this.ports.files.canonical(root).catch(() => root), folder)) return true;
    return false;
  }

  /** Most words are no file, and to see that in a list takes far less time than to resolve them one by one. */
  private async mayBeThere(named: string, folder: string): Promise<boolean> {
    const [first = ''] = named.split(/[\\/]/, 1);
    if (/^(\.*|.*[:~].*|.*[. ])$/s.test(first)) return true;
    const known = this.names.get(folder) ?? this.foldedNames(folder);
    this.names.set(folder, known);
    return (await known)?.has(folded(first)) ?? true;
  }

  private async foldedNames(folder: string): Promise<ReadonlySet<string> | undefined> {
    const names = await this.ports.disk.names(folder);
    return names && new Set(names.map(folded));
  }

  private async resolve(named: string, cwd: string): Promise<string | undefined> {
    if ((this.looks += 1) > maxLooks) throw tooMuch();
    const resolved = await resolveInside(named, { cwd, roots: this.place.roots }, this.ports.files);
    return resolved.ok ? resolved.path : undefined;
  }
}

// As the file systems do that are least strict about names.
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function tooMuch(): Error {
  return new Error('it names more than can be looked at');
}
