/** read_file: the text of a file, or some of its lines. */
import { z } from 'zod';
import { noEffects, reads } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { movedProblem, resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { withRightForm } from './namedPath.ts';
import { showLines, type LineRange } from './numberedLines.ts';
import { shownFrom } from './places.ts';

const maxFileBytes = 50 * 1024 * 1024;

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the working directory or absolute.'),
  startLine: z.int().min(1).optional().describe('The first line to show, counted from 1. Default: 1.'),
  endLine: z.int().min(1).optional().describe('The last line to show. Default: the last of the file.'),
});

export function createReadFile(files: Files): Tool {
  return defineTool({
    name: 'read_file',
    description:
      'Reads a text file, whole or a range of lines. Each line is shown as its number, a tab and its text; the ' +
      'number and the tab are not part of the file. The first line of the result says which lines of how many ' +
      'are shown; at most 256 KB come at once. Unsaved changes in the editor are included. To find something ' +
      'in files, use search_text instead.',
    schema,
    lane: 'io',
    access: 'read',
    timeoutMs: 30_000,
    stops: 'cooperates',
    subject: ({ path }) => path,
    async effects({ path }, place) {
      const resolved = await resolveInside(path, place, files);
      return resolved.ok ? reads(`file:${resolved.path}`) : noEffects;
    },
    async run({ path, startLine, endLine }, context): Promise<ToolResult> {
      const resolved = await resolveInside(path, context, files);
      if (!resolved.ok) return resolved;
      const read = await files.readLines(resolved.path, maxFileBytes, context.signal);
      if (!read.ok) return withRightForm(path, read);
      const moved = movedProblem(path, resolved.path, read);
      if (moved !== undefined) return moved;
      const range: LineRange = { startLine: startLine ?? 1, endLine };
      const shown = (await shownFrom(context, files)).show(resolved.path);
      const { lines, bytes, isUnsaved, form } = read;
      const result = showLines({ name: shown, lines, bytes, isUnsaved, ...(form && { form }) }, range);
      if (!result.ok) return result;
      return { ok: true, output: { ...result.output, seen: { path: resolved.path, hash: lines.hash } } };
    },
  });
}
