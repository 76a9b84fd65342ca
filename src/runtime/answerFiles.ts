/** The disk's files of answers: what agents promised to write, and where their texts are kept. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Outputs } from '../core/outputPorts.ts';
import type { AnswerFiles, FileStamp } from '../agents/answerFiles.ts';
import { textHash } from '../store/textHash.ts';
import { withoutKey } from '../store/withoutKey.ts';

/** `outputs` are those of the session. No file of an answer gets the API key. */
export function createAnswerFiles(
  outputs: Outputs,
  files: Pick<Files, 'canonical'>,
  keyInUse: () => string | undefined,
): AnswerFiles {
  return {
    stamp,
    async save(file, text, isKnown, isCanonical) {
      const folder = path.dirname(file);
      if (isCanonical && (await files.canonical(folder)) !== folder)
        throw new Error('its folder leads elsewhere by now, so nothing was written.');
      await save(file, withoutKey(text, keyInUse()), isKnown);
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
async function hashOf(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) throw new Error('it is no regular file.');
    return textHash((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function save(file: string, text: string, isKnown: (hash: string) => boolean): Promise<void> {
  const present = await hashOf(file);
  if (present !== undefined && !isKnown(present))
    throw new Error('the file has changed since it was read, so it was left as it is.');
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `.${path.basename(file)}.${randomUUID().slice(0, 8)}`);
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
