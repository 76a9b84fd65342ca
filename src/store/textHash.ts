/** Names a file's text by its hash. */
import { createHash } from 'node:crypto';

/** Of the text as it is read: without a byte order mark, with the file's own line ends. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
