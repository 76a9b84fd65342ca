/** Where the whole output of calls is kept, and how it is read again. */
import type { CallError, CallId, CallState } from './calls.ts';
import type { SessionId } from './events.ts';
import type { TextQuery } from './filePorts.ts';

/** Where the whole output of calls is kept. */
export interface Outputs {
  /** An absolute path that an attempt may write to; its folder exists. */
  fileFor(callId: CallId, attempt: number): Promise<string>;
  /** Keeps a text that a tool returned in the attempt's file, and names the file. */
  keep(callId: CallId, attempt: number, text: string): Promise<string>;
}

/** What became so far of the calls of the open sessions. */
export interface KnownCalls {
  find(sessionId: SessionId, callId: CallId): CallState | undefined;
}

/** What a call kept: in a file of any size, or as a short text. */
export type KeptOutput =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string };

/** Lines are counted from 1; no last line means the end. */
export interface LineSpan {
  readonly first: number;
  readonly last?: number;
  /** As they came, in place of what a terminal shows of them in the end. The numbers are the same. */
  readonly isRaw?: boolean;
}

/** One line as far as it was read, without its end. */
export interface OutputLine {
  readonly number: number;
  readonly text: string;
  /** Size of the whole line. */
  readonly bytes: number;
  /** Whether `text` is only its beginning, or for a match the part around it. */
  readonly isCut: boolean;
}

export type OutputLines =
  | {
      readonly ok: true;
      readonly lines: readonly OutputLine[];
      /** Whether there were more lines, or matches, than were asked for. */
      readonly isCut: boolean;
      /** Of the whole output; of a search that stopped early as far as it came. */
      readonly totalLines: number;
    }
  | { readonly ok: false; readonly error: CallError };

/** Reads what calls kept, in bounded memory; neither rejects. After an abort all that they started has ended. */
export interface OutputReader {
  /** The lines of the span that fit into `maxChars`, 8 counted for each line's number; of a first that doesn't, its beginning. */
  read(output: KeptOutput, span: LineSpan, maxChars: number, signal: AbortSignal): Promise<OutputLines>;
  /** The lines of the span that match. */
  search(
    output: KeptOutput,
    query: LineSpan & Pick<TextQuery, 'pattern' | 'isRegex' | 'maxMatches'>,
    signal: AbortSignal,
  ): Promise<OutputLines>;
}
