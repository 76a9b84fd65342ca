/** Reads one line of ripgrep's JSON output. */
import path from 'node:path';
import type { TextMatch } from '../../core/filePorts.ts';
import { showLine } from './matchLine.ts';

/** Text, or base64 where it is not UTF-8. */
type RipgrepText = { readonly text: string } | { readonly bytes: string };

interface RipgrepMatch {
  readonly type: 'match';
  readonly data: {
    readonly path: RipgrepText;
    readonly lines: RipgrepText;
    readonly line_number: number;
    /** Offsets in bytes. */
    readonly submatches: readonly { readonly start: number }[];
  };
}

/** Undefined for lines that are no match; `searched` is the path that ripgrep was given. */
export function parseRipgrepMatch(line: string, searched: string): TextMatch | undefined {
  const message = JSON.parse(line) as
    RipgrepMatch | { readonly type: 'begin' | 'end' | 'summary' | 'context' };
  if (message.type !== 'match') return undefined;
  const { data } = message;
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
