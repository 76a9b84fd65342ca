/** rename_file: one file to where none is. */
import path from 'node:path';
import { z } from 'zod';
import type { CallError, ErrorKind, IntendedEdit, Proposal } from '../core/calls.ts';
import { noEffects, writes } from '../core/effects.ts';
import type { Place, Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { resolveWritable, type Writable } from '../safety/writablePath.ts';
import { readContent } from './contentHash.ts';
import { defineTool } from './defineTool.ts';
import { boundFiles, proposal, type Planned } from './editProposal.ts';
import { linkProblem } from './linkProblem.ts';
import { newFileProblem, withRightForm } from './namedPath.ts';
import { shownFrom } from './places.ts';
import { changedSinceRead, type EditPorts, type KnownFile } from './writeText.ts';

const schema = z.strictObject({
  from: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
  to: z.string().min(1).describe('Its new path, with the name of the file. Nothing may be there.'),
});

type Input = z.output<typeof schema>;

/** `path` is where the file is now. */
interface Renaming extends KnownFile {
  readonly to: string;
  /** The workspace folder that holds its new path; canonical. */
  readonly root: string;
  readonly newName: string;
  /** Absent where it is no text. */
  readonly text?: string;
  readonly isUnsaved: boolean;
}

/** What a person is shown in place of a text. */
const noText = '[no text that could be shown; the file is moved as it is]';

export function createRenameFile(ports: EditPorts): Tool {
  return defineTool({
    name: 'rename_file',
    description:
      'Renames or moves one file of any content. Missing folders are made; nothing is ever overwritten. Fails where the ' +
      'file has changed since you read it; you need not have read it. Folders and links are left alone. Other files ' +
      'that name the file are not changed.',
    schema,
    lane: 'io',
    access: 'write',
    timeoutMs: 60_000,
    stops: 'cooperates',
    subject: ({ from, to }) => `${from}\n${to}`,
    async effects({ from, to }, place) {
      const paths: string[] = [];
      for (const named of [from, to]) {
        const resolved = await resolveWritable(named, place, ports);
        if (resolved.ok) paths.push(resolved.path);
      }
      return paths.length === 2 ? writes(...paths.map((file) => `file:${file}`)) : noEffects;
    },
    boundTo: ({ from, to }, place) => boundFiles([from, to], place, ports),
    async proposes(input, place, signal) {
      const planned = await plan(input, place, signal, ports);
      return planned.ok ? proposalOf(planned.change) : planned;
    },
    async run(input, context): Promise<ToolResult> {
      const planned = await plan(input, context, context.signal, ports);
      if (!planned.ok) return planned;
      const changed = changedSinceRead(planned.change, ports, context, 'renamed');
      return changed ?? move(planned.change, ports, context);
    },
  });
}

async function plan(
  { from, to }: Input,
  place: Place,
  signal: AbortSignal,
  ports: EditPorts,
): Promise<Planned<Renaming>> {
  const source = await resolveFile(from, place, ports);
  if (!source.ok) return source;
  const content = await readContent(source.path, ports.files, signal);
  if (!content.ok) return withRightForm(from, content);
  const target = await resolveFile(to, place, ports);
  if (!target.ok) return target;
  const unfit = newFileProblem(to);
  if (unfit !== undefined) return { ok: false, error: unfit };
  const shown = await shownFrom(place, ports.files);
  const [name, newName] = [shown.show(source.path), shown.show(target.path)];
  if (source.path === target.path) return failure('invalidInput', sameFile(name, to));
  const taken = await takenProblem(target.path, newName, signal, ports);
  if (taken !== undefined) return taken;
  const { hash, text, isUnsaved } = content;
  const known = { path: source.path, name, hash, to: target.path, root: target.root, newName, isUnsaved };
  return { ok: true, change: { ...known, ...(text !== undefined && { text }) } };
}

async function resolveFile(named: string, place: Place, ports: EditPorts): Promise<Writable> {
  const resolved = await resolveWritable(named, place, ports);
  if (!resolved.ok) return resolved;
  const error = await linkProblem(named, resolved.path, place, ports.files);
  return error === undefined ? resolved : { ok: false, error };
}

function sameFile(name: string, to: string): string {
  if (path.posix.basename(name) === path.basename(to)) return `${name} and ${to} are the same path.`;
  return `${to} is ${name} itself, because this file system takes both names for one. Rename it to another name first, then to this one.`;
}

async function takenProblem(
  target: string,
  name: string,
  signal: AbortSignal,
  { files }: EditPorts,
): Promise<Failed | undefined> {
  const there = await files.readText(target, 0, signal);
  if (!there.ok && there.error.kind === 'notFound') return undefined;
  if (!there.ok && there.error.kind === 'cancelled') return there;
  if (!there.ok && there.error.kind === 'notRegularFile')
    return failure(
      'notRegularFile',
      `${name} is a folder or no regular file. Give the path of the file that is to be.`,
    );
  return failure(
    'changed',
    `${name} exists already; nothing was renamed. Choose another name, or delete it first.`,
  );
}

function proposalOf({ path: from, to, text = noText }: Renaming): Proposal {
  return proposal(
    { path: from, before: text, after: undefined },
    { path: to, before: undefined, after: text },
  );
}

async function move(
  { path: from, to, root, name, newName, hash, text: before, isUnsaved }: Renaming,
  { files, memory }: EditPorts,
  { sessionId, callId, signal }: ToolContext,
): Promise<ToolResult> {
  const renamed = `Renamed ${name} to ${newName}.`;
  const text = isUnsaved
    ? `${renamed}\n[its unsaved changes went with it in the editor, and are not on the disk yet]`
    : renamed;
  const edit: IntendedEdit = { path: to, before: null, after: hash, movedFrom: from, text, bytes: 0 };
  const refused = await memory.intend(sessionId, callId, edit, before);
  if (refused !== undefined) return { ok: false, error: refused };
  const moved = await files.move(from, to, signal, root);
  return moved.ok ? { ok: true, output: { text, bytes: 0, gone: { path: from, movedTo: to } } } : moved;
}

type Failed = { readonly ok: false; readonly error: CallError };

function failure(kind: ErrorKind, message: string): Failed {
  return { ok: false, error: { kind, message } };
}
