/** Asks git for lists of names in a repository that was looked at. */
import { gitArguments } from '../safety/gitHardening.ts';
import { readNames } from '../safety/gitNames.ts';
import { ask, failed, type Failed, type GitCaller } from './askGit.ts';
import type { GitPorts, SeenRepository } from './gitRepository.ts';

export type Asked = Pick<SeenRepository, 'cwd' | 'top' | 'switchedOff' | 'environment'>;

/** How to ask, on whose behalf. */
export interface Asking {
  readonly repository: Asked;
  readonly caller: GitCaller;
  readonly ports: Pick<GitPorts, 'processes'>;
}

export type Lines = { readonly ok: true; readonly lines: readonly string[] } | Failed;

/** The lines that a subcommand of our own prints. Another exit code than 0 is a failure. */
export async function gitLines(
  subcommand: readonly string[],
  { repository, caller, ports }: Asking,
): Promise<Lines> {
  const { cwd, switchedOff, environment } = repository;
  const whole = gitArguments({ subcommand, paths: [] }, switchedOff);
  if (!whole.ok) return whole;
  const chunks: string[] = [];
  const onChunk = (stream: string, chunk: string): void => {
    if (stream === 'stdout') chunks.push(chunk);
  };
  const end = await ask(whole.args, cwd, caller, ports, { ...environment, onChunk });
  if (end.kind !== 'exited' || end.exitCode !== 0) return failed(end, caller);
  return {
    ok: true,
    lines: chunks
      .join('')
      .split('\n')
      .filter((line) => line !== ''),
  };
}

/** As many names as go into one command line on every system. */
const maxCharsOfNames = 20_000;

/** The names of which git says that they go through one of the filters, from the top of the working tree. `source`: where attributes are looked up. */
export async function filteredNames(
  names: readonly string[],
  asking: Asking,
  source: readonly string[] = [],
): Promise<{ readonly ok: true; readonly filtered: readonly Filtered[] } | Failed> {
  const { repository } = asking;
  const { filters } = repository.switchedOff;
  const filtered: Filtered[] = [];
  if (filters.length === 0) return { ok: true, filtered };
  const atTop = { ...asking, repository: { ...repository, cwd: repository.top ?? repository.cwd } };
  for (const some of inParts([...new Set(names)])) {
    const told = await gitLines(['check-attr', ...source, 'filter', '--', ...some], atTop);
    if (!told.ok) return told;
    for (const line of told.lines) {
      const [, quoted = '', filter = ''] = /^(.*): filter: (.*)$/.exec(line) ?? [];
      const [name] = readNames(quoted);
      if (name !== undefined && filters.includes(filter)) filtered.push({ name, filter });
    }
  }
  return { ok: true, filtered };
}

/** A file, and the filter of the repository's own config that it goes through. */
export interface Filtered {
  readonly name: string;
  readonly filter: string;
}

function* inParts(names: readonly string[]): Generator<readonly string[]> {
  let part: string[] = [];
  let chars = 0;
  for (const name of names) {
    if (chars + name.length > maxCharsOfNames && part.length > 0) {
      yield part;
      part = [];
      chars = 0;
    }
    part.push(name);
    chars += name.length + 1;
  }
  if (part.length > 0) yield part;
}

const mostNamed = 5;

/** The first of the names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return names.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
