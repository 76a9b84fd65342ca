/** The transcript of `--replay`: a session's journal, or what `--json` printed. */
import { dirname, join, resolve } from 'node:path';
import type { SessionEvent } from '../core/events.ts';
import { readJournal } from '../store/journalReader.ts';

export type Replay =
  | { readonly ok: true; readonly events: readonly SessionEvent[] }
  | { readonly ok: false; readonly message: string };

/** The events of a transcript that holds at least one turn. */
export async function readReplay(startFolder: string, file: string): Promise<Replay> {
  const path = resolve(startFolder, file);
  try {
    const { events, dropped } = await readJournal(path, join(dirname(path), 'blobs'));
    if (events.some(({ type }) => type === 'turn.started')) return { ok: true, events };
    return { ok: false, message: `--replay ${file}: no turn of a model in it. ${dropped ?? ''}`.trimEnd() };
  } catch (error) {
    return { ok: false, message: `--replay ${file}: ${(error as Error).message}` };
  }
}
