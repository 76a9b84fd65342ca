/** AGENTS.md or CLAUDE.md of a folder, for the system prompt. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';

const fileNames = ['AGENTS.md', 'CLAUDE.md'];
const maxBytes = 64_000;

/** The text of the first of them in a folder, at most 64 kB of it; undefined where there is none. */
export async function readInstructions(folder: string): Promise<string | undefined> {
  for (const name of fileNames) {
    const text = await readHead(path.join(folder, name));
    if (text?.trim()) return text;
  }
  return undefined;
}

async function readHead(file: string): Promise<string | undefined> {
  try {
    // Without O_NONBLOCK a FIFO of that name would hold the open, and the process with it, for ever.
    await using handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!(await handle.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined; // Most folders have neither.
  }
}
