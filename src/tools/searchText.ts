/** search_text: the lines in files that contain a text or match a regular expression. */
import { z } from 'zod';
import { noEffects, reads } from '../core/effects.ts';
import type { Files, TextMatch, TextSearch } from '../core/filePorts.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { movedFolderProblem, resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { shownFrom, type ShownPaths } from './places.ts';

const maxMatches = 500;

const schema = z.strictObject({
  pattern: z.string().min(1).describe('The text to find; case counts.'),
  path: z.string().min(1).optional().describe('A folder or a file. Default: the working directory.'),
  glob: z.string().min(1).optional().describe('Only files that match, for example "*.ts" or "src/**/*.css".'),
  regex: z.boolean().optional().describe('Take the pattern as a regular expression. Default: false.'),
});

export function createSearchText(files: Files, textSearch: TextSearch): Tool {
  return defineTool({
    name: 'search_text',
    description:
      'Finds the lines in files that contain a text, or match a regular expression with "regex": true. Each ' +
      'match is shown as path:line: text. Files that .gitignore excludes, .git itself and binary files are left ' +
      `out. At most ${maxMatches} matches are shown. Files are searched as they are on disk.`,
    schema,
    lane: 'process',
    access: 'read',
    timeoutMs: 60_000,
    stops: 'kills',
    subject: ({ pattern }) => pattern,
    async effects(input, place) {
      const resolved = await resolveInside(input.path ?? '.', place, files);
      return resolved.ok ? reads(`tree:${resolved.path}`) : noEffects;
    },
    async run({ pattern, path = '.', glob, regex = false }, context): Promise<ToolResult> {
      const resolved = await resolveInside(path, context, files);
      if (!resolved.ok) return resolved;
      const { roots: notFrom } = context;
      const query = { pattern, isRegex: regex, path: resolved.path, maxMatches, notFrom };
      const found = await textSearch.search(glob === undefined ? query : { ...query, glob }, context.signal);
      const moved = await movedFolderProblem(path, resolved.path, context, files);
      if (moved !== undefined) return moved;
      if (!found.ok) return found;
      if (found.matches.length === 0)
        return { ok: true, output: { text: noMatches(pattern, path, glob), bytes: 0 } };
      const text = showMatches(found.matches, await shownFrom(context, files));
      const cut = found.isCut
        ? `\n[only the first ${found.matches.length} matches are shown, there are more; narrow the pattern, path or glob]`
        : '';
      return { ok: true, output: { text: `${text}${cut}`, bytes: Buffer.byteLength(text) } };
    },
  });
}

function showMatches(matches: readonly TextMatch[], paths: ShownPaths): string {
  return matches.map((match) => `${paths.show(match.path)}:${match.line}: ${match.text}`).join('\n');
}

function noMatches(pattern: string, path: string, glob: string | undefined): string {
  return `No matches (0) for ${pattern} in ${path}${glob === undefined ? '' : `, files ${glob}`}.`;
}
