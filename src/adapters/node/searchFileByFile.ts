/** Searches text without ripgrep: each file in turn, its lines matched in a worker. */
import path from 'node:path';
import type { Files, TextMatch, TextSearchResult } from '../../core/filePorts.ts';
import { showLine } from './matchLine.ts';
import { startMatcher, type Matcher } from './lineMatcher.ts';
import type { SearchTarget } from './textSearch.ts';

const maxFiles = 50_000;
const maxBytesOfFile = 5 * 1024 * 1024;

/** Files that can't be read as text, or are larger than 5 MB, are passed over. Never rejects. */
export async function searchFileByFile(
  files: Files,
  { query, isFolder }: SearchTarget,
  signal: AbortSignal,
): Promise<TextSearchResult> {
  const started = startMatcher(query.pattern, query.isRegex);
  if (!started.ok) return started;
  const { matcher } = started;
  // A regular expression can run for ever; only ending its thread stops it.
  const end = (): void => matcher.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    const listing = isFolder
      ? await files.list(query.path, anywhere(query.glob), maxFiles, signal)
      : { ok: true as const, paths: [''], isCut: false };
    if (!listing.ok) return listing;
    const found: TextMatch[] = [];
    for (const relative of listing.paths) {
      if (found.length > query.maxMatches) break;
      found.push(...(await searchFile(files, path.join(query.path, relative), matcher, signal)));
    }
    const isCut = listing.isCut || found.length > query.maxMatches;
    return { ok: true, matches: found.slice(0, query.maxMatches), isCut };
  } catch (error) {
    const kind = signal.aborted ? 'cancelled' : 'internal';
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { kind, message: `The search was stopped: ${reason}` } };
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

// As in ripgrep, a glob without a folder means names at any depth.
function anywhere(glob: string | undefined): string {
  if (glob === undefined) return '**';
  return glob.includes('/') ? glob : `**/${glob}`;
}

async function searchFile(
  files: Files,
  file: string,
  matcher: Matcher,
  signal: AbortSignal,
): Promise<TextMatch[]> {
  signal.throwIfAborted();
  const read = await files.readText(file, maxBytesOfFile, signal);
  signal.throwIfAborted();
  if (!read.ok) return [];
  const lines = read.text.split('\n');
  const hits = await matcher.match(lines);
  return hits.map(({ index, start }) => ({
    path: file,
    line: index + 1,
    text: showLine(lines[index] ?? '', start),
  }));
}
