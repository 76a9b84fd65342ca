/** edit_file: exact replacements in a file, all or none. */
import { z } from 'zod';
import { noEffects, writes } from '../core/effects.ts';
import type { Place, Tool, ToolResult } from '../core/tools.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { textHash } from '../store/textHash.ts';
import { maxEditedBytes } from './contentHash.ts';
import { defineTool } from './defineTool.ts';
import { boundFiles, proposalOf, type Planned } from './editProposal.ts';
import { applyEdits, changesNothing } from './fileEdits.ts';
import { withRightForm } from './namedPath.ts';
import { shownFrom } from './places.ts';
import { changedSinceRead, isSame, writeText, type EditPorts, type TextChange } from './writeText.ts';

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
  edits: z
    .array(
      z.strictObject({
        oldText: z.string().min(1).describe('Text that stands exactly once in the file, blanks included.'),
        newText: z.string().describe('What stands there instead.'),
        replaceAll: z
          .boolean()
          .optional()
          .describe('Replaces every place where oldText stands, in place of the only one. Default: false.'),
      }),
    )
    .min(1)
    .describe('Each is matched against the file as it is before the call. They may not overlap.'),
});

type Input = z.output<typeof schema>;

export function createEditFile(ports: EditPorts): Tool {
  return defineTool({
    name: 'edit_file',
    description:
      'Replaces exact texts in a file; either all edits are made or none. Copy oldText from read_file without the ' +
      'line numbers, with enough around it to stand only once. Write line ends as \\n: those of the file are kept. ' +
      'Fails where the file has changed since you read it. Put several changes of one file into one call.',
    schema,
    lane: 'io',
    access: 'write',
    timeoutMs: 60_000,
    stops: 'cooperates',
    subject: ({ path, edits }) => [path, ...edits.map(editSubject)].join('\n'),
    async effects({ path }, place) {
      const resolved = await resolveWritable(path, place, ports);
      return resolved.ok ? writes(`file:${resolved.path}`) : noEffects;
    },
    boundTo: ({ path }, place) => boundFiles([path], place, ports),
    async proposes(input, place, signal) {
      const file = await readEdited(input, place, signal, ports);
      return proposalOf(file.ok ? applied(file.change, input) : file);
    },
    async run(input, context): Promise<ToolResult> {
      const file = await readEdited(input, context, context.signal, ports);
      if (!file.ok) return file;
      const { path, name, text } = file.change;
      const changed = changedSinceRead({ path, name, hash: textHash(text) }, ports, context);
      if (changed !== undefined) return changed;
      const planned = applied(file.change, input);
      if (!planned.ok) return planned;
      if (await isSame(planned.change, ports)) return { ok: false, error: changesNothing(name, input.edits) };
      return writeText(planned.change, ports, context);
    },
  });
}

function editSubject({ oldText, newText, replaceAll }: Input['edits'][number]): string {
  return `--- old${replaceAll ? ', everywhere' : ''}\n${oldText}\n+++ new\n${newText}`;
}

interface EditedFile {
  readonly path: string;
  readonly root: string;
  readonly name: string;
  readonly text: string;
}

async function readEdited(
  { path: named }: Input,
  place: Place,
  signal: AbortSignal,
  ports: EditPorts,
): Promise<Planned<EditedFile>> {
  const resolved = await resolveWritable(named, place, ports);
  if (!resolved.ok) return resolved;
  const { path, root } = resolved;
  const read = await ports.files.readText(path, maxEditedBytes, signal);
  if (!read.ok) return withRightForm(named, read);
  const name = (await shownFrom(place, ports.files)).show(path);
  return { ok: true, change: { path, root, name, text: read.text } };
}

function applied({ path, root, name, text }: EditedFile, { edits }: Input): Planned<TextChange> {
  const edited = applyEdits(text, edits, name);
  if (!edited.ok) return edited;
  const bytes = Buffer.byteLength(edited.text);
  const { text: after, setsMark, notes } = edited;
  if (bytes <= maxEditedBytes)
    return { ok: true, change: { path, root, name, before: text, after, setsMark, notes } };
  const message = `${name} would have ${bytes} bytes; ${maxEditedBytes} can be written. Nothing was changed.`;
  return { ok: false, error: { kind: 'tooLarge', message } };
}
