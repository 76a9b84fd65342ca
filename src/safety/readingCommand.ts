/** Tells of a command line whether it provably only reads, inside the workspace. */
import path from 'node:path';
import type { Files } from '../core/ports.ts';
import type { Disk, Shell } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import { isInside, resolveInside } from './containment.ts';
import { readArguments, takesGlob, type ReadingProgram } from './readingProgram.ts';
import { readingProgram } from './readingPrograms.ts';
import { readShellLine, type ShellOperator, type ShellWord, type SimpleCommand } from './shellLine.ts';
import { globMatches } from './shellGlob.ts';
import { isSameLine } from './shellTree.ts';

/** A command line that only reads. */
export interface ReadingCommand {
  /** The canonical roots that it may read in. */
  readonly roots: readonly string[];
  /** The PATH that it must run with. */
  readonly searchPath: string;
}

export interface ReadingPorts {
  readonly files: Pick<Files, 'canonical'>;
  readonly shell: Shell;
}

/**
 * What the line reads, where every part of it is known to read and print only, in folders of the workspace, with
 * programs from outside of it. Undefined for all else. Never rejects.
 */
export async function readingCommand(
  line: string,
  place: Place,
  ports: ReadingPorts,
): Promise<ReadingCommand | undefined> {
  try {
    const commands = readShellLine(line);
    if (commands === undefined || !commands.every(({ words }) => isKnown(words[0]))) return undefined;
    const tree = await ports.shell.grammar.parse(line);
    if (tree === undefined || !isSameLine(tree, commands)) return undefined;
    const walk = await Walk.start(place, ports);
    if (!(await walk?.go(commands))) return undefined;
    const searchPath = await ports.shell.programs.searchPath(programsOf(commands), place.roots);
    return searchPath === undefined || walk === undefined ? undefined : { roots: walk.roots, searchPath };
  } catch {
    return undefined;
  }
}

// Before the grammar is loaded: most commands are of no program that only reads.
function isKnown(name: ShellWord | undefined): boolean {
  if (name === undefined || !name.isBare || name.isGlob) return false;
  return name.text === 'cd' || readingProgram(name.text) !== undefined;
}

function programsOf(commands: readonly SimpleCommand[]): string[] {
  const names = commands.map(({ words }) => words[0]?.text ?? '');
  return [...new Set(names)].filter((name) => name !== 'cd' && !readingProgram(name)?.isBuiltIn);
}

const maxFolders = 8;

/** Goes through the commands of one line, with all folders in which each of them may find itself. */
class Walk {
  private readonly seenRoots = new Set<string>();
  private readonly folders: Set<string>;
  /** Where the next command runs. */
  private here: ReadonlySet<string>;
  private isAlternative = false;
  private readonly place: Place;
  private readonly ports: ReadingPorts;
  private readonly canonicalRoots: readonly string[];

  private constructor(place: Place, canonicalRoots: readonly string[], ports: ReadingPorts) {
    this.place = place;
    this.ports = ports;
    this.canonicalRoots = canonicalRoots;
    this.folders = new Set([place.cwd]);
    this.here = this.folders;
    this.see(place.cwd);
  }

  static async start({ cwd, roots }: Place, ports: ReadingPorts): Promise<Walk | undefined> {
    const start = await resolveInside('.', { cwd, roots }, ports.files);
    if (!start.ok) return undefined;
    const canonicalRoots: string[] = [];
    for (const root of roots) canonicalRoots.push(await ports.files.canonical(root));
    return new Walk({ cwd: start.path, roots }, canonicalRoots, ports);
  }

  get roots(): readonly string[] {
    return [...this.seenRoots];
  }

  /** Whether all of them only read. */
  async go(commands: readonly SimpleCommand[]): Promise<boolean> {
    for (const [index, command] of commands.entries()) {
      if (!(await this.pass(command, commands[index + 1]?.before))) return false;
    }
    return true;
  }

  private async pass({ words, before }: SimpleCommand, after: ShellOperator | undefined): Promise<boolean> {
    if (before === ';' || before === '||') this.here = this.folders;
    if (before === ';') this.isAlternative = false;
    if (before === '||') this.isAlternative = true;
    const [name = '', ...args] = words.map(({ text }) => text);
    const globs = words.filter(({ isGlob }) => isGlob).map(({ text }) => text);
    if (name === 'cd') {
      return globs.length === 0 && before !== '|' && after !== '|' && this.enter(args, after);
    }
    const program = readingProgram(name);
    const read = program && readArguments(program, args);
    if (program === undefined || read === undefined) return false;
    for (const folder of this.here) {
      for (const glob of globs)
        if (!(await this.areReadable(glob, folder, program, () => takesGlob(program, glob, args, read))))
          return false;
      for (const named of read.paths)
        if (!(await this.isReadable(named, folder, program.filesOnly === true))) return false;
    }
    return true;
  }

  /** Whether all may be read that the shell puts in the place of a pattern; where it finds nothing, that stays as it is. */
  private async areReadable(
    glob: string,
    folder: string,
    program: ReadingProgram,
    mayBeMany: () => boolean,
  ): Promise<boolean> {
    if (climbsLate(glob)) return false;
    const { files, shell } = this.ports;
    const place = { cwd: folder, roots: this.place.roots };
    const matches = await globMatches(glob, place, { files, disk: shell.disk });
    if (matches === undefined || matches.length === 0) return matches !== undefined;
    if (!mayBeMany()) return false;
    for (const match of matches)
      if (!(await this.isReadable(match, folder, program.filesOnly === true))) return false;
    return true;
  }

  /** A folder that is reached without links, so that `..` means the same to everybody. */
  private async enter(args: readonly string[], after: ShellOperator | undefined): Promise<boolean> {
    const [named = '-'] = args;
    if (args.length !== 1 || named.startsWith('-')) return false;
    const entered = new Set<string>();
    for (const folder of this.here) {
      const resolved = await this.resolve(named, folder);
      if (resolved === undefined || resolved !== path.resolve(folder, named)) return false;
      entered.add(resolved);
    }
    for (const folder of entered) this.folders.add(folder);
    // Only what follows on success is sure to be in the new folder.
    this.here = after === '&&' && !this.isAlternative ? entered : this.folders;
    return this.folders.size <= maxFolders;
  }

  private async isReadable(named: string, folder: string, isFileOnly: boolean): Promise<boolean> {
    const resolved = await this.resolve(named, folder);
    return resolved !== undefined && (!isFileOnly || (await isNoFolder(resolved, this.ports.shell.disk)));
  }

  private async resolve(named: string, cwd: string): Promise<string | undefined> {
    if (climbsLate(named)) return undefined;
    const resolved = await resolveInside(named, { cwd, roots: this.place.roots }, this.ports.files);
    if (!resolved.ok) return undefined;
    this.see(resolved.path);
    return resolved.path;
  }

  private see(file: string): void {
    for (const root of this.canonicalRoots) if (isInside(root, file)) this.seenRoots.add(root);
  }
}

// The system follows a link before it goes up, and a path without links is only spelled another way.
function climbsLate(named: string): boolean {
  const segments = named.split('/').filter((segment) => segment !== '.' && segment !== '');
  const up = segments.lastIndexOf('..');
  return up >= 0 && (named.startsWith('/') || segments.slice(0, up).some((segment) => segment !== '..'));
}

async function isNoFolder(file: string, disk: Disk): Promise<boolean> {
  const { kind } = await disk.look(file);
  return kind === 'file' || kind === 'missing';
}
