/** The transcript of `--replay`: a session's journal, or what `--json` printed. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SessionEvent } from '../core/events.ts';
import { parseTranscript, type Restore } from '../formats/transcript.ts';
import { blobNames, withBlobs } from '../store/blobs.ts';
import { readTextFile } from './readTextFile.ts';

export type Replay =
  | { readonly ok: true; readonly events: readonly SessionEvent[] }
  | { readonly ok: false; readonly message: string };

const maxBytes = 256 * 1024 * 1024;

/** The events of a transcript that is whole and holds at least one turn. */
export async function readReplay(startFolder: string, file: string): Promise<Replay> {
  const path = resolve(startFolder, file);
  const read = await readTextFile(path, maxBytes);
  if (!read.ok) return { ok: false, message: `--replay: ${read.message}` };
  const parsed = parseTranscript(read.text, await restoreFrom(join(dirname(path), 'blobs'), read.text));
  if (!parsed.ok) return { ok: false, message: `--replay ${file}, line ${parsed.line}: ${parsed.message}` };
  if (parsed.events.some(({ type }) => type === 'turn.started')) return parsed;
  return { ok: false, message: `--replay ${file}: no turn of a model in it.` };
}

/** A journal has its long texts in the folder `blobs` beside it. */
async function restoreFrom(blobFolder: string, transcript: string): Promise<Restore> {
  const texts = new Map<string, string>();
  // An input can hold what looks like a name too; no file has it, or nothing asks for what was read.
  for (const [, name = ''] of transcript.matchAll(/"name":"([0-9a-f]{64})"/g)) {
    const text = await readFile(join(blobFolder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(name, text);
  }
  return (value) => (blobNames(value).every((name) => texts.has(name)) ? withBlobs(value, texts) : value);
}
