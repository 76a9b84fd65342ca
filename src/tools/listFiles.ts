/** list_files: the files below a folder that match a glob. */
import path from 'node:path';
import { z } from 'zod';
import { noEffects, reads } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { movedFolderProblem, resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { shownFrom } from './places.ts';

const maxShown = 2000;

const schema = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .describe('A glob, relative to the folder: "**/*.ts", "src/*", "**/package.json".'),
  path: z.string().min(1).optional().describe('The folder. Default: the working directory.'),
});

export function createListFiles(files: Files): Tool {
  return defineTool({
    name: 'list_files',
    description:
      'Lists the files whose path matches a glob, one a line, sorted, relative to the working directory. Files ' +
      'that .gitignore excludes and .git itself are left out; links to folders are not followed. At most ' +
      `${maxShown} are shown.`,
    schema,
    lane: 'io',
    access: 'read',
    timeoutMs: 30_000,
    stops: 'cooperates',
    subject: ({ pattern, path: folder }) => (folder === undefined ? pattern : `${pattern} in ${folder}`),
    async effects(input, place) {
      const resolved = await resolveInside(input.path ?? '.', place, files);
      return resolved.ok ? reads(`tree:${resolved.path}`) : noEffects;
    },
    async run({ pattern, path: folder = '.' }, context): Promise<ToolResult> {
      const resolved = await resolveInside(folder, context, files);
      if (!resolved.ok) return resolved;
      const listing = await files.list(resolved.path, pattern, maxShown, context.signal);
      const moved = await movedFolderProblem(folder, resolved.path, context, files);
      if (moved !== undefined) return moved;
      if (!listing.ok) return listing;
      if (listing.paths.length === 0) {
        return { ok: true, output: { text: `No file in ${folder} matches ${pattern} (0 files).`, bytes: 0 } };
      }
      const shown = await shownFrom(context, files);
      const lines = listing.paths.map((file) => shown.show(path.join(resolved.path, file)));
      const text = lines.join('\n');
      const cut = listing.isCut
        ? `\n[only the first ${lines.length} are shown; narrow the pattern or the folder]`
        : '';
      return { ok: true, output: { text: `${text}${cut}`, bytes: Buffer.byteLength(text) } };
    },
  });
}
