/** write_file: a whole file. */
import { z } from 'zod';
import { noEffects, writes } from '../core/effects.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { resolveWritable } from '../safety/writablePath.ts';
import { textHash } from '../store/textHash.ts';
import { defineTool } from './defineTool.ts';
import { shownFrom } from './places.ts';
import { changedSinceRead, maxEditedBytes, writeText, type EditPorts } from './writeText.ts';

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
  content: z.string().describe('The whole text of the file.'),
});

export function createWriteFile(ports: EditPorts): Tool {
  const { files } = ports;
  return defineTool({
    name: 'write_file',
    description:
      'Makes a text file, or replaces the whole text of one. Missing folders are made. A file that exists must have ' +
      'been read before, and must not have changed since. To change parts of a file, use edit_file instead.',
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
    async run({ path: named, content }, context): Promise<ToolResult> {
      const bytes = Buffer.byteLength(content);
      if (bytes > maxEditedBytes)
        return failure('tooLarge', `The text has ${bytes} bytes; ${maxEditedBytes} can be written.`);
      if (!content.isWellFormed())
        return failure('invalidInput', 'The text holds half a character (a lone surrogate).');
      const resolved = await resolveWritable(named, context, ports);
      if (!resolved.ok) return resolved;
      const { path } = resolved;
      const name = (await shownFrom(context, files)).show(path);
      const read = await files.readText(path, maxEditedBytes, context.signal);
      if (!read.ok && read.error.kind !== 'notFound') return read;
      const before = read.ok ? read.text : undefined;
      if (before === content) return unchanged(path, name, content);
      const isUnread =
        context.agentId !== undefined &&
        ports.memory.lastSeen(context.sessionId, context.agentId, path) === undefined;
      if (before !== undefined && isUnread)
        return failure(
          'notRead',
          `${name} exists, and you have not read it: nothing was written. Read it first, then write it or use edit_file.`,
        );
      const change = { path, name, before, after: content };
      return changedSinceRead(change, ports, context) ?? writeText(change, ports, context);
    },
  });
}

function unchanged(path: string, name: string, content: string): ToolResult {
  const text = `${name} holds exactly this text already; nothing was written.`;
  const seen = { path, hash: textHash(content) };
  return { ok: true, output: { text, bytes: Buffer.byteLength(content), seen } };
}

function failure(kind: 'tooLarge' | 'invalidInput' | 'notRead', message: string): ToolResult {
  return { ok: false, error: { kind, message } };
}
