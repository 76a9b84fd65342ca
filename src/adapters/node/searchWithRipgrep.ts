/** Searches text with ripgrep. */
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { TextMatch, TextSearchResult } from '../../core/filePorts.ts';
import { findBlockingIgnoreFile } from './ignoreFiles.ts';
import type { SplitLine } from './lineSplitter.ts';
import { argumentsForLines, searchedPlace } from './ripgrepArguments.ts';
import { parseRipgrepMessage, pathOfCutMatch, unreadablePlace } from './ripgrepMessage.ts';
import { runRipgrep, type Ripgrep } from './runRipgrep.ts';
import { isWantedFile, type SearchTarget } from './textSearch.ts';
import { UnsearchedPlaces } from './unsearchedPlaces.ts';

/**
 * Settles when ripgrep has exited: by itself, after enough matches, or after an abort. `refused`: it did not search, for a
 * reason of its own, such as a syntax that its version lacks. `blocked`: it would wait at a FIFO that stands in the place of
 * ignore rules. Never rejects.
 */
export async function searchWithRipgrep(
  ripgrep: Ripgrep,
  target: SearchTarget,
  signal: AbortSignal,
): Promise<TextSearchResult | 'refused' | 'blocked'> {
  const place = await searchedPlace(target);
  const search = new Search(target);
  const stop = new AbortController();
  let isBlocked = false;
  // It costs a walk of its own, so it goes on only while ripgrep does.
  void findBlockingIgnoreFile(place, stop.signal).then((found) => {
    if (found === undefined || stop.signal.aborted) return;
    isBlocked = true;
    stop.abort();
  });
  const run = {
    args: argumentsForLines(target, place),
    cwd: target.isFolder ? target.query.path : path.dirname(target.query.path),
    onLine: (line: SplitLine) => {
      search.read(line);
      if (search.isCut) stop.abort();
    },
    onErrorLine: (line: string) => search.readError(line),
  };
  const error = await runRipgrep(ripgrep, run, AbortSignal.any([signal, stop.signal]));
  stop.abort();
  if (error !== undefined) return cannotStart(error, ripgrep.file);
  if (signal.aborted) return failure('cancelled', 'The search was stopped.');
  return isBlocked ? 'blocked' : search.result();
}

/** What one run of ripgrep has told so far. */
class Search {
  isCut = false;
  private readonly target: SearchTarget;
  private readonly matches: TextMatch[] = [];
  private readonly unsearched = new UnsearchedPlaces();
  private hasEnded = false;

  constructor(target: SearchTarget) {
    this.target = target;
  }

  read({ start, bytes }: SplitLine): void {
    const { query, isFolder } = this.target;
    if (bytes > start.length) return this.readCutLine(start);
    const message = parseRipgrepMessage(start.toString(), query.path);
    if (message.kind === 'summary') this.hasEnded = true;
    else if (message.kind === 'binary' && isFolder && isWantedFile(message.path, this.target))
      this.unsearched.add('binary', message.path);
    else if (message.kind === 'match' && isWantedFile(message.match.path, this.target))
      this.keep(message.match);
  }

  readError(line: string): void {
    const place = unreadablePlace(line, this.target.query.path);
    if (place !== undefined) this.unsearched.add('unreadable', place);
  }

  /** ripgrep's last message comes after all that it could search, whatever its exit code says. */
  result(): TextSearchResult | 'refused' {
    const { matches, isCut } = this;
    if (!this.hasEnded && !isCut) return 'refused';
    return { ok: true, matches, isCut, unsearched: this.unsearched.all(), isBeyondRipgrep: false };
  }

  private readCutLine(start: Buffer): void {
    const file = pathOfCutMatch(start, this.target.query.path);
    if (file === undefined || isWantedFile(file, this.target)) this.unsearched.add('longLine', file);
  }

  private keep(match: TextMatch): void {
    if (this.matches.length < this.target.query.maxMatches) this.matches.push(match);
    else this.isCut = true;
  }
}

function cannotStart(error: NodeJS.ErrnoException, ripgrepPath: string): TextSearchResult {
  const isBusy = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes(error.code ?? '');
  return failure(isBusy ? 'busy' : 'cannotStart', `${ripgrepPath} could not be started: ${error.message}`);
}

function failure(kind: CallError['kind'], message: string): Extract<TextSearchResult, { ok: false }> {
  return { ok: false, error: { kind, message } };
}
