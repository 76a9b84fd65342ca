/** Puts a text in the place of any regular file, or of none. */
import { lstatSync, renameSync } from 'node:fs';
import type { CallError } from '../../core/calls.ts';
import { inFolder, leadsElsewhere } from './inFolder.ts';
import { withTemporary } from './temporaryCopy.ts';
import { writeError } from './writeErrors.ts';

/** Never rejects. The path is canonical; a link that has come to be there is not followed, and its folder is held. */
export async function overwriteRegularFile(file: string, text: string): Promise<CallError | undefined> {
  try {
    return await inFolder(file, ({ folder, reach }) =>
      withTemporary(folder, Buffer.from(text), undefined, (temporary) => {
        if (!folder.isInPlace()) return leadsElsewhere(file);
        const there = lstatSync(reach, { throwIfNoEntry: false });
        if (there && !there.isFile())
          return { kind: 'changed', message: `${file} is no regular file by now.` };
        renameSync(temporary.reach, reach);
        return undefined;
      }),
    );
  } catch (error) {
    return writeError(file, error);
  }
}
