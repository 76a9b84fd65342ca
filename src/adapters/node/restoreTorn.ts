/** Gives a file its old bytes back that a program died over while it wrote new ones into it. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TornFile } from '../../core/filePorts.ts';
import { inFolder } from './inFolder.ts';
import { encodeText } from './encoding/encodeText.ts';
import { movedProblem } from './writeRegularFile.ts';
import { isTorn, writeOver } from './writeOver.ts';

const flags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** True if the file was torn and is as before now. Never rejects: what can't be told or written stays. */
export async function restoreTorn({ path, before, after, form }: TornFile): Promise<boolean> {
  let isRestored = false;
  const old = encodeText(before, form);
  if (!old.ok) return false;
  // An edit can give a file the mark, and a revert can take it.
  const forms = [form, { ...form, hasMark: !form.hasMark }];
  const written = forms.map((each) => encodeText(after, each)).flatMap((now) => (now.ok ? [now.bytes] : []));
  try {
    if (await movedProblem(path)) return false;
    await inFolder(path, async ({ reach }) => {
      const handle = await open(reach, flags);
      try {
        const stats = await handle.stat();
        const found = stats.isFile() ? await handle.readFile() : undefined;
        if (found && stats.nlink === 1 && holdsParts(found, old.bytes, written)) {
          await writeOver(handle, found, old.bytes);
          isRestored = true;
        }
      } finally {
        await handle.close();
      }
      return undefined;
    });
  } catch {
    return false;
  }
  return isRestored;
}

function holdsParts(found: Buffer, old: Buffer, written: readonly Buffer[]): boolean {
  if ([old, ...written].some((whole) => found.equals(whole))) return false;
  return written.some((now) => isTorn(found, old, now));
}
