/** A picture of a folder: all that anybody could tell a change by. */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** One line an entry, the folder above included: kind, mode, all times but that of access, and the content. */
export async function pictureOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  const lines: string[] = [];
  for (const file of [path.dirname(folder), folder, ...files])
    lines.push(`${path.relative(folder, file) || '.'} ${await lookOf(file)}`);
  return lines;
}

async function lookOf(file: string): Promise<string> {
  const stats = await lstat(file, { bigint: true });
  const { mode, mtimeNs, ctimeNs, size, nlink, ino } = stats;
  return [mode.toString(8), mtimeNs, ctimeNs, size, nlink, ino, await contentOf(file, stats)].join(' ');
}

async function contentOf(
  file: string,
  stats: Pick<BigIntStats, 'isFile' | 'isSymbolicLink' | 'isDirectory'>,
): Promise<string> {
  if (stats.isSymbolicLink()) return readlink(file);
  if (stats.isDirectory()) return (await readdir(file)).join(',');
  if (!stats.isFile()) return 'other';
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
