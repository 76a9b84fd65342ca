/** The transcript of `--replay`: a session's journal, or what `--json` printed. */
import { dirname, join, resolve } from 'node:path';
import type { Model } from '../core/models.ts';
import { createReplayModel } from '../models/replay.ts';
import { readJournal } from '../store/journalReader.ts';

export type Replay =
  { readonly ok: true; readonly model: Model } | { readonly ok: false; readonly message: string };

/** A model that plays the turns of a transcript. */
export async function readReplay(startFolder: string, file: string): Promise<Replay> {
  const path = resolve(startFolder, file);
  try {
    const { events, dropped } = await readJournal(path, join(dirname(path), 'blobs'));
    if (events.some(({ type }) => type === 'turn.started'))
      return { ok: true, model: createReplayModel(events) };
    return { ok: false, message: `--replay ${file}: no turn of a model in it. ${dropped ?? ''}`.trimEnd() };
  } catch (error) {
    return { ok: false, message: `--replay ${file}: ${(error as Error).message}` };
  }
}
