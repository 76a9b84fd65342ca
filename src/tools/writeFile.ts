/** write_file: a whole file. */
import { z } from 'zod';
import type { CallError } from '../core/calls.ts';
import { noEffects, writes } from '../core/effects.ts';
import type { Place, Tool, ToolResult } from '../core/tools.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { textHash } from '../store/textHash.ts';
import { splitMark } from './byteOrderMark.ts';
import { maxEditedBytes } from './contentHash.ts';
import { defineTool } from './defineTool.ts';
import { boundFiles, proposalOf, type Planned } from './editProposal.ts';
import { keptLineEnds } from './keptLineEnds.ts';
import { newFileProblem } from './namedPath.ts';
import { shownFrom } from './places.ts';
import {
  changedSinceRead,
  isSame,
  isUnread,
  writeText,
  type EditPorts,
  type TextChange,
} from './writeText.ts';

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
  content: z.string().describe('The whole text of the file.'),
});

type Input = z.output<typeof schema>;

export function createWriteFile(ports: EditPorts): Tool {
  return defineTool({
    name: 'write_file',
    description:
      'Makes a text file, or replaces the whole text of one. Missing folders are made. A file that exists must have ' +
      'been read before, and must not have changed since; one with CRLF line ends keeps them. To change parts of a ' +
      'file, use edit_file instead.',
    schema,
    lane: 'io',
    access: 'write',
    timeoutMs: 60_000,
    stops: 'cooperates',
    subject: ({ path, content }) => `${path}\n${content}`,
    async effects({ path }, place) {
      const resolved = await resolveWritable(path, place, ports);
      return resolved.ok ? writes(`file:${resolved.path}`) : noEffects;
    },
    boundTo: ({ path }, place) => boundFiles([path], place, ports),
    proposes: async (input, place, signal) => proposalOf(await plan(input, place, signal, ports)),
    async run(input, context): Promise<ToolResult> {
      const planned = await plan(input, context, context.signal, ports);
      if (!planned.ok) return planned;
      const { change } = planned;
      const { path, name, before } = change;
      if (await isSame(change, ports)) return unchanged(change);
      if (before === undefined) return writeText(change, ports, context);
      if (isUnread(path, ports, context))
        return failure(
          'notRead',
          `${name} exists, and you have not read it: nothing was written. Read it first, then write it or use edit_file.`,
        );
      const changed = changedSinceRead({ path, name, hash: textHash(before) }, ports, context);
      return changed ?? writeText(change, ports, context);
    },
  });
}

async function plan(
  { path: named, content }: Input,
  place: Place,
  signal: AbortSignal,
  ports: EditPorts,
): Promise<Planned<TextChange>> {
  if (!content.isWellFormed())
    return failure('invalidInput', 'The text holds half a character (a lone surrogate).');
  const resolved = await resolveWritable(named, place, ports);
  if (!resolved.ok) return resolved;
  const { path, root } = resolved;
  const read = await ports.files.readText(path, maxEditedBytes, signal);
  if (!read.ok && read.error.kind !== 'notFound') return read;
  const unfit = read.ok ? undefined : newFileProblem(named);
  if (unfit !== undefined) return { ok: false, error: unfit };
  const name = (await shownFrom(place, ports.files)).show(path);
  const before = read.ok ? read.text : undefined;
  const { text, hasMark: setsMark } = splitMark(content);
  const { text: after, notes } = keptLineEnds(before, text);
  const bytes = Buffer.byteLength(after);
  if (bytes > maxEditedBytes)
    return failure('tooLarge', `The text has ${bytes} bytes; ${maxEditedBytes} can be written.`);
  return { ok: true, change: { path, root, name, before, after, setsMark, notes } };
}

function unchanged({ path, name, after, notes = [] }: TextChange): ToolResult {
  const text = [`${name} holds exactly this text already; nothing was written.`, ...notes].join('\n');
  const seen = { path, hash: textHash(after) };
  return { ok: true, output: { text, bytes: Buffer.byteLength(after), seen } };
}

function failure(
  kind: 'tooLarge' | 'invalidInput' | 'notRead',
  message: string,
): { readonly ok: false; readonly error: CallError } {
  return { ok: false, error: { kind, message } };
}
