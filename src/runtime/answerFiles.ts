/** The disk's files of answers: what agents promised to write, and where their texts are kept. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Outputs } from '../core/ports.ts';
import type { AnswerFiles, FileStamp } from '../agents/answerFiles.ts';

/** `outputs` are those of the session. */
export function createAnswerFiles(outputs: Outputs): AnswerFiles {
  return { stamp, save, keep: (runId, text) => outputs.keep(runId, 1, text) };
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

async function save(file: string, text: string): Promise<void> {
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
