/** The texts of files from before an edit, kept in the session's folder under the hash that names them in the journal. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TextToKeep } from '../core/ports.ts';
import type { Blob } from './blobs.ts';
import { applyDelta, deltaOf, type DeltaPart } from './textDelta.ts';
import { textHash } from './textHash.ts';

/**
 * A text as a file of the session's blobs. Nothing is masked in it: it must come back exactly, and is readable by its owner
 * alone. One that holds the API key is not kept at all, which its callers see to.
 */
export function keptText({ text, like }: TextToKeep): Blob {
  return { name: textHash(text), text, ...(like !== undefined && { like }) };
}

/** Whether a text was kept. */
export async function isKept(hash: string, blobFolder: string, stepsLeft = longestChain): Promise<boolean> {
  if (await isFile(join(blobFolder, hash))) return true;
  const delta = await readDelta(hash, blobFolder);
  return delta !== undefined && stepsLeft > 0 && isKept(delta.base, blobFolder, stepsLeft - 1);
}

/** The text of a hash; undefined where it was not kept, or is not what its name says any more. */
export async function readKeptText(hash: string, blobFolder: string): Promise<string | undefined> {
  const text = (await readBytes(hash, blobFolder))?.toString('utf8');
  return text !== undefined && textHash(text) === hash ? text : undefined;
}

/** A file of a blob. */
export interface BlobFile {
  readonly name: string;
  readonly content: string;
}

/** Smaller texts are kept whole: a file takes a block of the disk anyway. */
const smallestSharedBytes = 16 * 1024;

/** Then a text is said by the whole one again that the others began with, so that reading one needs few files. */
const longestChain = 16;

/**
 * The file that a blob becomes; undefined where it is kept already. A text like one that is kept becomes what differs,
 * where that is at most a quarter of it. Never rejects.
 */
export async function blobFile(blob: Blob, blobFolder: string): Promise<BlobFile | undefined> {
  const { name, text, like } = blob;
  const whole = { name, content: text };
  if (like === undefined || Buffer.byteLength(text) < smallestSharedBytes) return whole;
  if ((await readKeptText(name, blobFolder)) !== undefined) return undefined;
  const delta = like === name ? undefined : await deltaTo(Buffer.from(text), like, blobFolder);
  return delta ? { name: `${name}${deltaEnding}`, content: JSON.stringify(delta) } : whole;
}

const deltaEnding = '.delta';

/** A text of the session, kept as its difference from another text. */
interface Delta {
  /** The hash of the other text. */
  readonly base: string;
  /** The hash of the whole text that the chain of bases ends in, and how far it is away. */
  readonly root: string;
  readonly steps: number;
  readonly parts: readonly DeltaPart[];
}

async function deltaTo(target: Buffer, like: string, blobFolder: string): Promise<Delta | undefined> {
  const earlier = await readDelta(like, blobFolder);
  const root = earlier?.root ?? like;
  const isTooLong = earlier !== undefined && earlier.steps >= longestChain;
  const base = isTooLong ? root : like;
  const steps = isTooLong || earlier === undefined ? 1 : earlier.steps + 1;
  const bytes = await readBytes(base, blobFolder);
  const parts = bytes && deltaOf(bytes, target, target.length / 4);
  return parts && { base, root, steps, parts };
}

async function readBytes(
  hash: string,
  blobFolder: string,
  stepsLeft = longestChain,
): Promise<Buffer | undefined> {
  const whole = await readFile(join(blobFolder, hash)).catch(() => undefined);
  if (whole) return whole;
  const delta = await readDelta(hash, blobFolder);
  const base = delta && stepsLeft > 0 ? await readBytes(delta.base, blobFolder, stepsLeft - 1) : undefined;
  return base && delta && applyDelta(base, delta.parts);
}

async function readDelta(hash: string, blobFolder: string): Promise<Delta | undefined> {
  try {
    const delta = JSON.parse(await readFile(join(blobFolder, `${hash}${deltaEnding}`), 'utf8')) as Delta;
    // A name leads to a file, so it may be nothing but a hash.
    const isSound =
      [delta.base, delta.root].every((name) => /^[0-9a-f]{64}$/.test(name)) && delta.base !== hash;
    return isSound && Array.isArray(delta.parts) ? delta : undefined;
  } catch {
    return undefined;
  }
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
