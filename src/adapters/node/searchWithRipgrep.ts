/** Searches text with ripgrep. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { TextMatch, TextSearchResult } from '../../core/filePorts.ts';
import { childEnvironment } from './environment.ts';
import { findBlockingIgnoreFile } from './ignoreFiles.ts';
import type { ForeignFolders } from './foreignFolders.ts';
import { LineSplitter } from './lineSplitter.ts';
import { ownEnvironment } from './ownEnvironment.ts';
import { PassedOverPlaces } from './passedOver.ts';
import { parseRipgrepMessage, pathOfCutMatch, unreadablePlace } from './ripgrepMessage.ts';
import type { SearchTarget } from './textSearch.ts';

const maxLineBytes = 8 * 1024 * 1024;
const maxErrorLineBytes = 64 * 1024;

export interface Ripgrep {
  /** Absolute. */
  readonly file: string;
  /** Folders into which nothing in ripgrep's environment leads. */
  readonly foreign: ForeignFolders;
}

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
  if (signal.aborted) return failure('cancelled', 'The search was stopped.');
  const cwd = target.isFolder ? target.query.path : path.dirname(target.query.path);
  const env = await ownEnvironment(childEnvironment(process.env), cwd, ripgrep.foreign);
  const search = new Search(target);
  const child = start(ripgrep.file, ripgrepArguments(target), cwd, env);
  if (!('stdout' in child)) return cannotStart(child, ripgrep.file);
  return new Promise((resolve) => {
    // It starts no processes of its own, so killing it alone is enough.
    const kill = (): void => void child.kill('SIGKILL');
    const exited = new AbortController();
    let isBlocked = false;
    // It costs a walk of its own, so it goes on only while ripgrep does.
    void findBlockingIgnoreFile(target.query.path, exited.signal).then((found) => {
      if (found === undefined || exited.signal.aborted) return;
      isBlocked = true;
      kill();
    });
    const output = new LineSplitter(maxLineBytes, ({ start: line, bytes }) => {
      search.read(line, bytes);
      if (search.isCut) kill();
    });
    const errors = new LineSplitter(maxErrorLineBytes, ({ start: line }) => search.readError(line));
    // Where too many files are open it has no streams.
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    signal.addEventListener('abort', kill, { once: true });
    const settle = (result: TextSearchResult | 'refused' | 'blocked'): void => {
      exited.abort();
      signal.removeEventListener('abort', kill);
      resolve(result);
    };
    child.once('error', (error) => settle(cannotStart(error, ripgrep.file)));
    child.once('close', () => {
      errors.end();
      if (signal.aborted) settle(failure('cancelled', 'The search was stopped.'));
      else settle(isBlocked ? 'blocked' : search.result());
    });
  });
}

/** What one run of ripgrep has told so far. */
class Search {
  isCut = false;
  private readonly target: SearchTarget;
  private readonly matches: TextMatch[] = [];
  private readonly passedOver = new PassedOverPlaces();
  private hasEnded = false;

  constructor(target: SearchTarget) {
    this.target = target;
  }

  read(line: Buffer, bytes: number): void {
    const { query } = this.target;
    if (bytes > line.length) {
      this.passedOver.add('longLine', pathOfCutMatch(line, query.path));
      return;
    }
    const message = parseRipgrepMessage(line.toString(), query.path);
    if (message.kind === 'summary') this.hasEnded = true;
    if (message.kind === 'binary' && this.target.isFolder) this.passedOver.add('binary', message.path);
    if (message.kind !== 'match') return;
    if (this.matches.length < query.maxMatches) this.matches.push(message.match);
    else this.isCut = true;
  }

  readError(line: Buffer): void {
    const place = unreadablePlace(line.toString(), this.target.query.path);
    if (place !== undefined) this.passedOver.add('unreadable', place);
  }

  /** Its last message is told after all that it could search, whatever its exit code says. */
  result(): TextSearchResult | 'refused' {
    const { matches, isCut } = this;
    if (!this.hasEnded && !isCut) return 'refused';
    return { ok: true, matches, isCut, passedOver: this.passedOver.all(), isBeyondRipgrep: false };
  }
}

function ripgrepArguments({ query, isFolder, pattern }: SearchTarget): string[] {
  const [syntax, text] =
    pattern.kind === 'text' ? [['--fixed-strings'], pattern.text] : [[], pattern.ripgrep ?? query.pattern];
  return [
    '--no-config',
    '--json',
    '--hidden',
    // Ignore rules are those of list_files: .gitignore files, in and out of repositories, and no others.
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-dot',
    '--no-ignore-exclude',
    '--no-ignore-messages',
    ...syntax,
    ...(query.glob === undefined || !isFolder ? [] : globArguments(query.glob)),
    // Later globs win.
    ...['--glob', '!.git'],
    ...['-e', text],
    ...['--', query.path],
  ];
}

// `--glob` finds ignored files too, a file type does not; but a type knows names alone, not folders.
function globArguments(glob: string): string[] {
  return glob.includes('/') ? ['--glob', glob] : ['--type-add', `wanted:${glob}`, '--type', 'wanted'];
}

// Some failures are thrown, others are told by an event.
function start(
  file: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): ChildProcess | NodeJS.ErrnoException {
  try {
    return spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function cannotStart(error: NodeJS.ErrnoException, ripgrepPath: string): TextSearchResult {
  const isBusy = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes(error.code ?? '');
  return failure(isBusy ? 'busy' : 'cannotStart', `${ripgrepPath} could not be started: ${error.message}`);
}

function failure(kind: CallError['kind'], message: string): Extract<TextSearchResult, { ok: false }> {
  return { ok: false, error: { kind, message } };
}
