/** Knows the places where editors keep the settings of a person: by where they are, never by a name alone. */
import { homedir } from 'node:os';
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';

export type LookingFiles = Pick<Files, 'canonical' | 'names'>;

/**
 * True if a canonical path is a file by which an editor of this person can be steered. An editor's settings
 * are known by programs' settings folders, by the portable folder beside an editor's binary, and by traces of
 * an editor's run. A link that leads from such a place to the file counts. A workspace folder can itself be a
 * home, such as that of a container. `roots` are the workspace folders that hold the file. Never rejects.
 */
export async function isEditorSettings(
  file: string,
  roots: readonly string[],
  files: LookingFiles,
): Promise<boolean> {
  const segments = file.split(/[\\/]/).map(plainName);
  for (const [at, segment] of segments.entries()) {
    if (segment !== 'user' && segment !== 'machine') continue;
    const rest = segments.slice(at + 1);
    if (!countsIn(rest, anyJson)) continue;
    const above = file.split(/[\\/]/).slice(0, at).join(path.sep);
    if (await isUserData(above, [homedir()], files)) return true;
    // What merely looks like a settings folder can be anybody's data.
    const isLikely = countsIn(rest, settingsName) && (await isLikelyUserData(above, roots, files));
    if (isLikely) return true;
  }
  return isLinkedFrom(file, files);
}

/**
 * Returns one spelling for all names that a file system may take for the same name. These names differ in
 * case, full-width letters, trailing dots or characters without a width.
 */
export function plainName(segment: string): string {
  return segment
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/(?::.*|[. ]+)$/s, '');
}

/** In the person's own settings folder every such file counts: editors add new ones. */
const anyJson = /\.jsonc?$/;

/** Files that an editor reads in the folder `User` or `Machine`, and in each profile there. */
const settingsName =
  /^(?:settings|keybindings|tasks|mcp|launch|extensions|argv|locale|storage|chatlanguagemodels|synclocalsettings|[^/]*toolsets)\.jsonc?$/;

/** Below the folder `User` or `Machine`: settings, key bindings, tasks, servers, snippets, prompts, of each profile too. */
function countsIn(rest: readonly string[], names: RegExp): boolean {
  const [first = '', ...deeper] = rest;
  if (deeper.length === 0) return names.test(first);
  if (first === 'snippets' || first === 'prompts') return true;
  if (first === 'globalstorage') return deeper.length === 1;
  return first === 'profiles' && deeper.length > 1 && countsIn(deeper.slice(1), names);
}

async function isUserData(folder: string, homes: readonly string[], files: LookingFiles): Promise<boolean> {
  const parent = path.dirname(folder);
  for (const home of await settingsHomes(homes, files)) if (isSameFolder(parent, home)) return true;
  for (const home of homes) if (await isServerData(folder, home, files)) return true;
  return false;
}

/** By the homes of other persons and machines, and by what an editor has left. */
async function isLikelyUserData(
  folder: string,
  homes: readonly string[],
  files: LookingFiles,
): Promise<boolean> {
  return (
    (await isUserData(folder, homes, files)) ||
    (await isPortable(folder, files)) ||
    (await hasRunIn(folder, files))
  );
}

/**
 * Lists the folders in which programs keep the settings of a person. Any folder in one of them may be that of
 * an editor. Canonical.
 */
async function settingsHomes(homes: readonly string[], files: LookingFiles): Promise<readonly string[]> {
  const { XDG_CONFIG_HOME, APPDATA, VSCODE_APPDATA } = process.env;
  const named = [XDG_CONFIG_HOME, APPDATA, VSCODE_APPDATA].filter((each) => each && path.isAbsolute(each));
  const usual = ['.config', 'Library/Application Support', 'AppData/Roaming', '.local/share'];
  const below = homes.flatMap((home) => usual.map((each) => path.join(home, each)));
  const all = [...named, ...below] as readonly string[];
  const canonical: string[] = [];
  for (const each of all) canonical.push(await files.canonical(each).catch(() => each));
  return canonical;
}

/** `~/.NAME-server/data`: the settings of an editor whose windows are elsewhere. */
async function isServerData(
  folder: string,
  homeFolder: string,
  { canonical }: LookingFiles,
): Promise<boolean> {
  const home = await canonical(homeFolder).catch(() => homeFolder);
  const server = path.dirname(folder);
  return (
    plainName(path.basename(folder)) === 'data' &&
    isSameFolder(path.dirname(server), home) &&
    /^\..+-(?:server|remote)(?:-.+)?$/.test(plainName(path.basename(server)))
  );
}

/** `user-data` in the folder that makes an editor portable: the one that it runs with, or one beside an editor's own files. */
async function isPortable(folder: string, files: LookingFiles): Promise<boolean> {
  const portable = path.dirname(folder);
  const { VSCODE_PORTABLE } = process.env;
  if (plainName(path.basename(folder)) !== 'user-data') return false;
  if (VSCODE_PORTABLE) {
    const own = await files.canonical(VSCODE_PORTABLE).catch(() => VSCODE_PORTABLE);
    if (isSameFolder(portable, own)) return true;
  }
  const beside = path.dirname(portable);
  const name = plainName(path.basename(portable));
  const names = (await files.names(beside)).map(plainName);
  if (/^.+-portable-data$/.test(name)) return names.some((each) => each.endsWith('.app'));
  if (name !== 'data') return false;
  const resources = [beside, ...(await files.names(beside)).map((each) => path.join(beside, each))];
  for (const each of resources) {
    const inside = await files.names(path.join(each, 'resources', 'app'));
    if (inside.includes('product.json')) return true;
  }
  return names.some((each) => editorBinary.test(each));
}

const editorBinary = /^(?:code|codium|vscodium|cursor|windsurf|positron|kiro|trae)(?:[ -].*)?(?:\.exe)?$/;

/** An editor makes these in its folder when it runs, whatever the folder is called; one of them is enough. */
const leftByAnEditor: ReadonlySet<string> = new Set([
  'machineid',
  'cacheddata',
  'cachedprofilesdata',
  'cachedextensionvsixs',
  'cachedconfigurations',
  'cachedextensions',
  'code cache',
  'local storage',
  'session storage',
  'blob_storage',
  'gpucache',
  'dawncache',
  'crashpad',
  'network persistent state',
  'languagepacks.json',
  'code.lock',
]);
const leftInUser: ReadonlySet<string> = new Set(['globalstorage', 'workspacestorage']);

async function hasRunIn(folder: string, files: LookingFiles): Promise<boolean> {
  const names = await files.names(folder);
  if (names.some((name) => leftByAnEditor.has(plainName(name)))) return true;
  for (const name of names.filter((each) => plainName(each) === 'user')) {
    const inside = await files.names(path.join(folder, name));
    if (inside.some((each) => leftInUser.has(plainName(each)))) return true;
  }
  return false;
}

/** Editors and forks whose settings a person may keep in a folder of their own and link to. */
const editorFolders = [
  'Code',
  'Code - Insiders',
  'Code - OSS',
  'VSCodium',
  'VSCodium - Insiders',
  'Cursor',
  'Windsurf',
  'Positron',
  'Kiro',
  'Trae',
  'Void',
  'Antigravity',
  'code-server',
];
const linkedNames = ['settings.json', 'keybindings.json', 'tasks.json', 'mcp.json'];

async function isLinkedFrom(file: string, files: LookingFiles): Promise<boolean> {
  for (const home of await settingsHomes([homedir()], files)) {
    const present = await files.names(home);
    for (const editor of editorFolders.filter((each) => present.includes(each)))
      if (await leadsTo(path.join(home, editor, 'User'), file, files)) return true;
  }
  return false;
}

async function leadsTo(user: string, file: string, files: LookingFiles): Promise<boolean> {
  const at = await files.canonical(user).catch(() => user);
  if (isBelowFolder(at, file) && countsIn(path.relative(at, file).split(path.sep).map(plainName), anyJson))
    return true;
  for (const name of linkedNames)
    if ((await files.canonical(path.join(user, name)).catch(() => undefined)) === file) return true;
  const snippets = await files.canonical(path.join(user, 'snippets')).catch(() => undefined);
  return snippets !== undefined && isBelowFolder(snippets, file);
}

function isBelowFolder(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

// Many file systems take names for the same that differ in case or in how letters are put together.
function isSameFolder(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}
