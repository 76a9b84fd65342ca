/** Finds links in a folder. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * The links in a folder and below it, relative and with forward slashes. Folders that `isEntered` denies, links and what can't be
 * listed are not entered. Never rejects.
 */
export async function linksBelow(
  folder: string,
  isEntered: (relative: string) => boolean,
): Promise<readonly string[]> {
  const links: string[] = [];
  const waiting = [''];
  for (let within = waiting.pop(); within !== undefined; within = waiting.pop()) {
    const entries = await readdir(path.join(folder, within), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const relative = within === '' ? entry.name : `${within}/${entry.name}`;
      if (entry.isSymbolicLink()) links.push(relative);
      if (entry.isDirectory() && isEntered(relative)) waiting.push(relative);
    }
  }
  return links;
}
