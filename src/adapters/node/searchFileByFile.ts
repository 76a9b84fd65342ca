/** Searches text without ripgrep: each file in turn, its lines matched in a worker. */
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type {
  FileListing,
  Files,
  TextMatch,
  TextSearchResult,
  UnsearchedReason,
} from '../../core/filePorts.ts';
import { startMatcher, type Matcher } from './lineMatcher.ts';
import { showLine } from './matchLine.ts';
import { UnsearchedPlaces } from './unsearchedPlaces.ts';
import { regexRefused, scriptForm } from './searchPattern.ts';
import type { ReadParts, TextPart } from './textParts.ts';
import type { SearchTarget } from './textSearch.ts';
import type { ScriptRegex } from './writeRegex.ts';

const maxFiles = 50_000;
const maxSlowFiles = 5;
const filesAhead = 8;

export interface FileByFile {
  readonly files: Files;
  readonly readParts: ReadParts;
  /** How long a thread may take for one part of a file. */
  readonly limitMs: number;
}

/** Never rejects. */
export async function searchFileByFile(
  { files, readParts, limitMs }: FileByFile,
  target: SearchTarget,
  signal: AbortSignal,
): Promise<TextSearchResult> {
  const { query, isFolder, pattern } = target;
  const form = scriptForm(pattern);
  if (!form.ok) return form;
  const { wanted } = form;
  const matcher = startMatcher(wanted, limitMs);
  // A regular expression can run for ever; only ending its thread stops it.
  const end = (): void => matcher.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    signal.throwIfAborted();
    const listing = isFolder
      ? await files.list(query.path, query.glob ?? '**', maxFiles, signal, { isForNames: true })
      : undefined;
    if (listing && !listing.ok) return listing;
    const search = new Search(matcher, readParts, query.maxMatches, signal);
    const paths = (listing?.paths ?? ['']).map((relative) => path.join(query.path, relative));
    await search.lookAt(paths);
    if (listing) search.account(listing, query.path);
    return {
      ok: true,
      matches: search.matches,
      isCut: search.isCut,
      unsearched: search.unsearched.all(),
      isBeyondRipgrep: pattern.kind === 'regex' && pattern.ripgrep === undefined,
    };
  } catch (error) {
    return stopped(error, wanted, signal);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

type Listing = Extract<FileListing, { ok: true }>;

/** One search through files, one after the other. */
class Search {
  readonly matches: TextMatch[] = [];
  readonly unsearched = new UnsearchedPlaces();
  isCut = false;
  private readonly matcher: Matcher;
  private readonly readParts: ReadParts;
  private readonly maxMatches: number;
  private readonly signal: AbortSignal;

  constructor(matcher: Matcher, readParts: ReadParts, maxMatches: number, signal: AbortSignal) {
    this.matcher = matcher;
    this.readParts = readParts;
    this.maxMatches = maxMatches;
    this.signal = signal;
  }

  /** Adds what the listing of the files left out. */
  account({ isCut, unlisted }: Listing, folder: string): void {
    if (isCut && !this.isCut) this.unsearched.add('tooMany', undefined);
    const { count, first } = unlisted.unreadable;
    for (let index = 0; index < count; index += 1) {
      const place = first[index];
      this.unsearched.add('unreadable', place === undefined ? undefined : path.join(folder, place));
    }
    if (this.matches.length === 0 && unlisted.ignored.count > 0) this.unsearched.add('ignored', undefined);
  }

  /** Looks at the files in their order. The beginnings of the next ones are read meanwhile. */
  async lookAt(files: readonly string[]): Promise<void> {
    const ahead: FileAhead[] = [];
    let next = 0;
    try {
      for (const file of files) {
        while (next < files.length && ahead.length < filesAhead)
          ahead.push(this.begin(files[next++] ?? file));
        const begun = ahead.shift();
        if (begun && !(await this.look(begun))) return;
      }
    } finally {
      await Promise.allSettled(ahead.map(({ parts }) => parts.return(undefined)));
    }
  }

  private begin(file: string): FileAhead {
    const parts = this.readParts(file, this.signal);
    const first = parts.next();
    // It is looked at later, or not at all.
    first.catch(() => undefined);
    return { file, parts, first };
  }

  /** Settles with false if no further file is to be looked at. */
  private async look({ file, parts, first }: FileAhead): Promise<boolean> {
    this.signal.throwIfAborted();
    let isSlow = false;
    let part = await first;
    while (!part.done && !isSlow && this.matches.length <= this.maxMatches) {
      const { lines, firstLine } = part.value;
      const hits = await this.matcher.match(lines, this.maxMatches + 1 - this.matches.length);
      this.signal.throwIfAborted();
      isSlow = hits === undefined;
      for (const { index, start } of hits ?? [])
        this.matches.push({ path: file, line: firstLine + index, text: showLine(lines[index] ?? '', start) });
      part = await parts.next();
    }
    if (!part.done) await parts.return(undefined);
    if (isSlow) this.unsearched.add('slow', file);
    else if (part.done && part.value !== undefined) this.unsearched.add(part.value, file);
    this.isCut = this.matches.length > this.maxMatches;
    if (this.isCut) this.matches.pop();
    if (this.unsearched.count('slow') < maxSlowFiles) return !this.isCut;
    this.unsearched.add('tooMany', undefined);
    return false;
  }
}

interface FileAhead {
  readonly file: string;
  readonly parts: ReturnType<ReadParts>;
  readonly first: Promise<IteratorResult<TextPart, UnsearchedReason | undefined>>;
}

function stopped(error: unknown, wanted: string | ScriptRegex, signal: AbortSignal): TextSearchResult {
  const reason = error instanceof Error ? error.message : String(error);
  if (signal.aborted) return failure('cancelled', `The search was stopped: ${reason}`);
  // The engine refuses a pattern when it first meets a line.
  if (error instanceof SyntaxError && typeof wanted !== 'string')
    return failure('invalidInput', regexRefused('it is too large for the engine that takes it here'));
  return failure('internal', `The search was stopped: ${reason}`);
}

function failure(kind: CallError['kind'], message: string): Extract<TextSearchResult, { ok: false }> {
  return { ok: false, error: { kind, message } };
}
