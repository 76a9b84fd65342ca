/** Tells of a line of PowerShell whether it provably only reads, inside the workspace. */
import type { Place } from '../core/tools.ts';
import {
  readPowerShellArguments,
  type PowerShellArguments,
  type PowerShellProgram,
} from './powerShellArguments.ts';
import { readPowerShellLine, type PowerShellCommand, type PowerShellWord } from './powerShellLine.ts';
import { isPattern } from './powerShellPath.ts';
import { powerShellProgram } from './powerShellPrograms.ts';
import { isSamePowerShell } from './powerShellTree.ts';
import type { ReadingCommand, ReadingPorts } from './readingCommand.ts';
import { ReadingFolders } from './readingFolders.ts';

/** What the line reads; undefined where it is not known to only read. May reject. */
export async function readingPowerShell(
  line: string,
  place: Place,
  ports: ReadingPorts,
): Promise<ReadingCommand | undefined> {
  const commands = readPowerShellLine(line);
  if (commands === undefined || !commands.every(({ words: [name] }) => isKnown(name))) return undefined;
  const tree = await ports.shell.grammar.parse(line);
  if (tree === undefined || !isSamePowerShell(tree, commands)) return undefined;
  const folders = await ReadingFolders.start(place, ports.files);
  if (folders === undefined || [...folders.all].some(isAmbiguous)) return undefined;
  if (!(await new Walk(folders, ports).go(commands))) return undefined;
  return { roots: folders.roots };
}

// Before the grammar is loaded: most commands are of no program that only reads.
function isKnown(name: PowerShellWord | undefined): boolean {
  if (name?.kind !== 'name') return false;
  return entersFolder(name) || powerShellProgram(name.text) !== undefined;
}

function entersFolder({ text }: PowerShellWord): boolean {
  return /^(set-location|cd|chdir|sl)$/i.test(text);
}

// PowerShell may put a relative path behind the folder's own name before it looks for patterns in it.
function isAmbiguous(folder: string): boolean {
  return /[`[\]*?]/.test(folder);
}

const maxMatches = 1000;

/** Goes through the commands of one line, with all folders in which each of them may find itself. */
class Walk {
  /** Whether the command before hands on text alone. */
  private isText = false;
  private readonly folders: ReadingFolders;
  private readonly ports: ReadingPorts;

  constructor(folders: ReadingFolders, ports: ReadingPorts) {
    this.folders = folders;
    this.ports = ports;
  }

  /** Whether all of them only read. */
  async go(commands: readonly PowerShellCommand[]): Promise<boolean> {
    for (const command of commands) if (!(await this.pass(command))) return false;
    return true;
  }

  private async pass({ isPiped, words: [name, ...args] }: PowerShellCommand): Promise<boolean> {
    if (name === undefined) return false;
    if (entersFolder(name)) return !isPiped && this.enter(args);
    const program = powerShellProgram(name.text);
    const read = program && readPowerShellArguments(program, args);
    if (program === undefined || read === undefined || !this.fits(program, read, isPiped)) return false;
    this.isText = program.gives === 'same' ? this.isText && !read.picksProperties : program.gives === 'text';
    for (const folder of this.folders.all) {
      for (const named of read.paths) if (!(await this.isReadable(named, folder, program))) return false;
    }
    return true;
  }

  /** Whether nothing that it is handed can be a path to it. */
  private fits({ takes }: PowerShellProgram, { paths }: PowerShellArguments, isPiped: boolean): boolean {
    if (!isPiped) return takes !== 'data';
    return paths.length === 0 && (takes === 'data' || (takes === 'text' && this.isText));
  }

  /** It may fail, and the next command runs all the same: from there on it may be here or there. */
  private async enter(args: readonly PowerShellWord[]): Promise<boolean> {
    const read = readPowerShellArguments(folderParameters, args);
    const [named] = read?.paths ?? [];
    return named !== undefined && (await this.folders.enter(named, new Set(this.folders.all))) !== undefined;
  }

  private async isReadable(named: string, folder: string, program: PowerShellProgram): Promise<boolean> {
    if (!isPattern(named)) return this.mayOpen(named, folder, program);
    const above = named.slice(0, named.lastIndexOf('/') + 1) || './';
    const resolved = await this.folders.resolve(above, folder);
    const names = resolved === undefined ? undefined : await this.ports.shell.disk.names(resolved);
    if (names === undefined || names.length > maxMatches) return false;
    // Whichever the pattern fits, none leads out.
    for (const name of names) if (!(await this.mayOpen(above + name, folder, program))) return false;
    return true;
  }

  private async mayOpen(named: string, folder: string, { looksOnly }: PowerShellProgram): Promise<boolean> {
    const resolved = await this.folders.resolve(named, folder);
    return (
      resolved !== undefined && (looksOnly === true || !(await this.ports.shell.disk.isSpecial(resolved)))
    );
  }
}

const folderParameters: PowerShellProgram = {
  parameters: new Map([
    ['path', 'literal'],
    ['literalpath', 'literal'],
  ]),
  positions: ['path'],
  takes: 'nothing',
  gives: 'objects',
};
