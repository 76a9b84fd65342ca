/** Finds the ignore rules that hold in a folder, in the places where git looks for them. */
import path from 'node:path';
import { coreValue } from './gitConfigValue.ts';
import { ignoring, parseIgnoreRules, type IgnoreRules, type Ignoring } from './ignoreRules.ts';
import { readTrackedFiles, type TrackedFiles } from './trackedFiles.ts';
import type { WalkDisk } from './walkDisk.ts';

/** The rules that hold in a folder. */
export interface FolderRules {
  readonly rules: IgnoreRules | undefined;
  /** The folder below the top of the rules, with a slash at its end; empty for the top itself. */
  readonly base: string;
  readonly ignoresCase: boolean;
  /** The files that git tracks, which no rule ignores. Undefined outside of a repository. */
  readonly tracked: (() => Promise<TrackedFiles | undefined>) | undefined;
  /** The rules that ignore the folder or one that holds it. */
  readonly ignoredBy?: Ignoring;
}

/** The variables that lead to the person's own rules. */
export type PersonFolders = Partial<Record<'HOME' | 'USERPROFILE' | 'XDG_CONFIG_HOME', string>>;

export interface RuleReader {
  readonly disk: WalkDisk;
  readonly person: PersonFolders;
  /** Told of each file with rules that may not be read. */
  readonly onUnreadable: (file: string) => void;
}

/**
 * The rules that a canonical folder has from outside: its repository's from the top down, the person's own, and those of
 * `info/exclude`. Outside of a repository the `.gitignore` files count from `outermost` down. In a folder that is ignored
 * itself the rules begin anew, because somebody named it. Never rejects.
 */
export async function rulesAround(
  folder: string,
  outermost: string,
  reader: RuleReader,
): Promise<FolderRules> {
  const gitTop = await findTop(folder, reader.disk);
  let at = gitTop ?? outermost;
  let found = gitTop === undefined || gitTop === folder ? noRules : await rulesOfRepository(gitTop, reader);
  for (const name of path.relative(at, folder).split(path.sep)) {
    if (name === '') continue;
    found = await withRulesIn(at, found, reader);
    const ignoredBy = ignoring(`${found.base}${name}`, true, found.rules);
    found = ignoredBy ? { ...noRules, ignoredBy } : below(found, name);
    at = path.join(at, name);
  }
  return found;
}

/** The rules of a folder that a walk enters, by the names in it. A repository of its own begins anew. */
export async function rulesInside(
  folder: string,
  names: ReadonlySet<string>,
  inherited: FolderRules,
  reader: RuleReader,
): Promise<FolderRules> {
  const isTop = names.has('.git') && (await isRepository(folder, reader.disk));
  const found = isTop ? await rulesOfRepository(folder, reader) : inherited;
  return names.has('.gitignore') ? withRulesIn(folder, found, reader) : found;
}

/** The rules for a folder in another, before those of its own are read. */
export function below(found: FolderRules, name: string): FolderRules {
  return { ...found, base: `${found.base}${name}/` };
}

const noRules: FolderRules = { rules: undefined, base: '', ignoresCase: false, tracked: undefined };

async function findTop(folder: string, disk: WalkDisk): Promise<string | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await isRepository(at, disk)) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

async function isRepository(folder: string, disk: WalkDisk): Promise<boolean> {
  const git = path.join(folder, '.git');
  const kind = await disk.kindOf(git);
  return kind === 'file' || (kind === 'folder' && (await disk.kindOf(path.join(git, 'HEAD'))) === 'file');
}

async function rulesOfRepository(top: string, reader: RuleReader): Promise<FolderRules> {
  const { gitDir, commonDir } = await gitDirsOf(path.join(top, '.git'), reader);
  const config = (await textOf(path.join(commonDir, 'config'), reader)) ?? '';
  const ignoresCase = isOn(coreValue(config, 'ignorecase'));
  let rules: IgnoreRules | undefined;
  for (const source of [await personRules(config, top, reader), path.join(commonDir, 'info', 'exclude')]) {
    const text = source && (await textOf(source, reader));
    if (source === undefined || text === undefined) continue;
    rules = { source, base: '', rules: parseIgnoreRules(text, ignoresCase), ignoresCase, outer: rules };
  }
  const hashBytes = /objectformat\s*=\s*"?sha256/i.test(config) ? 32 : 20;
  return { rules, base: '', ignoresCase, tracked: trackedBy(path.join(gitDir, 'index'), hashBytes, reader) };
}

function isOn(value: string | undefined): boolean {
  return /^(true|yes|on|1)$/i.test(value ?? '');
}

/** Reads the index once, and only if it is asked for. */
function trackedBy(
  index: string,
  hashBytes: number,
  { disk }: RuleReader,
): NonNullable<FolderRules['tracked']> {
  let tracked: Promise<TrackedFiles | undefined> | undefined;
  const read = async (): Promise<TrackedFiles | undefined> => {
    const bytes = await disk.readBytes(index);
    return bytes && readTrackedFiles(bytes, hashBytes);
  };
  return () => (tracked ??= read());
}

interface GitDirs {
  /** Of one working tree. */
  readonly gitDir: string;
  /** Of all working trees of a repository. */
  readonly commonDir: string;
}

async function gitDirsOf(git: string, reader: RuleReader): Promise<GitDirs> {
  const pointer = /^gitdir: (.*?)\s*$/.exec((await textOf(git, reader)) ?? '')?.[1];
  if (pointer === undefined) return { gitDir: git, commonDir: git };
  const gitDir = path.resolve(path.dirname(git), pointer);
  const shared = (await textOf(path.join(gitDir, 'commondir'), reader))?.trim();
  return { gitDir, commonDir: shared === undefined ? gitDir : path.resolve(gitDir, shared) };
}

/** The file of the person's own rules. */
async function personRules(
  repositoryConfig: string,
  top: string,
  reader: RuleReader,
): Promise<string | undefined> {
  const { HOME, USERPROFILE, XDG_CONFIG_HOME } = reader.person;
  const home = HOME ?? USERPROFILE;
  const folder = XDG_CONFIG_HOME ? XDG_CONFIG_HOME : home && path.join(home, '.config');
  const configs = [repositoryConfig];
  for (const file of [home && path.join(home, '.gitconfig'), folder && path.join(folder, 'git', 'config')])
    configs.push((file && (await textOf(file, reader))) ?? '');
  const named = configs
    .map((config) => coreValue(config, 'excludesfile'))
    .find((value) => value !== undefined);
  if (named === undefined) return folder && path.join(folder, 'git', 'ignore');
  if (/^~[/\\]/.test(named)) return home && path.join(home, named.slice(2));
  return named === '' ? undefined : path.resolve(top, named);
}

async function withRulesIn(folder: string, found: FolderRules, reader: RuleReader): Promise<FolderRules> {
  const source = path.join(folder, '.gitignore');
  // Git takes no rules through a link that is in the tree.
  const text = await textOf(source, reader, { followsLink: false });
  if (text === undefined) return found;
  const { base, ignoresCase, rules: outer } = found;
  const rules = { source, base, rules: parseIgnoreRules(text, ignoresCase), ignoresCase, outer };
  return { ...found, rules };
}

function textOf(
  file: string,
  { disk, onUnreadable }: RuleReader,
  options?: { readonly followsLink: boolean },
): Promise<string | undefined> {
  return disk.readText(file, options).catch(() => {
    onUnreadable(file);
    return undefined;
  });
}
