/** Names what stands in a file by a hash: of its text as tools read it, unsaved changes included, and of what is no such text of its bytes. */
import type { CallError } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import { textHash } from '../store/textHash.ts';

/** The largest file that is edited, and the largest text that is written. */
export const maxEditedBytes = 10 * 1024 * 1024;

/** `text`: absent where the file is binary, or larger than what is edited. */
export type Content =
  | { readonly ok: true; readonly hash: string; readonly text?: string; readonly isUnsaved: boolean }
  | { readonly ok: false; readonly error: CallError };

type HashedFiles = Pick<Files, 'readText' | 'bytesHash'>;

/** Rejects with the signal's reason alone. */
export async function readContent(path: string, files: HashedFiles, signal: AbortSignal): Promise<Content> {
  const read = await files.readText(path, maxEditedBytes, signal);
  if (read.ok) return { ok: true, hash: textHash(read.text), text: read.text, isUnsaved: read.isUnsaved };
  const isOther = read.error.kind === 'binary' || read.error.kind === 'tooLarge';
  const hash = isOther ? await files.bytesHash(path, signal) : undefined;
  return hash === undefined ? read : { ok: true, hash, isUnsaved: false };
}

/** Null where there is no file; undefined where it can't be read. */
export async function contentHash(
  path: string,
  files: HashedFiles,
  signal: AbortSignal,
): Promise<string | null | undefined> {
  const content = await readContent(path, files, signal);
  if (content.ok) return content.hash;
  return content.error.kind === 'notFound' ? null : undefined;
}
