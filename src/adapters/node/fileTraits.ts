/** What a file on the disk has beside its text. */
import type { FileHandle } from 'node:fs/promises';
import type { FileTraits } from '../../core/calls.ts';
import { formOf } from './encoding/decodeText.ts';
import { openRegularFile } from './readRegularFile.ts';

/** No text of a larger file is read or edited. */
const largestBytes = 50 * 1024 * 1024;

/** Undefined where no regular file can be read. Never rejects. */
export async function fileTraits(path: string): Promise<FileTraits | undefined> {
  const opened = await openRegularFile(path).catch(() => undefined);
  if (!opened?.ok) return undefined;
  const { handle, stats } = opened;
  try {
    const isSmall = stats.size <= largestBytes;
    const bytes = isSmall ? await handle.readFile() : await firstBytes(handle);
    const { encoding, hasMark } = formOf(bytes);
    return { mode: stats.mode & 0o7777, hasMark, ...(encoding !== 'UTF-8' && { encoding }) };
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

async function firstBytes(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, undefined, 0);
  return buffer.subarray(0, bytesRead);
}
