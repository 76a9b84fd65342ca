/** Reads a journal back: an exact prefix of what was written, and what had to be dropped. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionEvent } from '../core/events.ts';
import { blobNames, withBlobs } from './blobs.ts';

export interface JournalContent {
  readonly events: readonly SessionEvent[];
  /** Why reading stopped before the end, with the line; absent where all was read. */
  readonly dropped?: string;
}

/** Rejects where the file can't be read, or is of a version that this program doesn't know. */
export async function readJournal(path: string, blobFolder: string): Promise<JournalContent> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const events: SessionEvent[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break;
    const parsed = parseLine(line, events.length + 1);
    if ('problem' in parsed)
      return { events, dropped: `Line ${index + 1} and all after it: ${parsed.problem}` };
    events.push((await restore(parsed.value, blobFolder)) as SessionEvent);
  }
  return { events };
}

function parseLine(line: string, seq: number): { readonly value: object } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: 'it is not whole JSON.' };
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    !('v' in value) ||
    !('seq' in value) ||
    !('type' in value)
  )
    return { problem: 'it is no event.' };
  if (value.v !== 1)
    throw new Error(
      `The journal is of version ${String(value.v)}, and this AllSettled reads version 1. Update AllSettled to open it.`,
    );
  if (value.seq !== seq) return { problem: `its number is ${String(value.seq)} where ${seq} was due.` };
  return { value };
}

async function restore(value: object, blobFolder: string): Promise<unknown> {
  const names = blobNames(value);
  if (names.length === 0) return value;
  const texts = new Map<string, string>();
  for (const name of names) {
    const text = await readFile(join(blobFolder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(name, text);
  }
  return withBlobs(value, texts);
}
