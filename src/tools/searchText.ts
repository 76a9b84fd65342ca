/** search_text: the lines in files that contain a text or match a regular expression. */
import { z } from 'zod';
import { noEffects, reads } from '../core/effects.ts';
import type { Files, TextMatch, TextQuery, TextSearch, TextSearchResult } from '../core/filePorts.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { movedFolderProblem, resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { shownFrom, type ShownPaths } from './places.ts';
import { unsearchedNotes } from './searchNotes.ts';

const maxMatches = 500;
const maxShownChars = 200;

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
      const limits = { path: resolved.path, notFrom: context.roots, ...(glob === undefined ? {} : { glob }) };
      const query = { ...limits, pattern, isRegex: regex, maxMatches };
      const found = await textSearch.search(query, context.signal);
      const moved = await movedFolderProblem(path, resolved.path, context, files);
      if (moved !== undefined) return moved;
      if (!found.ok) return found;
      const shown = await shownFrom(context, files);
      const lines = found.matches.map((match) => showMatch(match, shown));
      if (lines.length === 0) lines.push(noMatches(pattern, path, glob));
      const bytes = found.matches.length === 0 ? 0 : Buffer.byteLength(lines.join('\n'));
      const asRegex = found.matches.length === 0 ? await asRegexNote(textSearch, query, context.signal) : [];
      const notes = [...notesOf(found), ...asRegex, ...unsearchedNotes(found.unsearched, shown)];
      return { ok: true, output: { text: [...lines, ...notes].join('\n'), bytes } };
    },
  });
}

type Found = Extract<TextSearchResult, { ok: true }>;

function notesOf({ isCut, isBeyondRipgrep, matches }: Found): string[] {
  return [
    ...(isCut
      ? [
          `[only the first ${matches.length} matches are shown, there are more; narrow the pattern, path or glob]`,
        ]
      : []),
    ...(isBeyondRipgrep
      ? [
          '[look-around and back-references are JavaScript’s: each file was searched in turn, which is slower]',
        ]
      : []),
  ];
}

// A text that was meant as a regular expression finds nothing, which would look like an answer.
async function asRegexNote(
  textSearch: TextSearch,
  query: TextQuery,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (query.isRegex || !looksLikeRegex(query.pattern)) return [];
  const found = await textSearch.search({ ...query, isRegex: true }, signal);
  if (!found.ok || found.matches.length === 0) return [];
  const count = `${found.isCut ? 'more than ' : ''}${found.matches.length}`;
  return [
    `[the pattern was taken as text; as a regular expression it would match ${count} ` +
      `${found.matches.length === 1 && !found.isCut ? 'line' : 'lines'}: use "regex": true]`,
  ];
}

function looksLikeRegex(pattern: string): boolean {
  return /[|^$*+?()[\]{}\\]|\.[*+?{]/.test(pattern);
}

function showMatch(match: TextMatch, paths: ShownPaths): string {
  return `${paths.show(match.path)}:${match.line}: ${match.text}`;
}

// No full stop, which would run into a path.
function noMatches(pattern: string, path: string, glob: string | undefined): string {
  const shown = pattern.length > maxShownChars ? `${pattern.slice(0, maxShownChars)}...` : pattern;
  const where = path === '.' ? 'the working directory' : path;
  return `No matches (0) for ${shown} in ${where}${glob === undefined ? '' : `, files ${glob}`}`;
}
