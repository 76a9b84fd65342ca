/** read_output: the whole output of an earlier call, a range of its lines or those that match. */
import { z } from 'zod';
import type { CallError, CallId, CallOutput } from '../core/calls.ts';
import { isSettled } from '../core/calls.ts';
import { noEffects } from '../core/effects.ts';
import type {
  KeptOutput,
  KnownCalls,
  LineSpan,
  OutputLine,
  OutputLines,
  OutputReader,
} from '../core/outputPorts.ts';
import type { Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { isMostlyUnreadable, withVisibleControls } from '../core/unreadable.ts';
import { defineTool } from './defineTool.ts';

const maxShownChars = 256 * 1024;
const maxMatches = 500;

const schema = z.strictObject({
  callId: z.string().min(1).describe('The id of the earlier call, as its shortened output names it.'),
  startLine: z.int().min(1).optional().describe('The first line, counted from 1. Default: 1.'),
  endLine: z.int().min(1).optional().describe('The last line. Default: the last of the output.'),
  pattern: z.string().min(1).optional().describe('Show only the lines that hold this text; case counts.'),
  regex: z.boolean().optional().describe('Take the pattern as a regular expression. Default: false.'),
  raw: z
    .boolean()
    .optional()
    .describe('Show the lines as they came, with colours, overwritten text and binary data. Default: false.'),
});
type Input = z.output<typeof schema>;

export function createReadOutput(calls: KnownCalls, reader: OutputReader): Tool {
  return defineTool({
    name: 'read_output',
    description:
      'Reads the whole output of an earlier call whose result was shortened: a range of lines, or the lines that ' +
      'hold a pattern. Each line is shown as its number, a tab and its text. A command’s stdout comes first; its ' +
      'stderr follows below the line "--- stderr ---". Colours and overwritten text are left out. At most 256 KB, or ' +
      `${maxMatches} matching lines, come at once.`,
    schema,
    lane: 'io',
    access: 'read',
    timeoutMs: 60_000,
    stops: 'kills',
    subject: ({ callId, pattern }) => (pattern === undefined ? callId : `${pattern} in ${callId}`),
    effects: () => noEffects,
    async run(input, context): Promise<ToolResult> {
      const { startLine = 1, endLine } = input;
      if (endLine !== undefined && endLine < startLine)
        return failure('invalidInput', `endLine ${endLine} is before startLine ${startLine}.`);
      const found = findOutput(calls, context, input.callId);
      if (!found.ok) return found;
      const span: LineSpan = {
        first: startLine,
        ...(endLine === undefined ? {} : { last: endLine }),
        ...(input.raw && { isRaw: true }),
      };
      const lines = await readLines(reader, found.output, { ...input, span }, context.signal);
      if (!lines.ok) return unreadable(lines.error, input.callId);
      const isShown = input.raw === true || input.pattern !== undefined;
      if (!isShown && isMostlyUnreadable(lines.lines.map(({ text }) => text).join('\n')))
        return binary(input.callId, found.output);
      return input.pattern === undefined
        ? showRange(input.callId, span, lines, found.output)
        : showMatches(input.callId, input.pattern, lines);
    },
  });
}

type Found = { readonly ok: true; readonly output: CallOutput } | Extract<ToolResult, { ok: false }>;

function findOutput(calls: KnownCalls, { sessionId }: ToolContext, callId: CallId): Found {
  const state = calls.find(sessionId, callId);
  if (state === undefined) {
    return failure(
      'notFound',
      `No call of this session has the id ${callId}. Shortened results name the id to use.`,
    );
  }
  if (!isSettled(state)) {
    return failure(
      'invalidInput',
      `The call ${callId} has not ended (${state.status}). Its output can be read then.`,
    );
  }
  const output = 'output' in state ? state.output : undefined;
  if (output === undefined)
    return failure('notFound', `The call ${callId} ended as ${state.status}, without output.`);
  return { ok: true, output };
}

function readLines(
  reader: OutputReader,
  output: CallOutput,
  { span, pattern, regex = false }: Pick<Input, 'pattern' | 'regex'> & { readonly span: LineSpan },
  signal: AbortSignal,
): Promise<OutputLines> {
  const kept: KeptOutput =
    output.file === undefined ? { kind: 'text', text: output.text } : { kind: 'file', path: output.file };
  if (pattern === undefined) return reader.read(kept, span, maxShownChars, signal);
  return reader.search(kept, { ...span, pattern, isRegex: regex, maxMatches }, signal);
}

type Lines = Extract<OutputLines, { ok: true }>;

function showRange(
  callId: CallId,
  span: LineSpan,
  { lines, totalLines }: Lines,
  output: CallOutput,
): ToolResult {
  if (totalLines === 0) return success(`output of ${callId}: empty (0 bytes)`);
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) {
    const message = `The output of ${callId} has ${totalLines} lines; line ${span.first} is beyond its end.`;
    return failure('invalidInput', message);
  }
  const lastWanted = Math.min(span.last ?? totalLines, totalLines);
  const notes = [];
  if (last.isCut) {
    notes.push(
      `[line ${last.number} has ${last.bytes} bytes; only its beginning is shown; a pattern shows other parts of it]`,
    );
  }
  if (last.number < lastWanted) {
    notes.push(
      `[${range(last.number + 1, lastWanted)} did not fit and follow here; ask for them with startLine ${last.number + 1}]`,
    );
  }
  if (output.notKeptBytes !== undefined)
    notes.push(`[${output.notKeptBytes} bytes that came later were not kept]`);
  const header = `output of ${callId}: ${range(first.number, last.number)} of ${totalLines}`;
  return success([header, ...lines.map(numbered), ...notes].join('\n'));
}

function showMatches(callId: CallId, pattern: string, { lines, totalLines, isCut }: Lines): ToolResult {
  if (lines.length === 0) {
    return success(`No matches (0) for ${pattern} in the output of ${callId} (${totalLines} lines).`);
  }
  const header = `output of ${callId}: ${lines.length} matching ${lines.length === 1 ? 'line' : 'lines'}`;
  const next = `startLine ${(lines.at(-1)?.number ?? 0) + 1}`;
  const cut = isCut ? [`[there are more matches; narrow the pattern, or go on with ${next}]`] : [];
  return success([header, ...lines.map(numbered), ...cut].join('\n'));
}

function numbered({ number, text }: OutputLine): string {
  return `${String(number).padStart(6)}\t${withVisibleControls(text)}`;
}

function range(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

function binary(callId: CallId, { bytes }: CallOutput): ToolResult {
  const message =
    `The output of ${callId} has binary data there (${bytes} bytes in all), which can't be shown as text. ` +
    'Ask for other lines, for those that hold a pattern, or with "raw": true.';
  return failure('binary', message);
}

function unreadable(error: CallError, callId: CallId): ToolResult {
  if (error.kind !== 'notFound') return { ok: false, error };
  return failure(
    'notFound',
    `The file with the output of ${callId} is no longer there. Repeat the call if you need it.`,
  );
}

function success(text: string): ToolResult {
  return { ok: true, output: { text, bytes: Buffer.byteLength(text) } };
}

function failure(kind: CallError['kind'], message: string): Extract<ToolResult, { ok: false }> {
  return { ok: false, error: { kind, message } };
}
