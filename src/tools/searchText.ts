/** search_text: the lines in files that contain a text or match a regular expression. */
import { z } from 'zod';
import { noEffects, reads } from '../core/effects.ts';
import type { Files, TextMatch, TextQuery, TextSearch, TextSearchResult } from '../core/filePorts.ts';
import type { Place, Tool, ToolResult } from '../core/tools.ts';
import { movedFolderProblem, resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { globPlace } from './globPlace.ts';
import { insteadOfFilesText, unlistedNotes } from './listingNotes.ts';
import { shownFrom, type ShownPaths } from './places.ts';
import { unsearchedNotes } from './searchNotes.ts';

const maxMatches = 500;
const maxShownChars = 200;

const schema = z.strictObject({
  pattern: z.string().min(1).describe('The text to find; case counts. One line at a time is looked at.'),
  path: z.string().min(1).optional().describe('A folder or a file. Default: the working directory.'),
  glob: z
    .string()
    .min(1)
    .optional()
    .describe('Only files that match, as in list_files: "*.ts", "src/**/*.css", "*.ts,*.tsx", "!*.test.ts".'),
  regex: z
    .boolean()
    .optional()
    .describe(
      'Take the pattern as a regular expression in ripgrep’s syntax; (?i) ignores case. Default: false.',
    ),
});

export function createSearchText(files: Files, textSearch: TextSearch): Tool {
  return defineTool({
    name: 'search_text',
    description:
      'Finds the lines in files that contain a text, or match a regular expression with "regex": true. Each ' +
      'match is shown as path:line: text. Files that git ignores and binary files are left out, unless the path ' +
      `names them or their folder; .git is too, and links are not followed. At most ${maxMatches} matches are shown. ` +
      'Files are searched as they are on disk.',
    schema,
    lane: 'process',
    access: 'read',
    timeoutMs: 60_000,
    stops: 'kills',
    subject: ({ pattern }) => pattern,
    async effects(input, place) {
      const { folder } = await placeOf(input, place, files);
      const resolved = await resolveInside(folder, place, files);
      return resolved.ok ? reads(`tree:${resolved.path}`) : noEffects;
    },
    async run(input, context): Promise<ToolResult> {
      const { pattern, regex = false } = input;
      const { folder: path, glob } = await placeOf(input, context, files);
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
      const bytes = Buffer.byteLength(lines.join('\n'));
      if (lines.length === 0) {
        const noFile = await noFileText(files, query, shown, context.signal);
        lines.push(noFile ?? noMatches(pattern, path, glob));
        lines.push(...(await asRegexNote(textSearch, query, context.signal)));
      }
      const notes = [...notesOf(found), ...unsearchedNotes(found.unsearched, shown)];
      return { ok: true, output: { text: [...lines, ...notes].join('\n'), bytes } };
    },
  });
}

/** The folder that is searched and the glob in it. */
async function placeOf(
  { path = '.', glob }: z.output<typeof schema>,
  place: Place,
  files: Pick<Files, 'canonical'>,
): Promise<{ readonly folder: string; readonly glob?: string }> {
  return glob === undefined ? { folder: path } : globPlace({ folder: path, glob }, place, files);
}

// No file to search is told apart from no match in the files.
async function noFileText(
  files: Files,
  { path, glob }: TextQuery,
  shown: ShownPaths,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (glob === undefined) return undefined;
  const listing = await files.list(path, glob, 1, signal, { isForNames: true });
  if (!listing.ok || listing.paths.length > 0) return undefined;
  const place = { folder: path, shown };
  const none = `No file in ${shown.show(path)} matches ${glob} (0 files), so nothing was searched.`;
  const text = `${none}${insteadOfFilesText(listing.insteadOfFiles, place)}`;
  return [text, ...unlistedNotes(listing.unlisted, place)].join('\n');
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
