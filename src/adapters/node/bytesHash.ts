/** Hashes the bytes of a regular file. */
import { createHash } from 'node:crypto';
import { openRegularFile } from './readRegularFile.ts';

/** Of a larger file its size, time and number stand for the bytes, which a rename keeps: to read a sparse one takes for ever. */
const maxBytes = 256 * 1024 * 1024;

/** SHA-256 in hex; undefined where there is no regular file, or it can't be read. Rejects with the signal's reason alone. */
export async function bytesHash(file: string, signal: AbortSignal): Promise<string | undefined> {
  const opened = await openRegularFile(file).catch(() => undefined);
  if (!opened?.ok) return undefined;
  const hash = createHash('sha256');
  const { size, mtimeMs, ino } = opened.stats;
  try {
    if (size > maxBytes) return hash.update(`${size} ${mtimeMs} ${ino}`).digest('hex');
    const chunks: AsyncIterable<Buffer> = opened.handle.createReadStream({ autoClose: false });
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      hash.update(chunk);
    }
    return hash.digest('hex');
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    await opened.handle.close();
  }
}
