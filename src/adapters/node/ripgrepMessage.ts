/** Reads the lines that ripgrep writes: its JSON output and its errors. */
import path from 'node:path';
import type { TextMatch } from '../../core/filePorts.ts';
import { showLine } from './matchLine.ts';

/** Text, or base64 where it is not UTF-8. */
type RipgrepText = { readonly text: string } | { readonly bytes: string };

type RipgrepLine =
  | {
      readonly type: 'match';
      readonly data: {
        readonly path: RipgrepText;
        readonly lines: RipgrepText;
        readonly line_number: number;
        /** Offsets in bytes. */
        readonly submatches: readonly { readonly start: number }[];
      };
    }
  | {
      readonly type: 'end';
      /** The offset is that of the first NUL, where the search of the file ended. */
      readonly data: { readonly path: RipgrepText; readonly binary_offset: number | null };
    }
  | { readonly type: 'begin' | 'summary' | 'context' };

export type RipgrepMessage =
  | { readonly kind: 'match'; readonly match: TextMatch }
  /** The file was searched up to a NUL. */
  | { readonly kind: 'binary'; readonly path: string }
  /** The last one of a search that took place. */
  | { readonly kind: 'summary' }
  | { readonly kind: 'other' };

/** `searched` is the path that ripgrep was given. */
export function parseRipgrepMessage(line: string, searched: string): RipgrepMessage {
  const message = JSON.parse(line) as RipgrepLine;
  switch (message.type) {
    case 'match':
      return { kind: 'match', match: matchOf(message.data, searched) };
    case 'end':
      return message.data.binary_offset === null
        ? { kind: 'other' }
        : { kind: 'binary', path: path.resolve(searched, bytesOf(message.data.path).toString()) };
    case 'summary':
      return { kind: 'summary' };
    default:
      return { kind: 'other' };
  }
}

/** The path of a match whose line was too long to keep, from the beginning of its message. */
export function pathOfCutMatch(start: Buffer, searched: string): string | undefined {
  const [, text] =
    /^\{"type":"match","data":\{"path":\{"text":("(?:[^"\\]|\\.)*")/.exec(start.toString()) ?? [];
  return text === undefined ? undefined : path.resolve(searched, JSON.parse(text) as string);
}

/** The place that a line of ripgrep's errors says it could not read. One that is gone by now is none. */
export function unreadablePlace(line: string, searched: string): string | undefined {
  const [, place, code] =
    /^(?:rg: )?(?:IO error for operation on )?(.+?): .*\(os error (\d+)\)\r?$/.exec(line) ?? [];
  return place === undefined || code === '2' ? undefined : path.resolve(searched, place);
}

function matchOf(data: (RipgrepLine & { readonly type: 'match' })['data'], searched: string): TextMatch {
  const bytes = bytesOf(data.lines);
  const start = bytes.subarray(0, data.submatches[0]?.start ?? 0).toString().length;
  return {
    path: path.resolve(searched, bytesOf(data.path).toString()),
    line: data.line_number,
    text: showLine(bytes.toString(), start),
  };
}

function bytesOf(value: RipgrepText): Buffer {
  return 'text' in value ? Buffer.from(value.text) : Buffer.from(value.bytes, 'base64');
}
