/** Reads a journal back: an exact prefix of what was written, and what had to be dropped. */
import { constants } from 'node:fs';
import { copyFile, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionEvent } from '../core/events.ts';
import { blobNames, withBlobs } from './blobs.ts';

export interface JournalContent {
  readonly events: readonly SessionEvent[];
  /** What could not be read: why, with the line, and where the whole part ends in the file, in bytes. */
  readonly dropped?: { readonly why: string; readonly wholeBytes: number };
}

/** Rejects where the file can't be read, or is of a version that this program doesn't know. */
export async function readJournal(path: string, blobFolder: string): Promise<JournalContent> {
  const bytes = await readFile(path);
  const events: SessionEvent[] = [];
  let wholeBytes = 0;
  while (wholeBytes < bytes.length) {
    const end = bytes.indexOf(lineEnd, wholeBytes);
    const parsed =
      end < 0
        ? { problem: 'it is not whole.' }
        : parseLine(bytes.toString('utf8', wholeBytes, end), events.length + 1);
    if ('problem' in parsed)
      return {
        events,
        dropped: { why: `Line ${events.length + 1} and all after it: ${parsed.problem}`, wholeBytes },
      };
    wholeBytes = end + 1;
    events.push((await restore(parsed.value, blobFolder)) as SessionEvent);
  }
  return { events };
}

const lineEnd = 0x0a;

/** Cuts a journal back to its whole part, so that it can be written again; all that it held is kept in a copy beside it. */
export async function keepWholePart(path: string, wholeBytes: number): Promise<string> {
  const copy = `${path}.damaged-${wholeBytes}`;
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  await truncate(path, wholeBytes);
  return copy;
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
