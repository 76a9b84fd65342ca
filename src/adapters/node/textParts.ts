/** Gives the text of a file in parts of whole lines, however large the file is. */
import { constants } from 'node:fs';
import type { Files, UnsearchedReason } from '../../core/filePorts.ts';
import { encodings } from '../../core/textForm.ts';
import { formOf } from './encoding/decodeText.ts';
import { openRegularFile, type OpenedFile } from './readRegularFile.ts';

type Decoder = InstanceType<typeof TextDecoder>;

const partBytes = 1024 * 1024;
const smallestPartBytes = 4 * 1024;

/** Some lines of a file, with their carriage returns. */
export interface TextPart {
  readonly lines: readonly string[];
  /** Counts from 1. */
  readonly firstLine: number;
}

/**
 * Reads the parts of a file, one after the other. Its end returns why the file was not read to its end, or undefined. Throws
 * when it is stopped; the caller ends it early with `return`.
 */
export type ReadParts = (
  file: string,
  signal: AbortSignal,
) => AsyncGenerator<TextPart, UnsearchedReason | undefined, void>;

/**
 * From the disk. A link is no text: what it leads to is a file of its own. A NUL makes a file binary, unless a
 * person or a model named it.
 */
export function readDiskParts({ isNamed }: { readonly isNamed: boolean }): ReadParts {
  return async function* (file, signal) {
    const opened = await openText(file);
    if (typeof opened === 'string') return opened === 'unreadable' ? opened : undefined;
    try {
      return yield* partsOf(opened, isNamed, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isSystemError(error)) return 'unreadable';
      throw error;
    } finally {
      await opened.handle.close();
    }
  };
}

type Opened = Extract<OpenedFile, { ok: true }>;

async function openText(file: string): Promise<Opened | 'unreadable' | 'noFile'> {
  try {
    const opened = await openRegularFile(file, constants.O_NOFOLLOW ?? 0);
    return opened.ok ? opened : 'noFile';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return ['ELOOP', 'ENOENT', 'ENOTDIR', 'ENXIO'].includes(code ?? '') ? 'noFile' : 'unreadable';
  }
}

async function* partsOf(
  { handle, stats }: Opened,
  isNamed: boolean,
  signal: AbortSignal,
): ReturnType<ReadParts> {
  // The size that the system tells is no bound: the file can grow, and files of /proc say 0.
  const size = Math.min(partBytes, Math.max(stats.size + 1, smallestPartBytes));
  const buffer = Buffer.allocUnsafe(size);
  const lines = new WholeLines();
  let decoder: Decoder | undefined;
  let bytesSeen = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, size, null);
    const bytes = buffer.subarray(0, bytesRead);
    decoder ??= decoderFor(bytes);
    if (!isNamed && !decoder.encoding.startsWith('utf-16') && bytes.includes(0)) return 'binary';
    bytesSeen += bytesRead;
    const isLast = bytesRead === 0 || bytesSeen === stats.size;
    const part = lines.add(decoder.decode(bytes, { stream: !isLast }), isLast);
    if (part.lines.length > 0) yield part;
    if (isLast) return undefined;
  }
}

// By its beginning, because the file can be of any size.
function decoderFor(start: Buffer): Decoder {
  return new TextDecoder(encodings[formOf(start).encoding]);
}

/** From an editor, which gives whole texts of at most `maxBytes`. */
export function readWholeTexts(files: Files, maxBytes: number): ReadParts {
  return async function* (file, signal) {
    const read = await files.readText(file, maxBytes, signal);
    signal.throwIfAborted();
    if (read.ok) yield new WholeLines().add(read.text, true);
    else if (read.error.kind === 'tooLarge' || read.error.kind === 'binary') return read.error.kind;
    else if (read.error.kind === 'io') return 'unreadable';
    return undefined;
  };
}

/** Makes parts of whole lines of a text that comes in pieces. */
class WholeLines {
  private rest = '';
  private firstLine = 1;

  /** What follows the last line feed of a text is a line only if it is not empty. */
  add(piece: string, isLast: boolean): TextPart {
    const lines = (this.rest + piece).split('\n');
    const rest = lines.pop() ?? '';
    this.rest = isLast ? '' : rest;
    if (isLast && rest !== '') lines.push(rest);
    const part = { lines, firstLine: this.firstLine };
    this.firstLine += lines.length;
    return part;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
