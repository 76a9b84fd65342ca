/** The texts of files from before an edit, kept in the session's folder under the hash that names them in the journal. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blob } from './blobs.ts';
import { textHash } from './textHash.ts';

/**
 * A text as a file of the session's blobs. Nothing is masked in it: it must come back exactly, and is readable by its owner
 * alone. One that holds the API key is not kept at all, which its callers see to.
 */
export function keptText(text: string): Blob {
  return { name: textHash(text), text };
}

/** Whether a text was kept. */
export async function isKept(hash: string, blobFolder: string): Promise<boolean> {
  return stat(join(blobFolder, hash)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** The text of a hash; undefined where it was not kept, or is not what its name says any more. */
export async function readKeptText(hash: string, blobFolder: string): Promise<string | undefined> {
  const text = await readFile(join(blobFolder, hash), 'utf8').catch(() => undefined);
  return text !== undefined && textHash(text) === hash ? text : undefined;
}
