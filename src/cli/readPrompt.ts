/** Reads a prompt from the standard input. */
import { addAbortSignal, type Readable } from 'node:stream';
import { promptForm } from './arguments.ts';
import { decode } from './readTextFile.ts';

/** `message` is absent where the program was stopped meanwhile. */
export type ReadPrompt =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message?: string };

const maxMegabytes = 8;
const name = 'The standard input';

/** The text of the whole input, in UTF-8, or in UTF-16 with a mark. Never rejects. */
export async function readPrompt(
  input: Readable & { readonly isTTY?: boolean },
  stopping: AbortSignal,
): Promise<ReadPrompt> {
  if (input.isTTY === true) return { ok: false, message: `PROMPT is missing: give ${promptForm}.` };
  try {
    const content = await readAll(input, stopping);
    if (content === undefined)
      return { ok: false, message: `${name} is too long for a prompt: at most ${maxMegabytes} MB are read.` };
    const decoded = decode(name, content);
    if (!decoded.ok) return decoded;
    const text = decoded.text.replace(/^\uFEFF/, '').trimEnd();
    if (text === '')
      return { ok: false, message: `PROMPT is missing: the standard input is empty. Give ${promptForm}.` };
    return { ok: true, text };
  } catch (error) {
    if (stopping.aborted) return { ok: false };
    return { ok: false, message: `${name} can't be read: ${(error as Error).message}` };
  }
}

/** Undefined for what is too long. */
async function readAll(input: Readable, stopping: AbortSignal): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of addAbortSignal(stopping, input) as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxMegabytes * 1024 * 1024) return undefined;
  }
  return Buffer.concat(pieces);
}
