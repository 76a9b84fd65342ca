/** Tells of a line of bash whether it provably only reads, inside the workspace. */
import type { Disk } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import type { ReadingCommand, ReadingPorts } from './readingCommand.ts';
import { climbsLate, ReadingFolders } from './readingFolders.ts';
import { readArguments, takesGlob, type ReadingProgram } from './readingProgram.ts';
import { readingProgram } from './readingPrograms.ts';
import { readShellLine, type ShellOperator, type ShellWord, type SimpleCommand } from './shellLine.ts';
import { globMatches } from './shellGlob.ts';
import { isSameLine } from './shellTree.ts';

/** What the line reads; undefined where it is not known to only read. May reject. */
export async function readingBash(
  line: string,
  place: Place,
  { files, shell }: ReadingPorts,
): Promise<ReadingCommand | undefined> {
  const commands = readShellLine(line);
  if (commands === undefined || !commands.every(({ words }) => isKnown(words[0]))) return undefined;
  const tree = await shell.grammar.parse(line);
  if (tree === undefined || !isSameLine(tree, commands)) return undefined;
  const folders = await ReadingFolders.start(place, files);
  if (folders === undefined || !(await new Walk(folders, { files, shell }).go(commands))) return undefined;
  const searchPath = await shell.programs.searchPath(programsOf(commands), place.roots);
  return searchPath === undefined ? undefined : { roots: folders.roots, searchPath };
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

/** Goes through the commands of one line, with all folders in which each of them may find itself. */
class Walk {
  /** Where the next command runs. */
  private here: ReadonlySet<string>;
  private isAlternative = false;
  private readonly folders: ReadingFolders;
  private readonly ports: ReadingPorts;

  constructor(folders: ReadingFolders, ports: ReadingPorts) {
    this.folders = folders;
    this.here = folders.all;
    this.ports = ports;
  }

  /** Whether all of them only read. */
  async go(commands: readonly SimpleCommand[]): Promise<boolean> {
    for (const [index, command] of commands.entries()) {
      if (!(await this.pass(command, commands[index + 1]?.before))) return false;
    }
    return true;
  }

  private async pass({ words, before }: SimpleCommand, after: ShellOperator | undefined): Promise<boolean> {
    if (before === ';' || before === '||') this.here = this.folders.all;
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
      for (const named of read.paths) if (!(await this.isReadable(named, folder, program))) return false;
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
    const matches = await globMatches(glob, this.folders.placeIn(folder), { files, disk: shell.disk });
    if (matches === undefined || matches.length === 0) return matches !== undefined;
    if (!mayBeMany()) return false;
    for (const match of matches) if (!(await this.isReadable(match, folder, program))) return false;
    return true;
  }

  private async enter(args: readonly string[], after: ShellOperator | undefined): Promise<boolean> {
    const [named = '-'] = args;
    if (args.length !== 1 || named.startsWith('-')) return false;
    const entered = await this.folders.enter(named, this.here);
    // Only what follows on success is sure to be in the new folder.
    this.here = entered && after === '&&' && !this.isAlternative ? entered : this.folders.all;
    return entered !== undefined;
  }

  private async isReadable(
    named: string,
    folder: string,
    { looksOnly, filesOnly }: ReadingProgram,
  ): Promise<boolean> {
    const { disk } = this.ports.shell;
    const resolved = await this.folders.resolve(named, folder);
    // A program would wait for somebody at the other end, or read a device.
    if (resolved === undefined || (!looksOnly && (await disk.isSpecial(resolved)))) return false;
    return !filesOnly || isNoFolder(resolved, disk);
  }
}

async function isNoFolder(file: string, disk: Disk): Promise<boolean> {
  const { kind } = await disk.look(file);
  return kind === 'file' || kind === 'missing';
}
