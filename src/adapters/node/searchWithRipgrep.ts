/** Searches text with ripgrep. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { Files, TextMatch, TextQuery, TextSearchResult } from '../../core/filePorts.ts';
import { childEnvironment } from './environment.ts';
import { findBlockingIgnoreFile } from './ignoreFiles.ts';
import type { ForeignFolders } from './foreignFolders.ts';
import { LineSplitter } from './lineSplitter.ts';
import { ownEnvironment } from './ownEnvironment.ts';
import { parseRipgrepMatch } from './ripgrepMatch.ts';
import { searchFileByFile } from './searchFileByFile.ts';
import type { SearchTarget } from './textSearch.ts';

const maxFilesOfGlob = 50_000;
const maxErrorChars = 2000;
const maxLineBytes = 8 * 1024 * 1024;

export interface Ripgrep {
  /** Absolute. */
  readonly file: string;
  /** Folders into which nothing in ripgrep's environment leads. */
  readonly foreign: ForeignFolders;
}

/**
 * Settles when ripgrep has exited: by itself, after enough matches, or after an abort. Where a FIFO stands in the
 * place of ignore rules, which ripgrep would wait at, files are searched one by one instead. Never rejects.
 */
export async function searchWithRipgrep(
  ripgrep: Ripgrep,
  files: Files,
  target: SearchTarget,
  signal: AbortSignal,
): Promise<TextSearchResult> {
  const wanted = await wantedFiles(files, target, signal);
  if (!wanted.ok) return wanted;
  if (signal.aborted) return failure('cancelled', 'The search was stopped.');
  const cwd = target.isFolder ? target.query.path : path.dirname(target.query.path);
  const env = await ownEnvironment(childEnvironment(process.env), cwd, ripgrep.foreign);
  return new Promise((resolve) => {
    const matches: TextMatch[] = [];
    const child = spawn(ripgrep.file, ripgrepArguments(target), {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let isCut = false;
    let isBlocked = false;
    let wasDropped = false;
    let problem = '';
    // It starts no processes of its own, so killing it alone is enough.
    const kill = (): void => void child.kill('SIGKILL');
    const exited = new AbortController();
    // It costs a walk of its own, so it goes on only while ripgrep does.
    void findBlockingIgnoreFile(target.query.path, exited.signal).then((found) => {
      if (found === undefined || exited.signal.aborted) return;
      isBlocked = true;
      kill();
    });
    const lines = new LineSplitter(maxLineBytes, ({ start, bytes }) => {
      if (bytes > start.length) {
        wasDropped = true;
        return;
      }
      const match = parseRipgrepMatch(start.toString(), target.query.path);
      if (match === undefined || !wanted.includes(match.path)) return;
      if (matches.length < target.query.maxMatches) matches.push(match);
      else isCut = true;
      if (isCut) kill();
    });
    child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (problem.length < maxErrorChars) problem += chunk.toString();
    });
    signal.addEventListener('abort', kill, { once: true });
    const settle = (result: TextSearchResult | Promise<TextSearchResult>): void => {
      exited.abort();
      signal.removeEventListener('abort', kill);
      resolve(result);
    };
    child.once('error', (error) => settle(cannotStart(error, ripgrep.file)));
    child.once('close', (exitCode) => {
      if (signal.aborted) return settle(failure('cancelled', 'The search was stopped.'));
      if (isBlocked) return settle(searchFileByFile(files, target, signal));
      if (exitCode === 2 && matches.length === 0) return settle(ripgrepFailure(problem, target.query));
      settle({ ok: true, matches, isCut: isCut || wanted.isCut || wasDropped });
    });
  });
}

function ripgrepArguments({ query, isFolder }: SearchTarget): string[] {
  return [
    '--no-config',
    '--json',
    '--hidden',
    // Ignore rules are those of list_files: .gitignore files, in and out of repositories, and no others.
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-dot',
    '--no-ignore-exclude',
    '--no-messages',
    ...(query.isRegex ? [] : ['--fixed-strings']),
    ...(query.glob === undefined || !isFolder ? [] : globArguments(query.glob)),
    // Later globs win.
    ...['--glob', '!.git'],
    ...['-e', query.pattern],
    ...['--', query.path],
  ];
}

// `--glob` finds ignored files too, a file type does not; but a type knows names alone, not folders.
function globArguments(glob: string): string[] {
  return glob.includes('/') ? ['--glob', glob] : ['--type-add', `wanted:${glob}`, '--type', 'wanted'];
}

type Wanted = { ok: true; isCut: boolean; includes(file: string): boolean } | FailedSearch;
type FailedSearch = Extract<TextSearchResult, { ok: false }>;

// Takes the ignored files out again that a `--glob` with folders finds.
async function wantedFiles(files: Files, target: SearchTarget, signal: AbortSignal): Promise<Wanted> {
  const { glob, path: folder } = target.query;
  if (glob === undefined || !glob.includes('/') || !target.isFolder) {
    return { ok: true, isCut: false, includes: () => true };
  }
  const listing = await files.list(folder, glob, maxFilesOfGlob, signal);
  if (!listing.ok) return listing;
  const wanted = new Set(listing.paths.map((relative) => path.join(folder, relative)));
  return { ok: true, isCut: listing.isCut, includes: (file) => wanted.has(file) };
}

function ripgrepFailure(stderr: string, query: TextQuery): TextSearchResult {
  const reason = stderr.trim() || 'ripgrep gave no reason';
  const next = query.isRegex ? '\nCorrect the pattern, or search for it literally with "regex": false.' : '';
  return failure('invalidInput', `The search could not be done: ${reason}${next}`);
}

function cannotStart(error: NodeJS.ErrnoException, ripgrepPath: string): TextSearchResult {
  const isBusy = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes(error.code ?? '');
  return failure(isBusy ? 'busy' : 'cannotStart', `${ripgrepPath} could not be started: ${error.message}`);
}

function failure(kind: CallError['kind'], message: string): FailedSearch {
  return { ok: false, error: { kind, message } };
}
