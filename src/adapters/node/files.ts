/** The files of the workspace, as the disk and an editor's unsaved documents have them. */
import type { FileRead, Files, FileWrite, FileWritten } from '../../core/ports.ts';
import { canonicalPath } from './canonicalPath.ts';
import { listFiles } from './listFiles.ts';
import { readRegularFile } from './readRegularFile.ts';
import { replacingProblem, writeRegularFile } from './writeRegularFile.ts';

/** What an editor shows instead of the disk's text. */
export interface UnsavedTexts {
  /** `path` is canonical; undefined where the file is not open or has no unsaved changes. */
  unsavedText(path: string): string | undefined;
  /** Writes through the editor; undefined where it leaves that to the disk. Absent: the editor only shows. */
  write?(write: FileWrite): Promise<FileWritten | undefined>;
}

export function createFiles(overlay?: UnsavedTexts): Files {
  return {
    canonical: (path) => canonicalPath(path),
    list: listFiles,
    readText(path, maxBytes, signal) {
      const unsaved = overlay?.unsavedText(path);
      if (unsaved === undefined) return readRegularFile(path, maxBytes, signal);
      return Promise.resolve(unsavedRead(path, unsaved, maxBytes));
    },
    write: (write, signal) => writeThrough(overlay, write, signal),
  };
}

async function writeThrough(
  overlay: UnsavedTexts | undefined,
  write: FileWrite,
  signal: AbortSignal,
): Promise<FileWritten> {
  const { path, replaces } = write;
  if (overlay?.write !== undefined) {
    // An editor would read bytes that are no UTF-8 as other ones, and save those.
    const isOnDisk = replaces !== undefined && overlay.unsavedText(path) === undefined;
    const problem = isOnDisk ? await replacingProblem(path, replaces) : undefined;
    if (problem !== undefined) return { ok: false, error: problem };
    const written = await overlay.write(write);
    if (written !== undefined) return written;
  }
  return writeRegularFile(write, signal);
}

function unsavedRead(path: string, text: string, maxBytes: number): FileRead {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { ok: true, text, bytes, isUnsaved: true };
  const message = `${path} has ${bytes} bytes in the editor, more than the ${maxBytes} bytes that can be read.`;
  return { ok: false, error: { kind: 'tooLarge', message } };
}
