/** Finds the files whose text decides what a command does: scripts that it names, and files that its programs look for. */
import path from 'node:path';
import type { BoundFile } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { Disk } from '../core/shell.ts';
import type { Place } from '../core/tools.ts';
import { isInside, resolveInside } from './containment.ts';
import { readShellLine } from './shellLine.ts';

export interface BoundPorts {
  readonly files: Pick<Files, 'canonical'>;
  readonly disk: Disk;
}

/** Of more words than these the further ones are taken as they are, and not completed. */
const maxCompleted = 500;
const maxLooks = 3000;
const maxFiles = 1000;

/**
 * The files of the workspace that the words of a command name, from its folder and from folders that it names, with the
 * hash of what is on the disk. A script that is not there yet is bound as absent. Rejects where there is more to look at
 * than can be: what was left out could be what is run.
 */
export async function boundFiles(
  command: string,
  place: Place,
  ports: BoundPorts,
): Promise<readonly BoundFile[]> {
  const words = wordsIn(command);
  const found = new FoundFiles(place, ports);
  const folders = await found.foldersOf(words);
  for (const folder of folders) {
    for (const [index, word] of words.entries())
      for (const name of index < maxCompleted ? spellings(word) : [word]) await found.add(name, folder, word);
    for (const names of words.map((word) => lookedFor[programName(word)]))
      if (names !== undefined) await found.addNearest(names, folder);
  }
  return found.files;
}

/** More words than there are: what a quote, an operator or an assignment may hide is one, too. */
function wordsIn(command: string): readonly string[] {
  const read = (readShellLine(command) ?? []).flatMap(({ words }) => words.map(({ text }) => text));
  const quoted = [...command.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single);
  const rough = command.split(/[\s;&|<>(){}"'`$=,]+/);
  // What is quoted in parts is one word to the shell.
  const joined = command.replace(/["'\\]/g, '').split(/[\s;&|<>(){}`$=,]+/);
  const all = [...read, ...rough, ...joined, ...quoted.filter((text) => text !== undefined)];
  const words = [...new Set(all)].filter((word) => word !== '' && word.length < 1000 && !word.includes('\0'));
  // Of too many, those that look most like a script.
  return [
    ...words.filter((word) => namesScript.test(word)),
    ...words.filter((word) => !namesScript.test(word)),
  ];
}

// How interpreters and shells complete the name of a script.
function spellings(word: string): readonly string[] {
  if (word.startsWith('-') || path.extname(word) !== '') return [word];
  return [
    word,
    ...['.js', '.mjs', '.cjs', '.ts', '.ps1', '.cmd', '.bat'].map((extension) => word + extension),
    `${word}/index.js`,
  ];
}

const packageFile = ['package.json'];
const makeFiles = ['GNUmakefile', 'makefile', 'Makefile'];

/** What a program takes its orders from, in its folder or the nearest above. */
const lookedFor: Readonly<Record<string, readonly string[] | undefined>> = Object.assign(
  Object.create(null) as Record<string, undefined>,
  {
    ...Object.fromEntries(
      ['npm', 'npx', 'yarn', 'pnpm', 'pnpx', 'bun', 'bunx'].map((name) => [name, packageFile]),
    ),
    ...Object.fromEntries(['make', 'gmake'].map((name) => [name, makeFiles])),
    just: ['justfile', 'Justfile', '.justfile'],
    rake: ['Rakefile'],
    cargo: ['Cargo.toml', 'build.rs'],
    gradle: ['build.gradle', 'build.gradle.kts'],
    mvn: ['pom.xml'],
    pytest: ['conftest.py', 'pytest.ini', 'pyproject.toml'],
    tox: ['tox.ini'],
    deno: ['deno.json', 'deno.jsonc'],
    docker: ['Dockerfile', 'docker-compose.yml', 'compose.yaml'],
    'docker-compose': ['docker-compose.yml', 'compose.yaml'],
  },
);

// In Windows `npm` is `npm.cmd`.
function programName(word: string): string {
  return path.basename(word).replace(/\.(exe|cmd|ps1)$/i, '');
}

// A word that is likely to be run even though nothing is there: what is put there later was not approved.
const namesScript = /\/|\.(sh|bash|zsh|[cm]?[jt]s|py|rb|pl|php|lua|ps[dm]?1|cmd|bat|mk)$/;

class FoundFiles {
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

  /** The working directory and the folders among the words, from each of which the others may start. */
  async foldersOf(words: readonly string[]): Promise<readonly string[]> {
    const start = await this.resolve('.', this.place.cwd);
    const folders = new Set<string>(start === undefined ? [] : [start]);
    for (const word of words) {
      if (start === undefined || !(await this.mayBeThere(word, start))) continue;
      const file = await this.resolve(word, this.place.cwd);
      if (file !== undefined && (await this.ports.disk.look(file)).kind === 'folder') folders.add(file);
    }
    return [...folders];
  }

  /** Binds a file that is there, and one that is not where the word itself looks like a script. */
  async add(name: string, folder: string, word: string): Promise<void> {
    const isExpected = name === word && namesScript.test(word);
    if (!isExpected && !(await this.mayBeThere(name, folder))) return;
    const file = await this.resolve(name, folder);
    if (file === undefined || this.byPath.has(file)) return;
    if (this.byPath.size >= maxFiles) throw tooMuch();
    const seen = await this.ports.disk.look(file);
    if (seen.kind === 'file') this.byPath.set(file, seen.hash);
    if (seen.kind === 'missing' && isExpected) this.byPath.set(file, null);
  }

  /** Binds what is looked for in the folder and above, up to the first folder that has some of it. */
  async addNearest(names: readonly string[], from: string): Promise<void> {
    const folder = await this.resolve('.', from);
    if (folder === undefined) return;
    let isFound = false;
    for (const name of names) {
      const file = path.join(folder, name);
      const seen = await this.ports.disk.look(file);
      if (seen.kind === 'file') isFound = true;
      if (seen.kind === 'file' || seen.kind === 'missing')
        this.byPath.set(file, seen.kind === 'file' ? seen.hash : null);
    }
    const above = path.dirname(folder);
    if (!isFound && above !== folder && (await this.isInRoot(above))) await this.addNearest(names, above);
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
