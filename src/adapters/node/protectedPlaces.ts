/** Finds what steers git and the editor in a workspace folder, so that no confined command writes there. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const protectedNames: ReadonlySet<string> = new Set(['.git', '.vscode']);
const workspaceFile = /\.code-workspace$/i;

// Below these nothing is opened as a repository or a workspace, and there are very many folders.
const passedOver: ReadonlySet<string> = new Set(['node_modules']);

const deepest = 5;
const mostFolders = 5000;

/**
 * Those that are there, down to five folders deep, and those of the folder itself even where they are not: of these a file
 * inside is named, because then a folder stands in for them while the command runs, which git and the editor pass over.
 */
export async function protectedPlaces(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  let level = [root];
  let room = mostFolders;
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    const looked = level.slice(0, room);
    room -= looked.length;
    level = [];
    for (const { protectedHere, folders } of await lookInto(looked)) {
      found.push(...protectedHere);
      level.push(...folders);
    }
  }
  const absent = [...protectedNames].filter((name) => !found.includes(path.join(root, name)));
  return [...found, ...absent.map((name) => path.join(root, name, 'config'))];
}

interface Look {
  readonly protectedHere: readonly string[];
  readonly folders: readonly string[];
}

const atOnce = 64;

async function lookInto(folders: readonly string[]): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (let from = 0; from < folders.length; from += atOnce) {
    const begun = folders.slice(from, from + atOnce).map(look);
    for (const looking of begun) looks.push(await looking); // None rejects.
  }
  return looks;
}

async function look(folder: string): Promise<Look> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inFolder = (names: typeof entries): readonly string[] =>
    names.map(({ name }) => path.join(folder, name));
  const isProtected = ({ name }: { readonly name: string }): boolean =>
    protectedNames.has(name.toLowerCase()) || workspaceFile.test(name);
  return {
    protectedHere: inFolder(entries.filter(isProtected)),
    folders: inFolder(
      entries.filter((entry) => entry.isDirectory() && !isProtected(entry) && !passedOver.has(entry.name)),
    ),
  };
}
