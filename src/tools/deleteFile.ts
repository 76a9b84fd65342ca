/** delete_file: one text file. */
import { z } from 'zod';
import type { CallError, ErrorKind, IntendedEdit } from '../core/calls.ts';
import { noEffects, writes } from '../core/effects.ts';
import type { Place, Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { changedLines, changedLinesText } from './changedLines.ts';
import { readContent } from './contentHash.ts';
import { defineTool } from './defineTool.ts';
import { boundFiles, proposal, type Planned } from './editProposal.ts';
import { linkProblem } from './linkProblem.ts';
import { withRightForm } from './namedPath.ts';
import { shownFrom } from './places.ts';
import { changedSinceRead, isUnread, type EditPorts, type KnownFile } from './writeText.ts';

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
});

interface Deletion extends KnownFile {
  readonly text: string;
}

export function createDeleteFile(ports: EditPorts): Tool {
  return defineTool({
    name: 'delete_file',
    description:
      'Deletes one text file. You must have read it before, and it must not have changed since. Folders, links, ' +
      'binary files and files with unsaved changes in the editor are left alone. To move a file, use rename_file.',
    schema,
    lane: 'io',
    access: 'write',
    timeoutMs: 60_000,
    stops: 'cooperates',
    subject: ({ path }) => path,
    async effects({ path }, place) {
      const resolved = await resolveWritable(path, place, ports);
      return resolved.ok ? writes(`file:${resolved.path}`) : noEffects;
    },
    boundTo: ({ path }, place) => boundFiles([path], place, ports),
    async proposes({ path: named }, place, signal) {
      const planned = await plan(named, place, signal, ports);
      if (!planned.ok) return planned;
      const { path, text } = planned.change;
      return proposal({ path, before: text, after: undefined });
    },
    async run({ path: named }, context): Promise<ToolResult> {
      const planned = await plan(named, context, context.signal, ports);
      if (!planned.ok) return planned;
      const { path, name } = planned.change;
      if (isUnread(path, ports, context))
        return failure('notRead', `You have not read ${name}, so it was not deleted. Read it first.`);
      const changed = changedSinceRead(planned.change, ports, context, 'deleted');
      return changed ?? remove(planned.change, ports, context);
    },
  });
}

async function plan(
  named: string,
  place: Place,
  signal: AbortSignal,
  ports: EditPorts,
): Promise<Planned<Deletion>> {
  const resolved = await resolveWritable(named, place, ports);
  if (!resolved.ok) return resolved;
  const linked = await linkProblem(named, resolved.path, place, ports.files);
  if (linked !== undefined) return { ok: false, error: linked };
  const { path } = resolved;
  const content = await readContent(path, ports.files, signal);
  if (!content.ok) return withRightForm(named, content);
  const name = (await shownFrom(place, ports.files)).show(path);
  const { hash, text, isUnsaved } = content;
  if (text === undefined)
    return failure(
      'binary',
      `${name} is binary or very large and could not be restored, so it was not deleted. A command in the terminal can.`,
    );
  if (isUnsaved)
    return failure(
      'refused',
      `${name} has unsaved changes in the editor, so it was not deleted. Ask the person to save or discard them.`,
    );
  return { ok: true, change: { path, name, hash, text } };
}

async function remove(
  { path, name, hash, text: before }: Deletion,
  { files, memory }: EditPorts,
  { sessionId, callId, signal }: ToolContext,
): Promise<ToolResult> {
  const text = `Deleted ${name}: ${changedLinesText(changedLines(before, ''))}.`;
  const edit: IntendedEdit = { path, before: hash, after: null, text, bytes: 0 };
  const refused = await memory.intend(sessionId, callId, edit, before);
  if (refused !== undefined) return { ok: false, error: refused };
  const removed = await files.remove(path, before, signal);
  return removed.ok ? { ok: true, output: { text, bytes: 0, gone: { path } } } : removed;
}

function failure(kind: ErrorKind, message: string): { readonly ok: false; readonly error: CallError } {
  return { ok: false, error: { kind, message } };
}
