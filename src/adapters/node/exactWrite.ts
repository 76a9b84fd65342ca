/** Writes for those who restore a file, or ask for a mark: exactly this text, and the traits that the file is to have. */
import { constants } from 'node:fs';
import type { FileWrite, FileWritten, WantedTraits } from '../../core/filePorts.ts';
import { fileTraits } from './fileTraits.ts';
import { inFolder } from './inFolder.ts';
import { openRegularFile } from './readRegularFile.ts';
import { writeRegularFile } from './writeRegularFile.ts';

/** Through the editor, where there is one. */
type Write = (write: FileWrite) => Promise<FileWritten>;

/** As `through`, for a write that asks for no more. Never rejects where that doesn't. */
export async function writeExactly(
  write: FileWrite,
  signal: AbortSignal,
  through: Write,
): Promise<FileWritten> {
  const { traits, replaces, isExact, text } = write;
  if (replaces === undefined && traits) return make(write, traits, signal, through);
  const written = await through(write);
  if (!written.ok || written.isUnsaved) return written;
  const isOther = isExact && written.text !== text;
  if (!isOther && !(traits && (await differ(write.path, traits)))) return written;
  // The document has no unsaved changes, so the editor takes over what it finds on the disk.
  return writeRegularFile({ ...write, text: isExact ? text : written.text, replaces: written.text }, signal);
}

async function differ(path: string, { mode, hasMark, encoding }: WantedTraits): Promise<boolean> {
  const now = await fileTraits(path);
  if (now === undefined) return false;
  const isInOther = now.encoding !== (encoding ?? now.encoding);
  return isInOther || now.mode !== (mode ?? now.mode) || now.hasMark !== hasMark;
}

async function make(
  write: FileWrite,
  traits: WantedTraits,
  signal: AbortSignal,
  through: Write,
): Promise<FileWritten> {
  const { mode, hasMark } = traits;
  const { path, text, root } = write;
  const isForDisk = traits.encoding !== undefined || (mode !== undefined && !usualModes.has(mode));
  if (isForDisk) return writeRegularFile(write, signal);
  const marked = { path, text: hasMark ? `\uFEFF${text}` : text, ...(root !== undefined && { root }) };
  const written = await through(marked);
  if (!written.ok) return written;
  try {
    if (mode !== undefined) await setMode(path, mode);
    return { ...written, text };
  } catch (error) {
    const message = `${path} was made, but its permissions could not be set: ${String(error)}`;
    return { ok: false, error: { kind: 'io', message } };
  }
}

/** Of the file that is in its folder now, and of none that a link leads to. */
async function setMode(path: string, mode: number): Promise<void> {
  const problem = await inFolder(path, async ({ reach }) => {
    const opened = await openRegularFile(reach, constants.O_NOFOLLOW);
    if (!opened.ok) return opened.error;
    await opened.handle.chmod(mode).finally(() => opened.handle.close());
    return undefined;
  });
  if (problem !== undefined) throw new Error(problem.message);
}

/** An editor makes files in UTF-8 that others can read: one that was to be secret, or run, is made on the disk. */
const usualModes: ReadonlySet<number> = new Set([0o644, 0o664, 0o666]);
