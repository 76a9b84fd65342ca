/** The environment of a program that is started without a question: nothing in it leads into the workspace. */
import { userInfo } from 'node:os';
import path from 'node:path';
import { programFolders } from './findProgram.ts';
import type { ForeignFolders } from './foreignFolders.ts';

/**
 * Takes out the variables by which a loader, an interpreter or the program itself would find code or settings in one of the
 * folders, and the entries of search paths that lie there. A program that it starts in turn is then not found there either.
 */
export async function ownEnvironment(
  environment: Readonly<Record<string, string>>,
  cwd: string,
  foreign: ForeignFolders,
): Promise<Record<string, string>> {
  const kept: Record<string, string> = {};
  if (foreign.names.length === 0) return { ...environment };
  for (const [name, value] of Object.entries(environment)) {
    const left = await without(foreign, name, value, cwd);
    if (left !== undefined) kept[name] = left;
  }
  return kept;
}

async function without(
  foreign: ForeignFolders,
  name: string,
  value: string,
  cwd: string,
): Promise<string | undefined> {
  if (workingFolders.has(name) || isAccountHome(name, value)) return value;
  if (isSearchPath.test(name)) return outsideOf(foreign, programFolders(value));
  if (foreign.names.some((folder) => isNamedIn(value, folder))) return undefined;
  if (!steering.test(name)) return value;
  for (const place of placesIn(value)) if (await foreign.reach(path.resolve(cwd, place))) return undefined;
  return value;
}

const workingFolders: ReadonlySet<string> = new Set(['PWD', 'OLDPWD', 'INIT_CWD']);

/** Lists of folders, in which an entry that is empty or relative means the working directory. */
const isSearchPath = /^(PATH|LD_LIBRARY_PATH|DYLD_(FALLBACK_)?(LIBRARY|FRAMEWORK)_PATH|LIBPATH|SHLIB_PATH)$/i;

/** Names of variables whose paths are loaded, run or read as settings, also through a link. */
const steering =
  /^(GIT_CONFIG_(GLOBAL|SYSTEM)|LD_|DYLD_|GCONV_|LOCPATH|NLSPATH|NODE_|BASH_ENV|ENV|HOME|XDG_|PYTHON|PERL|RUBY|JAVA_|JDK_|_JAVA|OPENSSL_|SSL_|CURL_|RIPGREP_|TERMINFO|USERPROFILE|APPDATA|LOCALAPPDATA)/i;

async function outsideOf(foreign: ForeignFolders, folders: readonly string[]): Promise<string | undefined> {
  const kept: string[] = [];
  for (const folder of folders) if (!(await foreign.reach(folder))) kept.push(folder);
  return kept.length === 0 ? undefined : kept.join(path.delimiter);
}

/**
 * True if the text contains the folder or a path below it. A folder whose name merely begins the same way
 * does not count.
 */
function isNamedIn(value: string, folder: string): boolean {
  return value.split(folder).some((after, index) => index > 0 && !/^[\w.-]/.test(after));
}

/** The parts of a value that can be paths: a list, an option's value or an address of a file holds more than one. */
function placesIn(value: string): readonly string[] {
  const words = value.split(/[\s;,="']+|(?<!^[a-z]):/i);
  return words.map((word) => word.replace(/^\/\/+(?=\/)/, '')).filter((word) => /[\\/]/.test(word));
}

// A workspace that holds the person's own home holds their own settings.
function isAccountHome(name: string, value: string): boolean {
  if (name !== 'HOME' && name.toUpperCase() !== 'USERPROFILE') return false;
  try {
    return path.resolve(value) === path.resolve(userInfo().homedir);
  } catch {
    return false;
  }
}
