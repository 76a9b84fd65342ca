/** Reads a whole file that a person named. */
import { stat } from 'node:fs/promises';
import { decodeText, isBinary } from '../adapters/node/encoding/decodeText.ts';
import { kindOf, openRegularFile } from '../adapters/node/readRegularFile.ts';

export type FileText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** The text of a regular file of at most `maxBytes`, in UTF-8 or in UTF-16 with a mark: what is guessed would run. Blocks on nothing else. */
export async function readTextFile(path: string, maxBytes: number): Promise<FileText> {
  try {
    const content = await readBytes(path, maxBytes);
    return typeof content === 'string' ? { ok: false, message: content } : decode(path, content);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { ok: false, message: `There is no file ${path}.` };
    return { ok: false, message: `${path} can't be read: ${message}` };
  }
}

/** The content, or why it can't be taken. */
async function readBytes(path: string, maxBytes: number): Promise<Buffer | string> {
  const opened = await openRegularFile(path);
  if (!opened.ok) return `${path} is a ${kindOf(await stat(path))}: name a regular file.`;
  const { handle, stats } = opened;
  try {
    const content = stats.size > maxBytes ? undefined : await handle.readFile();
    if (content !== undefined && content.length <= maxBytes) return content;
    return `${path} is too large: at most ${maxBytes / 1024 / 1024} MB are read.`;
  } finally {
    await handle.close();
  }
}

/** The text of what was read; `path` names it in messages. */
export function decode(path: string, content: Buffer): FileText {
  const { text, encoding, hasMark, isGuess, lostCharacters } = decodeText(content);
  if (isGuess)
    return { ok: false, message: `${path} is not UTF-8, it looks like ${encoding}: save it as UTF-8.` };
  if (isBinary(content) || text.includes('\0'))
    return { ok: false, message: `${path} is no text in UTF-8: save it as UTF-8.` };
  if (lostCharacters > 0)
    return { ok: false, message: `${path} is not ${encoding} throughout: save it as UTF-8.` };
  // The byte order mark stays, so that places in the text are places in the file.
  return { ok: true, text: hasMark ? `\uFEFF${text}` : text };
}
