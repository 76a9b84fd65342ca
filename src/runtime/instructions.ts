/** AGENTS.md or CLAUDE.md of a folder, for the system prompt. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';

const fileNames = ['AGENTS.md', 'CLAUDE.md'];
const maxBytes = 64_000;

/**
 * The text of the first of them in the working directory, at most 64 kB of it; undefined where there is none. A repository can bring
 * one along that is a link, so it must lie in the workspace.
 */
export async function readInstructions(
  place: Place,
  files: Pick<Files, 'canonical'>,
): Promise<string | undefined> {
  for (const name of fileNames) {
    const resolved = await resolveInside(name, place, files);
    const text = resolved.ok ? await readHead(resolved.path) : undefined;
    if (text?.trim()) return text;
  }
  return undefined;
}

async function readHead(file: string): Promise<string | undefined> {
  try {
    // Without O_NONBLOCK a FIFO of that name would hold the open, and the process with it, for ever.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
    await using handle = await open(file, flags);
    if (!(await handle.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined; // Most folders have neither.
  }
}
