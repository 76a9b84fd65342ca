/** Reads a transcript, a person's file in the journal's format, so that the replay model can play it. */
import type { SessionEvent } from '../core/events.ts';
import { reduce, startSession } from '../core/reduce.ts';
import type { SessionState } from '../core/states.ts';
import { eventProblem } from './transcriptSchema.ts';

/** `line` counts from 1; `message` is for a person and doesn't repeat it. */
export type ParsedTranscript =
  | { readonly ok: true; readonly events: readonly SessionEvent[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Puts back into a line's value the long texts that its journal keeps in files; as it is where they are not there. */
export type Restore = (value: unknown) => unknown;

/**
 * One event a line, as the journal has them and as `--json` prints them, with or without the result at its end.
 * Strict: the first line that is no event, or doesn't follow from those before it, is the problem.
 */
export function parseTranscript(text: string, restore: Restore = (value) => value): ParsedTranscript {
  const lines = withoutResult(nonBlankLines(text, restore));
  if (lines.length === 0) return { ok: false, line: 1, message: 'The transcript holds no event.' };
  const events: SessionEvent[] = [];
  let state: SessionState | undefined;
  for (const { number, value, problem } of lines) {
    if (problem !== undefined) return { ok: false, line: number, message: problem };
    const event = value as SessionEvent;
    const due = events.length + 1;
    if (event.seq !== due)
      return { ok: false, line: number, message: `The event's number is ${event.seq} where ${due} was due.` };
    const applied = apply(state, event);
    if (!applied.ok) return { ok: false, line: number, message: applied.message };
    state = applied.state;
    events.push(event);
  }
  return { ok: true, events };
}

interface Line {
  readonly number: number;
  readonly value: unknown;
  /** Why the line is no event. */
  readonly problem?: string;
}

function nonBlankLines(text: string, restore: Restore): Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, index + 1, restore)]));
}

function readLine(line: string, number: number, restore: Restore): Line {
  let value: unknown;
  try {
    value = restore(withoutChecksum(JSON.parse(line)));
  } catch (error) {
    return { number, value: undefined, problem: `This is not JSON: ${(error as Error).message}` };
  }
  const problem = eventProblem(value);
  return { number, value, ...(problem !== undefined && { problem }) };
}

/** A journal closes its lines with a checksum. A transcript is a person's to change, so its checksums need not fit. */
function withoutChecksum(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('crc' in value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'crc'));
}

/** `--json` ends with a line that is the command's result and no event. */
function withoutResult(lines: Line[]): Line[] {
  const value = lines.at(-1)?.value;
  const endsInResult =
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'result';
  return endsInResult ? lines.slice(0, -1) : lines;
}

type Applied =
  { readonly ok: true; readonly state: SessionState } | { readonly ok: false; readonly message: string };

function apply(state: SessionState | undefined, event: SessionEvent): Applied {
  try {
    if (state === undefined) return { ok: true, state: startSession(event) };
    reduce(state, event);
    return { ok: true, state };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}
