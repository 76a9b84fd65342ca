/** The files of the workspace, as the disk and an editor's unsaved documents have them. */
import type { FileRead, Files } from '../../core/ports.ts';
import { canonicalPath } from './canonicalPath.ts';
import { listFiles } from './listFiles.ts';
import { readRegularFile } from './readRegularFile.ts';

/** What an editor shows instead of the disk's text. */
export interface UnsavedTexts {
  /** `path` is canonical; undefined where the file is not open or has no unsaved changes. */
  unsavedText(path: string): string | undefined;
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
  };
}

function unsavedRead(path: string, text: string, maxBytes: number): FileRead {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { ok: true, text, bytes, isUnsaved: true };
  const message = `${path} has ${bytes} bytes in the editor, more than the ${maxBytes} bytes that can be read.`;
  return { ok: false, error: { kind: 'tooLarge', message } };
}
