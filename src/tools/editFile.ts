/** edit_file: exact replacements in a file, all or none. */
import { z } from 'zod';
import { noEffects, writes } from '../core/effects.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { defineTool } from './defineTool.ts';
import { applyEdits } from './fileEdits.ts';
import { shownFrom } from './places.ts';
import { changedSinceRead, maxEditedBytes, writeText, type EditPorts } from './writeText.ts';

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
  edits: z
    .array(
      z.strictObject({
        oldText: z
          .string()
          .min(1)
          .describe('Text that stands exactly once in the file, blanks and line ends included.'),
        newText: z.string().describe('What stands there instead.'),
      }),
    )
    .min(1)
    .describe('Each is matched against the file as it is before the call. They may not overlap.'),
});

export function createEditFile(ports: EditPorts): Tool {
  const { files } = ports;
  return defineTool({
    name: 'edit_file',
    description:
      'Replaces exact texts in a file; either all edits are made or none. Copy oldText from read_file without the ' +
      'line numbers, with enough around it to stand only once. Fails where the file has changed since you read it. ' +
      'Put several changes of one file into one call.',
    schema,
    lane: 'io',
    access: 'write',
    timeoutMs: 60_000,
    stops: 'cooperates',
    subject: ({ path, edits }) =>
      [path, ...edits.map(({ oldText, newText }) => `--- old\n${oldText}\n+++ new\n${newText}`)].join('\n'),
    async effects({ path }, place) {
      const resolved = await resolveWritable(path, place, ports);
      return resolved.ok ? writes(`file:${resolved.path}`) : noEffects;
    },
    async run({ path: named, edits }, context): Promise<ToolResult> {
      const resolved = await resolveWritable(named, context, ports);
      if (!resolved.ok) return resolved;
      const { path } = resolved;
      const read = await files.readText(path, maxEditedBytes, context.signal);
      if (!read.ok) return read;
      const name = (await shownFrom(context, files)).show(path);
      const changed = changedSinceRead({ path, name, before: read.text }, ports, context);
      if (changed !== undefined) return changed;
      const edited = applyEdits(read.text, edits, name);
      if (!edited.ok) return edited;
      return writeText({ path, name, before: read.text, after: edited.text }, ports, context);
    },
  });
}
