/** Looks without git at a repository whose own config says nothing that git must be asked about. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { GitLocation } from './gitPlace.ts';

/** A repository of which all is known that git would be asked: it names no program, no file and no other place. */
export interface PlainRepository {
  readonly location: GitLocation & { readonly top: string };
  /** Where git must not climb to, should it not take the same folder for the repository. */
  readonly ceiling: string;
}

type ReadingFiles = Pick<Files, 'canonical' | 'readText'>;

/**
 * The repository that git would find from a canonical folder; undefined where anything is not plain, which says
 * nothing against it. May reject.
 */
export async function findPlainRepository(
  folder: string,
  files: ReadingFiles,
): Promise<PlainRepository | undefined> {
  const found = await findTop(folder, files);
  if (found === undefined) return undefined;
  const { top, gitDir } = found;
  const commonDir = await commonDirOf(gitDir, files);
  const ceiling = path.dirname(top);
  // A list in the environment can't hold its own delimiter, and above the root there is nothing to stop at.
  if (commonDir === undefined || ceiling === top || ceiling.includes(path.delimiter)) return undefined;
  if (!(await isWhole(gitDir, commonDir, files))) return undefined;
  const config = await readDisk(path.join(commonDir, 'config'), files);
  if (config.kind !== 'text' || !isPlainConfig(config.text)) return undefined;
  return { location: { gitDir, commonDir, top, isTopConfigured: false }, ceiling };
}

/**
 * Whether a repository's config can name neither a filter, a converter, a hook, a merge driver, another config, a file of which git shows lines nor another
 * working tree. Git knows no way to write a name but in one piece, so one that is nowhere in the text is not set.
 */
export function isPlainConfig(text: string): boolean {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const telling = lines.filter((line) => !harmlessLine.test(line)).join('\n');
  return /repositoryformatversion/i.test(telling) && !tellingName.test(telling);
}

// Branches are called what people like. Whatever came before, neither line can begin a section of another name.
const harmlessLine =
  /^(\[(branch|remote) "[^"\\]*"\]|[ \t]*(merge|remote|url|fetch) = [^"\\]*|[ \t]*bare = false)$/i;

// `extensions.worktreeConfig`, without which git reads no further file, has the name of core.worktree in it.
const tellingName =
  /filter|textconv|include|worktree|bare|excludesfile|attributesfile|ignorerevsfile|mailmap|driver|hook(?!spath)/i;

interface Found {
  readonly top: string;
  readonly gitDir: string;
}

async function findTop(folder: string, files: ReadingFiles): Promise<Found | undefined> {
  if (!(await hasNoHead(folder, files))) return undefined;
  const candidate = path.join(folder, '.git');
  const read = await readDisk(candidate, files);
  switch (read.kind) {
    case 'missing': {
      const parent = path.dirname(folder);
      return parent === folder ? undefined : findTop(parent, files);
    }
    case 'folder':
      return (await files.canonical(candidate)) === candidate
        ? { top: folder, gitDir: candidate }
        : undefined;
    case 'text': {
      const named = /^gitdir: ([^\r\n]+)\n$/.exec(read.text)?.[1];
      return named === undefined ? undefined : { top: folder, gitDir: path.resolve(folder, named) };
    }
    case 'other':
      return undefined;
  }
}

// A folder that has one could itself be a bare repository; git also takes a link that leads nowhere for one.
async function hasNoHead(folder: string, files: ReadingFiles): Promise<boolean> {
  const file = path.join(folder, 'HEAD');
  return (await readDisk(file, files)).kind === 'missing' && (await files.canonical(file)) === file;
}

async function commonDirOf(gitDir: string, files: ReadingFiles): Promise<string | undefined> {
  const read = await readDisk(path.join(gitDir, 'commondir'), files);
  if (read.kind === 'missing') return gitDir;
  const named = read.kind === 'text' ? /^([^\r\n]+)\n$/.exec(read.text)?.[1] : undefined;
  return named === undefined ? undefined : path.resolve(gitDir, named);
}

// What git wants of a repository. Of one that lacks it, git goes on to the folder above.
async function isWhole(gitDir: string, commonDir: string, files: ReadingFiles): Promise<boolean> {
  const head = await readDisk(path.join(gitDir, 'HEAD'), files);
  if (head.kind !== 'text' || !/^(ref: refs\/\S+|[0-9a-f]{40}|[0-9a-f]{64})\n$/.test(head.text)) return false;
  for (const name of ['objects', 'refs'])
    if ((await readDisk(path.join(commonDir, name), files)).kind !== 'folder') return false;
  return true;
}

type OnDisk =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' | 'folder' | 'other' };

const maxBytes = 256 * 1024;

// What an editor shows of a file is not what git reads.
async function readDisk(file: string, files: ReadingFiles): Promise<OnDisk> {
  const read = await files.readText(file, maxBytes, new AbortController().signal);
  if (read.ok) return read.isUnsaved ? { kind: 'other' } : { kind: 'text', text: read.text };
  if (read.error.kind === 'notFound') return { kind: 'missing' };
  return { kind: read.error.kind === 'notRegularFile' ? 'folder' : 'other' };
}
