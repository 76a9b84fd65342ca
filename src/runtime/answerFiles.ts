/** The disk's files of answers: what agents promised to write, and where their texts are kept. */
import { readFile, stat } from 'node:fs/promises';
import type { Files } from '../core/filePorts.ts';
import type { Outputs } from '../core/outputPorts.ts';
import type { Recorder } from '../core/ports.ts';
import type { AnswerFiles, FileStamp } from '../agents/answerFiles.ts';
import { textHash } from '../store/textHash.ts';
import { withoutKey } from '../store/withoutKey.ts';
import { sessionRoot } from './sessionRoot.ts';

/** `outputs` are those of the session. No file of an answer gets the API key. */
export function createAnswerFiles(
  outputs: Outputs,
  files: Pick<Files, 'canonical' | 'writeToDisk'>,
  recorder: Pick<Recorder, 'state'>,
  keyInUse: () => string | undefined,
): AnswerFiles {
  return {
    stamp,
    async save(file, text, isKnown, isCanonical) {
      const path = await files.canonical(file);
      if (isCanonical && path !== file)
        throw new Error('its folder leads elsewhere by now, so nothing was written.');
      const replaces = await presentText(path);
      if (replaces !== undefined && !isKnown(textHash(replaces)))
        throw new Error('the file has changed since it was read, so it was left as it is.');
      const root = isCanonical ? (await sessionRoot(recorder.state, path, files))?.path : undefined;
      const write = {
        path,
        text: withoutKey(text, keyInUse()),
        ...(replaces !== undefined && { replaces }),
        ...(root !== undefined && { root }),
      };
      const written = await files.writeToDisk(write, new AbortController().signal);
      if (!written.ok) throw new Error(written.error.message);
    },
    keep: (runId, text) => outputs.keep(runId, 1, text),
  };
}

async function stamp(file: string): Promise<FileStamp | undefined> {
  try {
    const found = await stat(file, { bigint: true });
    if (!found.isFile()) return undefined;
    return {
      bytes: Number(found.size),
      modifiedMs: Number(found.mtimeMs),
      identity: [found.dev, found.ino, found.size, found.mtimeNs].join(':'),
    };
  } catch {
    return undefined; // It is not there, or nobody may look at it: either way nothing was delivered.
  }
}

/** Undefined where there is no file. Rejects for what is no regular one: to read a FIFO takes for ever. */
async function presentText(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) throw new Error('it is no regular file.');
    return new TextDecoder().decode(await readFile(file)); // Without a byte order mark, as tools read it.
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
