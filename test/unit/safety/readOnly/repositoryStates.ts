/** Repositories in states in which a git that only looks is tempted to write. */
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeRepository, plainGit } from '../../tools/gitBench.ts';

/** Makes the state in an empty folder; gives the folder to work in where that is another. */
export interface RepositoryState {
  readonly what: string;
  readonly make: (root: string) => Promise<string | void>;
  /** True if every argument is tried in this state. */
  readonly isTriedWithAll?: true;
}

const longAgo = new Date('2011-03-04');

async function touched(root: string): Promise<void> {
  for (const name of ['a.txt', 'b.txt']) await utimes(path.join(root, name), longAgo, longAgo);
}

/** Two branches that can't be merged, a stash, a tag and a note. */
async function withHistory(root: string): Promise<void> {
  await makeRepository(root);
  await mkdir(path.join(root, 'sub'));
  await writeFile(path.join(root, 'sub/c.txt'), 'one\ntwo\n');
  plainGit(root, 'add', '.');
  plainGit(root, 'commit', '-q', '-m', 'second');
  plainGit(root, 'tag', '-a', 'v1', '-m', 'v1');
  plainGit(root, 'notes', 'add', '-m', 'note');
  plainGit(root, 'branch', 'other');
  await writeFile(path.join(root, 'a.txt'), 'stashed\n');
  plainGit(root, 'stash', 'push', '-q');
}

async function dirty(root: string): Promise<void> {
  await writeFile(path.join(root, 'a.txt'), 'changed\n');
  await writeFile(path.join(root, 'new.txt'), 'new\n');
  await writeFile(path.join(root, 'staged.txt'), 'staged\n');
  plainGit(root, 'add', 'staged.txt');
}

async function configured(root: string, ...settings: readonly string[]): Promise<void> {
  await withHistory(root);
  for (const setting of settings) {
    const [key = '', value = ''] = setting.split('=');
    plainGit(root, 'config', key, value);
  }
  plainGit(root, 'status');
  await dirty(root);
  await touched(root);
}

async function withSubmodule(root: string): Promise<void> {
  await withHistory(root);
  const module = path.join(root, 'module');
  await mkdir(path.join(module, 'deep'), { recursive: true });
  await writeFile(path.join(module, 'deep/d.txt'), 'one\n');
  await makeRepository(module);
  plainGit(root, 'submodule', '--quiet', 'add', './module', 'module');
  plainGit(root, 'commit', '-q', '-m', 'module');
  plainGit(root, 'submodule', 'absorbgitdirs');
  await touched(module);
  await writeFile(path.join(module, 'b.txt'), 'changed\n');
  await touched(root);
}

async function touchSharedIndexes(gitDir: string): Promise<void> {
  const shared = (await readdir(gitDir)).filter((name) => name.startsWith('sharedindex'));
  for (const name of shared) await utimes(path.join(gitDir, name), longAgo, longAgo);
}

export const repositoryStates: readonly RepositoryState[] = [
  {
    what: 'D1: files with old times',
    isTriedWithAll: true,
    make: async (root) => {
      await withHistory(root);
      await touched(root);
    },
  },
  {
    what: 'an index as old as its files',
    make: async (root) => {
      await withHistory(root);
      const now = new Date();
      for (const name of ['a.txt', 'b.txt', '.git/index']) await utimes(path.join(root, name), now, now);
    },
  },
  {
    what: 'changed, staged and new files',
    make: async (root) => {
      await withHistory(root);
      await dirty(root);
    },
  },
  {
    what: 'a merge with conflicts',
    make: async (root) => {
      await withHistory(root);
      for (const [branch, text] of [
        ['other', 'theirs'],
        ['main', 'ours'],
      ] as const) {
        plainGit(root, 'switch', '-q', branch);
        await writeFile(path.join(root, 'a.txt'), `${text}\n`);
        plainGit(root, 'commit', '-q', '-a', '-m', text);
      }
      try {
        plainGit(root, 'merge', 'other');
      } catch {
        // It has conflicts.
      }
      await touched(root);
    },
  },
  { what: 'a submodule with changes', make: withSubmodule },
  {
    what: 'a submodule with a split index',
    make: async (root) => {
      await withSubmodule(root);
      plainGit(path.join(root, 'module'), 'update-index', '--split-index');
      await touchSharedIndexes(path.join(root, '.git/modules/module'));
    },
  },
  {
    what: 'a submodule with a sparse index',
    make: async (root) => {
      await withSubmodule(root);
      const module = path.join(root, 'module');
      plainGit(module, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'none');
    },
  },
  {
    what: 'a linked worktree',
    make: async (root) => {
      await mkdir(path.join(root, 'main'));
      await withHistory(path.join(root, 'main'));
      plainGit(path.join(root, 'main'), 'worktree', 'add', '-q', '../linked', 'other');
      await touched(path.join(root, 'linked'));
      await rm(path.join(root, 'main/.git/worktrees/gone'), { recursive: true, force: true });
      return 'linked';
    },
  },
  {
    what: 'a repository kept apart, which a file named .git points to',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'init', '-q', '--separate-git-dir', 'kept');
      await touched(root);
    },
  },
  {
    what: 'a shallow clone',
    make: async (root) => {
      await mkdir(path.join(root, 'from'));
      await withHistory(path.join(root, 'from'));
      plainGit(root, 'clone', '-q', '--depth', '1', `file://${root}/from`, 'shallow');
      await touched(path.join(root, 'shallow'));
      return 'shallow';
    },
  },
  {
    what: 'a partial clone that lacks objects',
    make: async (root) => {
      await mkdir(path.join(root, 'from'));
      await withHistory(path.join(root, 'from'));
      plainGit(path.join(root, 'from'), 'config', 'uploadpack.allowFilter', 'true');
      plainGit(root, 'clone', '-q', '--filter=blob:none', `file://${root}/from`, 'partial');
      await touched(path.join(root, 'partial'));
      return 'partial';
    },
  },
  { what: 'an untracked cache', make: (root) => configured(root, 'core.untrackedCache=true') },
  { what: 'a monitor of its own', make: (root) => configured(root, 'core.fsmonitor=true') },
  {
    what: 'settings that refresh and collect',
    make: (root) =>
      configured(
        root,
        ...['diff.autoRefreshIndex=true', 'gc.auto=1', 'gc.autoDetach=false', 'maintenance.auto=true'],
        ...['core.commitGraph=true', 'fetch.writeCommitGraph=true', 'gc.reflogExpire=now'],
        ...[
          'feature.manyFiles=true',
          'index.threads=true',
          'core.preloadIndex=true',
          'status.showUntrackedFiles=all',
        ],
      ),
  },
  {
    what: 'a split index',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'update-index', '--split-index');
      await dirty(root);
      await touchSharedIndexes(path.join(root, '.git'));
      await touched(root);
    },
  },
  {
    what: 'a sparse index',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'other');
      await touched(root);
    },
  },
  {
    what: 'an index that git would make sparse',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'sparse-checkout', 'set', '--cone', 'other');
      plainGit(root, 'config', '--worktree', 'index.sparse', 'true');
      await touched(root);
    },
  },
  {
    what: 'no index',
    make: async (root) => {
      await withHistory(root);
      await rm(path.join(root, '.git/index'));
    },
  },
  {
    what: 'packed refs, a commit graph and a bitmap',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'repack', '-q', '-a', '-d', '--write-bitmap-index');
      plainGit(root, 'pack-refs', '--all');
      plainGit(root, 'commit-graph', 'write', '--reachable');
      await touched(root);
    },
  },
  {
    what: 'a lock that a dead git has left',
    make: async (root) => {
      await withHistory(root);
      await writeFile(path.join(root, '.git/index.lock'), '');
      await touched(root);
    },
  },
  {
    what: 'a bisection and a detached head',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'bisect', 'start');
      plainGit(root, 'bisect', 'bad', 'HEAD');
      plainGit(root, 'switch', '-q', '--detach', 'HEAD~1');
      await touched(root);
    },
  },
  {
    what: 'a worktree whose folder is gone',
    make: async (root) => {
      await withHistory(root);
      plainGit(root, 'worktree', 'add', '-q', 'gone', 'other');
      await rm(path.join(root, 'gone'), { recursive: true });
      await touched(root);
    },
  },
  {
    what: 'no commit yet',
    make: async (root) => {
      plainGit(root, 'init', '-q', '-b', 'main');
      await dirty(root);
    },
  },
  {
    what: 'links and a FIFO among its files',
    make: async (root) => {
      await withHistory(root);
      await symlink('a.txt', path.join(root, 'link'));
      await symlink('sub', path.join(root, 'folder'));
      execFileSync('mkfifo', [path.join(root, 'fifo')]);
      await appendFile(path.join(root, '.git/info/exclude'), 'link\n');
      await touched(root);
    },
  },
];
