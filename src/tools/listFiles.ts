/** list_files: the files below a folder that match a glob. */
import path from 'node:path';
import { z } from 'zod';
import { noEffects, reads } from '../core/effects.ts';
import type { FileListing, Files } from '../core/filePorts.ts';
import type { Place, Tool, ToolResult } from '../core/tools.ts';
import { movedFolderProblem, resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { globPlace, type GlobPlace } from './globPlace.ts';
import { insteadOfFilesText, unlistedNotes, type NotesPlace } from './listingNotes.ts';
import { shownFrom } from './places.ts';

const maxShown = 2000;

const schema = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .describe(
      'A glob, relative to the folder: "**/*.ts", "src/*", "*.{js,ts}", "docs" for all in a folder, "!*.md".',
    ),
  path: z.string().min(1).optional().describe('The folder. Default: the working directory.'),
});

export function createListFiles(files: Files): Tool {
  return defineTool({
    name: 'list_files',
    description:
      'Lists the files whose path matches a glob, one a line, sorted, relative to the working directory. Files ' +
      'that git ignores and .git itself are left out, unless the pattern or the path names their folder; links to ' +
      `folders are not followed. At most ${maxShown} are shown.`,
    schema,
    lane: 'io',
    access: 'read',
    timeoutMs: 30_000,
    stops: 'cooperates',
    subject: ({ pattern, path: folder }) => (folder === undefined ? pattern : `${pattern} in ${folder}`),
    async effects(input, place) {
      const { folder } = await globPlace({ folder: input.path ?? '.', glob: input.pattern }, place, files);
      const resolved = await resolveInside(folder, place, files);
      return resolved.ok ? reads(`tree:${resolved.path}`) : noEffects;
    },
    async run({ pattern, path: named = '.' }, context): Promise<ToolResult> {
      const { folder, glob } = await globPlace({ folder: named, glob: pattern }, context, files);
      const resolved = await resolveInside(folder, context, files);
      if (!resolved.ok) return resolved;
      const roots = await canonicalRoots(context, files);
      const listing = await files.list(resolved.path, glob, maxShown, context.signal, { roots });
      const moved = await movedFolderProblem(folder, resolved.path, context, files);
      if (moved !== undefined) return moved;
      if (!listing.ok) return listing;
      const notesPlace = { folder: resolved.path, shown: await shownFrom(context, files) };
      const text = textOf(listing, { folder, glob }, notesPlace);
      const bytes = listing.paths.length === 0 ? 0 : Buffer.byteLength(text);
      return { ok: true, output: { text, bytes } };
    },
  });
}

async function canonicalRoots({ roots }: Place, files: Pick<Files, 'canonical'>): Promise<readonly string[]> {
  const settled = await Promise.allSettled(roots.map((root) => files.canonical(root)));
  return settled.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
}

function textOf(
  listing: Extract<FileListing, { ok: true }>,
  { folder, glob }: GlobPlace,
  place: NotesPlace,
): string {
  const { paths, isCut, unlisted, insteadOfFiles } = listing;
  const notes = unlistedNotes(unlisted, place);
  if (paths.length === 0) {
    const none = `No file in ${folder} matches ${glob} (0 files).`;
    return [`${none}${insteadOfFilesText(insteadOfFiles, place)}`, ...notes].join('\n');
  }
  const lines = paths.map((file) => place.shown.show(path.join(place.folder, file)));
  const cut = isCut ? [`[only the first ${lines.length} are shown; narrow the pattern or the folder]`] : [];
  return [...lines, ...cut, ...notes].join('\n');
}
