/** What a file on the disk has beside its text. */
import type { FileTraits } from '../../core/calls.ts';
import { openRegularFile } from './readRegularFile.ts';

/** As UTF-8 has it. */
export const byteOrderMark: Buffer = Buffer.from([0xef, 0xbb, 0xbf]);

/** Undefined where no regular file can be read. Never rejects. */
export async function fileTraits(path: string): Promise<FileTraits | undefined> {
  const opened = await openRegularFile(path).catch(() => undefined);
  if (!opened?.ok) return undefined;
  const { handle, stats } = opened;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(byteOrderMark.length), 0, undefined, 0);
    const hasMark = buffer.subarray(0, bytesRead).equals(byteOrderMark);
    return { mode: stats.mode & 0o7777, hasMark };
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
