/** Writes bytes whole beside a file, from where they can take its place at once. */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { temporaryName } from '../../core/temporaryFile.ts';
import type { HeldFolder } from './heldFolder.ts';

/** A file with bytes that are on the disk. */
export interface Temporary {
  /** A path that reaches it in its folder. */
  readonly reach: string;
  readonly stats: Stats;
}

/**
 * Rejects as the work does, or where the bytes can't be written. The temporary file is gone afterwards. With `finish` it is
 * its owner's alone until that has set what else it is to have; without, it is made as any file.
 */
export async function withTemporary<T>(
  folder: HeldFolder,
  bytes: Buffer,
  finish: ((temporary: FileHandle) => Promise<void>) | undefined,
  use: (temporary: Temporary) => Promise<T> | T,
): Promise<T> {
  const reach = folder.at(temporaryName(process.pid, randomBytes(8).toString('hex')));
  try {
    return await use({ reach, stats: await writeWhole(reach, bytes, finish) });
  } finally {
    await rm(reach, { force: true });
  }
}

async function writeWhole(
  file: string,
  bytes: Buffer,
  finish: ((temporary: FileHandle) => Promise<void>) | undefined,
): Promise<Stats> {
  const handle = await open(file, 'wx', finish === undefined ? 0o666 : 0o600);
  try {
    await handle.writeFile(bytes);
    await finish?.(handle);
    await handle.sync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}
