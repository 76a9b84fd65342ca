/** Gives the text of a file in parts of whole lines, however large the file is. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Files, UnsearchedReason } from '../../core/filePorts.ts';
import { encodings } from '../../core/textForm.ts';
import { formOf } from './encoding/decodeText.ts';
import { openRegularFile } from './readRegularFile.ts';

type Decoder = InstanceType<typeof TextDecoder>;

const partBytes = 1024 * 1024;

/** Some lines of a file, with their carriage returns. */
export interface TextPart {
  readonly lines: readonly string[];
  /** Counts from 1. */
  readonly firstLine: number;
}

/** Takes a part; the rest is not read if it settles with false. */
export type TakePart = (part: TextPart) => Promise<boolean>;

/** Gives the parts of a file, one at a time. Settles with why the file was not read to its end, or with undefined. */
export type ReadParts = (
  file: string,
  signal: AbortSignal,
  take: TakePart,
) => Promise<UnsearchedReason | undefined>;

/**
 * From the disk. A link is no text: what it leads to is a file of its own. A NUL makes a file binary, unless a
 * person or a model named it. Rejects when it is stopped.
 */
export function readDiskParts({ isNamed }: { readonly isNamed: boolean }): ReadParts {
  return async (file, signal, take) => {
    const opened = await openText(file);
    if (typeof opened === 'string') return opened === 'unreadable' ? opened : undefined;
    try {
      return await readOpen(opened, isNamed, signal, new LinesOfParts(take));
    } catch (error) {
      signal.throwIfAborted();
      if (isSystemError(error)) return 'unreadable';
      throw error;
    } finally {
      await opened.close();
    }
  };
}

async function openText(file: string): Promise<FileHandle | 'unreadable' | 'noFile'> {
  try {
    const opened = await openRegularFile(file, constants.O_NOFOLLOW ?? 0);
    return opened.ok ? opened.handle : 'noFile';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return ['ELOOP', 'ENOENT', 'ENOTDIR', 'ENXIO'].includes(code ?? '') ? 'noFile' : 'unreadable';
  }
}

async function readOpen(
  handle: FileHandle,
  isNamed: boolean,
  signal: AbortSignal,
  lines: LinesOfParts,
): Promise<UnsearchedReason | undefined> {
  const buffer = Buffer.allocUnsafe(partBytes);
  let decoder: Decoder | undefined;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, partBytes, null);
    const bytes = buffer.subarray(0, bytesRead);
    decoder ??= decoderFor(bytes);
    if (!isNamed && !decoder.encoding.startsWith('utf-16') && bytes.includes(0)) return 'binary';
    const isLast = bytesRead === 0;
    const goesOn = await lines.add(decoder.decode(bytes, { stream: !isLast }), isLast);
    if (isLast || !goesOn) return undefined;
  }
}

// By its beginning, because the file can be of any size.
function decoderFor(start: Buffer): Decoder {
  return new TextDecoder(encodings[formOf(start).encoding]);
}

/** From an editor, which gives whole texts of at most `maxBytes`. Rejects when it is stopped. */
export function readWholeTexts(files: Files, maxBytes: number): ReadParts {
  return async (file, signal, take) => {
    const read = await files.readText(file, maxBytes, signal);
    signal.throwIfAborted();
    if (read.ok) await new LinesOfParts(take).add(read.text, true);
    else if (read.error.kind === 'tooLarge' || read.error.kind === 'binary') return read.error.kind;
    else if (read.error.kind === 'io') return 'unreadable';
    return undefined;
  };
}

/** Makes parts of whole lines of a text that comes in pieces. */
class LinesOfParts {
  private readonly take: TakePart;
  private rest = '';
  private firstLine = 1;

  constructor(take: TakePart) {
    this.take = take;
  }

  /** What follows the last line feed of a text is a line only if it is not empty. */
  async add(piece: string, isLast: boolean): Promise<boolean> {
    const lines = (this.rest + piece).split('\n');
    this.rest = isLast ? '' : (lines.pop() ?? '');
    if (isLast && lines.at(-1) === '') lines.pop();
    if (lines.length === 0) return true;
    const goesOn = await this.take({ lines, firstLine: this.firstLine });
    this.firstLine += lines.length;
    return goesOn;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
