/** Writes for those who restore a file: exactly this text, and a file gets the traits that it had. */
import { chmod } from 'node:fs/promises';
import type { FileTraits } from '../../core/calls.ts';
import type { FileWrite, FileWritten } from '../../core/filePorts.ts';
import { fileTraits } from './fileTraits.ts';
import { writeRegularFile } from './writeRegularFile.ts';

/** Through the editor, where there is one. */
type Write = (write: FileWrite) => Promise<FileWritten>;

/** As `through`, for a write that asks for no more. Never rejects where that doesn't. */
export async function writeExactly(
  write: FileWrite,
  signal: AbortSignal,
  through: Write,
): Promise<FileWritten> {
  const { traits, replaces, isExact, text, path } = write;
  if (replaces === undefined && traits) return make(write, traits, signal, through);
  const written = await through(write);
  if (!written.ok || written.isUnsaved) return written;
  const isOther = isExact && written.text !== text;
  if (!isOther && !(traits && (await differ(path, traits)))) return written;
  // The document has no unsaved changes, so the editor takes over what it finds on the disk.
  return writeRegularFile({ path, text, replaces: written.text, ...(traits && { traits }) }, signal);
}

async function differ(path: string, { mode, hasMark }: FileTraits): Promise<boolean> {
  const now = await fileTraits(path);
  return now !== undefined && (now.mode !== mode || now.hasMark !== hasMark);
}

async function make(
  { path, text }: FileWrite,
  traits: FileTraits,
  signal: AbortSignal,
  through: Write,
): Promise<FileWritten> {
  const marked = { path, text: traits.hasMark ? `\uFEFF${text}` : text };
  const written = usualModes.has(traits.mode)
    ? await through(marked)
    : await writeRegularFile({ ...marked, traits }, signal);
  if (!written.ok) return written;
  try {
    await chmod(path, traits.mode);
    return { ...written, text };
  } catch (error) {
    const message = `${path} was made, but its permissions could not be set: ${String(error)}`;
    return { ok: false, error: { kind: 'io', message } };
  }
}

/** An editor makes files that others can read: one that was to be secret, or run, is made on the disk. */
const usualModes: ReadonlySet<number> = new Set([0o644, 0o664, 0o666]);
