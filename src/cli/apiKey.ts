/** The API key of a command line: from a file or a descriptor that it names, else from the environment. */
import { close, constants, fstat, openSync, read, type Stats } from 'node:fs';
import { realpath, open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { isInside } from './workplace.ts';

/** `file` as written, relative to the folder that the program was started in. */
export type KeySource =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'descriptor'; readonly descriptor: number };

export type FoundKey =
  | {
      readonly ok: true;
      readonly key: string | undefined;
      /** Canonical path of the file that holds it. */
      readonly file?: string;
      /** A warning about the key for a person. */
      readonly warning?: string;
    }
  | { readonly ok: false; readonly message: string };

const variable = 'ANTHROPIC_API_KEY';
const maxBytes = 16 * 1024;

/** Takes the key out of the environment, so that no process that is started from here on inherits it. */
export function takeKeyOf(environment: NodeJS.ProcessEnv): string | undefined {
  const key = environment[variable]?.trim();
  delete environment[variable];
  return key === '' ? undefined : key;
}

/** The key of the source that the command line names; `fallback` where it names none. Never rejects. */
export async function findApiKey(
  source: KeySource | undefined,
  startFolder: string,
  fallback: string | undefined,
): Promise<FoundKey> {
  switch (source?.kind) {
    case undefined:
      return { ok: true, key: fallback };
    case 'file':
      return keyOfFile(source.file, startFolder);
    case 'descriptor':
      return keyOfDescriptor(source.descriptor);
  }
}

/** Why the key file can't be used for work in these folders; undefined where it can. Never rejects. */
export async function keyFileProblem(
  file: string | undefined,
  roots: readonly string[],
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  for (const root of roots)
    if (isInside(file, await realpath(root).catch(() => root)))
      return `--api-key-file: ${file} lies in the workspace, where agents can read it. Keep it somewhere else.`;
  return undefined;
}

async function keyOfFile(written: string, startFolder: string): Promise<FoundKey> {
  const named = `--api-key-file ${written}`;
  try {
    const file = await realpath(path.resolve(startFolder, written));
    // Without waiting for the other end of what is no file.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return refused(`${named} is no regular file. Use --api-key-fd for a pipe.`);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
      const key = keyIn(buffer.subarray(0, bytesRead), named);
      const warning = openToOthers(found, written);
      return key.ok ? { ...key, file, ...(warning !== undefined && { warning }) } : key;
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refused(`${named} can't be read: ${(error as Error).message}.`);
  }
}

function openToOthers({ uid, mode }: Stats, written: string): string | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  if (uid !== own && uid !== 0) return `the key file ${written} belongs to another user, who can change it.`;
  return (mode & 0o077) === 0
    ? undefined
    : `the key file ${written} can be used by other users (mode ${(mode & 0o777).toString(8)}): chmod 600 it.`;
}

async function keyOfDescriptor(descriptor: number): Promise<FoundKey> {
  const named = `--api-key-fd ${descriptor}`;
  try {
    const found = await promisify(fstat)(descriptor);
    // Anything else can be one of the runtime's own.
    if (!found.isFile() && !found.isFIFO() && !found.isSocket()) return refused(notOpen(named, descriptor));
    const key = keyIn(await readAll(descriptor), named);
    await promisify(close)(descriptor);
    // The number of the standard input is taken up by nothing that is opened later.
    if (descriptor === 0) openSync('/dev/null', 'r');
    return key;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnknown = code === 'EBADF' || code === 'EAGAIN';
    return refused(isUnknown ? notOpen(named, descriptor) : `${named} can't be read: ${message}.`);
  }
}

function notOpen(named: string, descriptor: number): string {
  return `${named}: no file or pipe is open there. Open one: ${named} ${descriptor}<FILE, or in bash ${descriptor}< <(COMMAND).`;
}

async function readAll(descriptor: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const { buffer, bytesRead } = await promisify(read)(
      descriptor,
      Buffer.alloc(maxBytes),
      0,
      maxBytes,
      null,
    );
    pieces.push(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
    if (bytesRead === 0 || bytes > maxBytes) return Buffer.concat(pieces);
  }
}

function keyIn(bytes: Buffer, named: string): FoundKey {
  if (bytes.length > maxBytes)
    return refused(`${named} is too long to be a key: give one line with the key alone.`);
  const key = bytes.toString('utf8').trim();
  if (key === '') return refused(`${named} is empty: give one line with the key.`);
  if (/\s/.test(key))
    return refused(`${named} has more than one line or word: give one line with the key alone.`);
  if (!/^[\x21-\x7e]+$/.test(key))
    return refused(`${named} has a character that no key has: look at the file.`);
  return { ok: true, key };
}

function refused(message: string): FoundKey {
  return { ok: false, message };
}
