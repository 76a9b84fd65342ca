/** Writes bytes whole beside a file, from where they can take its place at once. */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { temporaryName } from '../../core/temporaryFile.ts';
import type { HeldFolder } from './heldFolder.ts';

/** A file with bytes that are on the disk. */
export interface Temporary {
  /** A path that reaches it in its folder. */
  readonly reach: string;
  readonly stats: Stats;
}

/** Rejects as the work does, or where the bytes can't be written. The temporary file is gone afterwards. */
export async function withTemporary<T>(
  folder: HeldFolder,
  bytes: Buffer,
  mode: number | undefined,
  use: (temporary: Temporary) => Promise<T> | T,
): Promise<T> {
  const reach = folder.at(temporaryName(process.pid, randomBytes(8).toString('hex')));
  try {
    return await use({ reach, stats: await writeWhole(reach, bytes, mode) });
  } finally {
    await rm(reach, { force: true });
  }
}

async function writeWhole(file: string, bytes: Buffer, mode: number | undefined): Promise<Stats> {
  const handle = await open(file, 'wx', mode === undefined ? 0o666 : 0o600);
  try {
    await handle.writeFile(bytes);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}
