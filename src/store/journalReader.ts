/** Reads a journal back: an exact prefix of what was written, and what had to be dropped. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionEvent } from '../core/events.ts';
import { blobNames, hasBlobs, lossWithout, withBlobs } from './blobs.ts';
import { isSealed, unsealed } from './journalLine.ts';

export interface JournalContent {
  readonly events: readonly SessionEvent[];
  /** What could not be read. */
  readonly dropped?: DroppedPart;
  /** Events that stand although a long text of theirs is gone, one sentence each. */
  readonly losses: readonly string[];
  /**
   * The last line is whole, and only its end is missing or was changed: the byte at which that end belongs.
   */
  readonly endMissingAt?: number;
}

/** Why it could not be read, with the line, and where the whole part ends in the file, in bytes. */
export interface DroppedPart {
  readonly why: string;
  readonly wholeBytes: number;
  /** A line that was being written, which nobody was told of; else something was lost that had taken effect. */
  readonly isTornTail: boolean;
}

/**
 * Never changes the file. Rejects where it can't be read, or is of a version that this program doesn't know.
 *
 * A blob is known by its hash. Where its file is missing or changed, the prefix ends before the event that names it:
 * an input or a block has no stand-in. Only the text of an outcome or an ending has: what happened must not count as
 * not having happened because its text is gone, so that event stands, and the loss is named.
 */
export async function readJournal(path: string, blobFolder: string): Promise<JournalContent> {
  const bytes = await readFile(path);
  const events: SessionEvent[] = [];
  const losses: string[] = [];
  let wholeBytes = 0;
  while (wholeBytes < bytes.length) {
    const found = bytes.indexOf(lineEnd, wholeBytes);
    const end = found < 0 ? endOfTail(bytes, wholeBytes) : found;
    const seq = events.length + 1;
    const line = end === undefined ? notWhole : readLine(bytes.subarray(wholeBytes, end), seq);
    const read =
      'problem' in line ? line : hasBlobs(line.value) ? await restore(line.value, blobFolder) : line;
    if ('problem' in read || end === undefined) {
      const dropped = bytes.length - wholeBytes;
      const problem = 'problem' in read ? read.problem : notWhole.problem;
      const why = `Line ${seq} and all after it: ${problem} (${dropped} bytes.)`;
      return { events, losses, dropped: { why, wholeBytes, isTornTail: end === undefined } };
    }
    if ('loss' in read) losses.push(`Line ${seq}: ${read.loss}`);
    wholeBytes = end + 1;
    events.push(read.value as SessionEvent);
    if (found < 0) return { events, losses, endMissingAt: end };
  }
  return { events, losses };
}

const lineEnd = 0x0a;

/**
 * The end of a last line that lacks its line end: the checksum fits, with or without a last byte that was the end.
 * Undefined for half a line, of which no reader was told.
 */
function endOfTail(bytes: Buffer, start: number): number | undefined {
  return [bytes.length, bytes.length - 1].find((end) => isSealed(bytes.subarray(start, end)));
}

/**
 * Rejects where a line is of a version that this program doesn't know, or where there is no journal. Changes
 * nothing.
 */
export async function refuseUnknownVersion(path: string): Promise<void> {
  const bytes = await readFile(path);
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(lineEnd, start);
    if (end < 0) return;
    const line = bytes.subarray(start, end);
    const foreign = foreignVersion(line);
    if (foreign !== undefined && !isOursChanged(line)) throw unknownVersion(foreign);
  }
}

type ReadLine = { readonly value: object; readonly loss?: string } | { readonly problem: string };

const notWhole = { problem: 'it is not whole.' };
const changed = { problem: 'its checksum does not fit, so it was changed or is not whole.' };

function readLine(line: Buffer, seq: number): ReadLine {
  const foreign = foreignVersion(line);
  const json = unsealed(line);
  if (json === undefined) {
    if (foreign !== undefined && !isOursChanged(line)) throw unknownVersion(foreign);
    return changed;
  }
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('type' in value))
    return { problem: 'it is no event.' };
  if (foreign !== undefined) throw unknownVersion(foreign);
  if (value.seq !== seq) return { problem: `its number is ${String(value.seq)} where ${seq} was due.` };
  return { value };
}

const ourStart = '{"v":1,';

/** The version that a line begins with, where it is not ours. */
function foreignVersion(line: Buffer): string | undefined {
  if (line.toString('latin1', 0, ourStart.length) === ourStart) return undefined;
  return /^\{"v":(\d+)[,}]/.exec(line.toString('latin1', 0, 24))?.[1];
}

/** Another version may close its lines in another way; but a line of ours whose version's digit was changed is damage. */
function isOursChanged(line: Buffer): boolean {
  const restored = Buffer.from(line);
  restored.write(ourStart, 'latin1');
  return unsealed(restored) !== undefined;
}

function unknownVersion(version: string): Error {
  return new Error(
    `The journal is of version ${version}, and this AllSettled reads version 1. Update AllSettled to open it.`,
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

async function restore(value: object, blobFolder: string): Promise<ReadLine> {
  const texts = new Map<string, string>();
  for (const name of blobNames(value)) {
    const text = await blobText(join(blobFolder, name), name);
    if (text !== undefined) texts.set(name, text);
  }
  const whole = withBlobs(value, texts) as object;
  const problem = 'the file of a long text of it is missing or was changed.';
  switch (lossWithout(value, texts)) {
    case 'nothing':
      return { value: whole };
    case 'resultText':
      return { value: whole, loss: problem };
    case 'event':
      return { problem };
  }
}

/** Undefined where the file is not there, or doesn't hold what its name says. */
async function blobText(file: string, name: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== name) return undefined;
  return bytes.toString('utf8');
}
