/** Finds the files whose text decides what a command does, and tells of those that no approval can hold. */
import { homedir } from 'node:os';
import path from 'node:path';
import type { BoundFile } from '../core/calls.ts';
import type { Shell } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import { CommandNames, type CalledProgram, type NamedFile } from './commandNames.ts';
import { FoundFiles, type BoundPorts } from './foundFiles.ts';
import { hasScriptEnding, lookedFor, ofSystem, ownSettings, programName } from './scriptPrograms.ts';
import { packageMain, packageScripts, roughWords, runsPackageScript } from './scriptText.ts';
import { globOf, hasWildcard, literalOf, quotedPattern } from './shellPattern.ts';
import { shellSteps } from './shellSteps.ts';
import { cut } from './shellWords.ts';

export interface CommandPorts {
  readonly files: BoundPorts['files'];
  readonly shell: Pick<Shell, 'language' | 'grammar' | 'disk'>;
}

/** The files that an approval of a command holds, and in words what the command may run beside them. */
export interface CommandBinding {
  readonly files: readonly BoundFile[];
  readonly notHeld: readonly string[];
}

/** Lines in lines: `sh -c`, `eval`, the scripts of a package.json. */
const maxDepth = 4;
/** Of more words than these the further ones are taken as they are, and not completed. */
const maxCompleted = 500;
const maxFolders = 30;
const maxNotHeld = 20;

/**
 * Finds the files of the workspace that a command names, from every folder that its line enters, with their hashes on
 * the disk. Puts into words what the command could run beside them. Rejects if there is more to look at than can be:
 * what was left out could be what is run.
 */
export async function bindCommand(
  command: string,
  place: Place,
  { files, shell }: CommandPorts,
): Promise<CommandBinding> {
  const binding = new Binding(place, { files, disk: shell.disk }, shell);
  await binding.addLine(command, place.cwd, 0);
  return binding.result();
}

class Binding {
  private readonly found: FoundFiles;
  private readonly notHeld = new Set<string>();
  private readonly done = new Set<string>();
  private readonly ports: BoundPorts;
  private readonly shell: CommandPorts['shell'];

  constructor(place: Place, ports: BoundPorts, shell: CommandPorts['shell']) {
    this.ports = ports;
    this.shell = shell;
    this.found = new FoundFiles(place, ports);
  }

  result(): CommandBinding {
    for (const name of this.found.outside)
      if (!ofSystem.test(name) && !/^\/dev\//.test(name))
        this.miss(`\`${cut(name)}\`, which is outside of the workspace`);
    const all = [...this.notHeld];
    const others = all.length - maxNotHeld;
    return {
      files: this.found.files,
      notHeld: others > 0 ? [...all.slice(0, maxNotHeld), `${others} more of its words`] : all,
    };
  }

  /** Binds the files that a line names when it is run in the folder. */
  async addLine(line: string, folder: string, depth: number): Promise<void> {
    const key = JSON.stringify([line, folder]);
    if (this.done.has(key)) return;
    this.done.add(key);
    if (depth > maxDepth) return this.miss(`the commands in \`${cut(line)}\``);
    if (this.shell.language === 'powershell') return this.addPowerShell(line, folder);
    const joined = line.replace(/\\\r?\n/g, '');
    // In a comment a backslash joins nothing.
    const readings = joined !== line && line.includes('#') ? [joined, line] : [joined];
    for (const reading of readings) await this.addBash(reading, folder, depth);
  }

  private async addBash(line: string, folder: string, depth: number): Promise<void> {
    if (line.trim() === '') return;
    const tree = await this.shell.grammar.parse(line);
    if (tree === undefined) {
      this.miss('scripts that are not named in plain words: the command could not be read as a whole');
      return this.addUnread(line, folder);
    }
    const { steps, settings, loose, functions } = shellSteps(line, tree);
    const names = new CommandNames(functions);
    for (const { name, value } of settings) names.addSetting(name, value);
    for (const step of steps) names.add(step);
    for (const word of loose) names.addLoose(word);
    await this.addNames(line, folder, names, depth);
  }

  private async addPowerShell(line: string, folder: string): Promise<void> {
    if (!/^[\w ./\\:=,+-]*$/.test(line))
      this.miss('scripts that quotes, variables, patterns or expressions of PowerShell name');
    await this.addUnread(line, folder);
  }

  private async addNames(line: string, folder: string, names: CommandNames, depth: number): Promise<void> {
    if (!names.runsFiles && names.lines.length === 0) return;
    for (const each of names.notHeld) this.miss(each);
    for (const each of await this.foldersOf(names, folder)) {
      for (const file of names.files) await this.addPattern(file, each);
      for (const program of names.programs) await this.addOrders(program, each, depth);
      for (const inner of names.lines) await this.addLine(inner, each, depth + 1);
      // More words than there are: those in the code of an interpreter, and behind signs of all sorts.
      await this.addRough(line, each, 'left');
    }
  }

  /** Of a line that is not understood, all that looks like a word. */
  private async addUnread(line: string, start: string): Promise<void> {
    const words = roughWords(line);
    const folders = [start];
    for (const word of words) {
      const entered = await this.found.folder(word, start);
      if (entered !== undefined && !folders.includes(entered)) folders.push(entered);
    }
    for (const folder of folders) {
      await this.addRough(line, folder, 'bound');
      for (const word of words)
        await this.addOrders({ name: programName(word), args: words }, folder, maxDepth);
    }
  }

  /** The folder itself, and those into which the line goes, from each of which it may go on. */
  private async foldersOf(names: CommandNames, start: string): Promise<readonly string[]> {
    const folders = [start];
    for (const pattern of new Set(names.folders)) await this.enterFrom(pattern, folders, names.folders);
    for (const { pattern } of names.files) {
      if (folders.length > maxFolders || hasWildcard(pattern)) continue;
      const entered = await this.found.folder(literalOf(pattern), start);
      if (entered !== undefined && !folders.includes(entered)) folders.push(entered);
    }
    if (folders.length > maxFolders) this.miss('what lies in the further folders into which it goes');
    return folders;
  }

  /** Adds all folders that these name from each other, until there are no new ones. */
  private async enterFrom(pattern: string, folders: string[], all: readonly string[]): Promise<void> {
    const named = inHome(pattern);
    let isThere = false;
    for (const from of folders) {
      for (const each of all) {
        const entered = await this.found.folder(literalOf(inHome(each) ?? ''), from);
        if (entered !== undefined && each === pattern) isThere = true;
        if (entered !== undefined && !folders.includes(entered) && folders.length <= maxFolders)
          folders.push(entered);
      }
    }
    if (!isThere || named === undefined || hasWildcard(named))
      this.miss(`what lies in \`${cut(literalOf(pattern))}\`, which is no folder of the workspace now`);
  }

  private async addPattern({ pattern, isRun, runBy }: NamedFile, folder: string): Promise<void> {
    const named = inHome(pattern);
    if (named === undefined) return this.miss(`\`${cut(pattern)}\``);
    if (hasWildcard(named)) {
      const glob = globOf(named);
      if (glob === undefined || !(await this.found.addMatches(glob, folder)))
        this.miss(`the files that \`${cut(literalOf(pattern))}\` finds`);
      return;
    }
    const name = literalOf(named);
    if (name === '' || name.length > 1000 || name.includes('\0')) return;
    const isExpected =
      isRun &&
      !/[\s"'`(){}$;|&<>]/.test(name) &&
      (runBy !== undefined || name.includes('/') || hasScriptEnding.test(name));
    for (const spelling of spellings(name)) {
      const isAwaited = isExpected && (runBy === 'node' || spelling === name);
      const isThere = await this.found.add(spelling, folder, isAwaited ? 'bound' : 'left');
      // Node takes the first: only a file that would come before it could run in its place.
      if (isThere && runBy === 'node') break;
    }
    if (runBy !== undefined) await this.addInFolder(runBy, name, folder);
  }

  /** Binds what an interpreter takes for a script that is a folder. */
  private async addInFolder(runBy: string, name: string, from: string): Promise<void> {
    const folder = await this.found.folder(name, from);
    if (folder === undefined) return;
    if (/^(python|pypy)/.test(runBy)) await this.found.add('__main__.py', folder, 'bound');
    if (runBy !== 'node') return;
    await this.found.add('package.json', folder, 'bound');
    const main = packageMain((await this.shell.disk.text(path.join(folder, 'package.json'))) ?? '');
    for (const each of ['index.js', ...(main === undefined ? [] : [...spellings(main), `${main}/index.js`])])
      await this.found.add(each, folder, 'bound');
  }

  private async addRough(line: string, folder: string, absent: 'bound' | 'left'): Promise<void> {
    for (const [index, word] of roughWords(line).entries()) {
      const isRun = absent === 'bound' && hasScriptEnding.test(word);
      for (const name of index < maxCompleted ? spellings(word) : [word])
        await this.found.add(name, folder, isRun && name === word ? 'bound' : 'left');
    }
  }

  /** Binds the files from which a program takes its orders, and those that these name in their turn. */
  private async addOrders({ name, args }: CalledProgram, folder: string, depth: number): Promise<void> {
    if (name === 'installed') return this.addInstalled(args[0] ?? '', folder);
    const sought = lookedFor.get(name);
    const orders = sought && (await this.found.addNearest(sought, folder));
    if (/^[A-Za-z][\w.-]*$/.test(name)) await this.found.addFitting(ownSettings(name), folder);
    const isPackage = sought?.includes('package.json') === true;
    const file =
      isPackage || !runsPackageScript(name, args)
        ? orders
        : await this.found.addNearest(['package.json'], folder);
    if (file === undefined) return;
    const text = (await this.shell.disk.text(file)) ?? '';
    if (path.basename(file) === 'package.json')
      for (const line of packageScripts(text, name, args))
        await this.addLine(line, path.dirname(file), depth + 1);
    else if (/makefile|justfile/i.test(file)) await this.addRough(text, path.dirname(file), 'left');
    if (/makefile/i.test(file) && /^\s*-?s?include\s.*\$/m.test(text))
      this.miss(`the files that \`${path.basename(file)}\` includes by a variable`);
  }

  private async addInstalled(name: string, folder: string): Promise<void> {
    const plain = name.replace(/(?<=.)@[^/]*$/, '');
    const file = await this.found.addNearest([`node_modules/.bin/${plain}`], folder, 'left');
    if (file === undefined) this.miss(`the program \`${cut(plain)}\`, which may be fetched`);
  }

  private miss(what: string): void {
    this.notHeld.add(what);
  }
}

/** With the person's own folder in the place of a tilde; undefined where it is another person's. */
function inHome(pattern: string): string | undefined {
  if (!pattern.startsWith('~')) return pattern;
  const [, sign = '', rest = ''] = /^~([^/]*)(.*)$/s.exec(pattern) ?? [];
  if (sign === '+') return `.${rest}`;
  return sign === '' ? quotedPattern(homedir()) + rest : undefined;
}

// How interpreters and shells complete the name of a script.
function spellings(word: string): readonly string[] {
  if (word.startsWith('-') || path.extname(word) !== '') return [word];
  return [
    word,
    ...['.js', '.json', '.node', '.mjs', '.cjs', '.ts', '.ps1', '.cmd', '.bat'].map(
      (extension) => word + extension,
    ),
    `${word}/index.js`,
  ];
}
