import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeRepository, plainGit } from '../tools/gitBench.ts';
import {
  secret,
  settings,
  withSubmodule,
  link,
  looks,
  changes,
  playRows,
  type Row,
} from './hostileGitScene.ts';

const ofPlaces: readonly Row[] = [
  {
    what: 'core.worktree to a folder outside',
    set: settings(({ outside }) => `[core]\n\tworktree = ${outside}\n`),
    asked: () => [
      ['status'],
      ['ls-files', '-o'],
      ['grep', '--untracked', ''],
      ['git_add', { paths: ['.'] }],
      ['git_stash', { action: 'push', includeUntracked: true }],
    ],
    expected: /^outsideWorkspace: .*working tree/,
  },
  {
    what: 'a .git file that names a repository outside',
    set: async ({ root, outside }) => {
      await rm(path.join(root, '.git'), { recursive: true });
      await writeFile(path.join(root, '.git'), `gitdir: ${path.join(outside, 'repository/.git')}\n`);
    },
    asked: () => [
      ['log', '-p'],
      ['git_commit', { message: 'x', all: true }],
    ],
    expected: /^outsideWorkspace: /,
  },
  {
    what: 'a commondir outside',
    set: ({ root, outside }) => writeFile(path.join(root, '.git/commondir'), `${outside}/repository/.git\n`),
    asked: () => [
      ['log', '-p'],
      ['git_commit', { message: 'x', all: true }],
    ],
    expected: /^outsideWorkspace: /,
  },
  {
    what: 'a link in the place of .git',
    set: async ({ root, outside }) => {
      await rm(path.join(root, '.git'), { recursive: true });
      await symlink(path.join(outside, 'repository/.git'), path.join(root, '.git'));
    },
    asked: () => [
      ['log', '-p'],
      ['show', 'HEAD:secret.txt'],
      ['git_commit', { message: 'x', all: true }],
    ],
    expected: /^outsideWorkspace: /,
  },
  {
    what: 'a link in the place of the last commit’s message',
    set: ({ root, outside }) => link(path.join(outside, 'new'), path.join(root, '.git/COMMIT_EDITMSG')),
    asked: () => [['git_commit', { message: 'x', all: true }]],
    expected: /^refused: .*COMMIT_EDITMSG leads to/,
    alone: ['commit', '--allow-empty', '-m', 'x'],
  },
  {
    what: 'a link in the place of the branch’s log',
    set: async ({ root, outside }) => {
      await link(path.join(outside, 'new'), path.join(root, '.git/logs/refs/heads/main'));
    },
    asked: () => [
      ['git_commit', { message: 'x', all: true }],
      ['git_stash', { action: 'push' }],
    ],
    expected: /^outsideWorkspace: .*logs\/refs\/heads\/main leads to/,
    alone: ['commit', '--allow-empty', '-m', 'x'],
  },
  ...[
    ...['index', 'logs/HEAD', 'logs/refs', 'logs/refs/heads/main', 'refs/heads/far', 'objects/pack'],
    ...['objects/ab', 'info/exclude', 'info/sparse-checkout', 'MERGE_MSG', 'ORIG_HEAD', 'sharedindex.x'],
    ...['worktrees/x/locked', 'rebase-merge/done', 'objects/pack/pack-x.pack', 'objects/info/commit-graph'],
  ].map((name): Row => ({
    what: `I1: a link in the place of ${name}`,
    set: async ({ root, outside }) => {
      const file = path.join(root, '.git', name);
      await mkdir(path.dirname(file), { recursive: true });
      await rm(file, { force: true, recursive: true });
      await symlink(path.join(outside, 'secret.txt'), file);
    },
    asked: () => [['status'], ['log', '-g'], ['worktree', 'list', '-v']],
    expected: new RegExp(`^outsideWorkspace: .*${name} leads to`),
  })),
  {
    what: 'I1: links that git does not read through',
    set: async ({ root, outside }) => {
      await rm(path.join(root, '.git/hooks'), { recursive: true, force: true });
      for (const name of ['hooks', 'lfs', 'annex']) await symlink(outside, path.join(root, '.git', name));
    },
    asked: () => [['status'], ['log']],
    expected: /^exit 0/,
  },
  {
    what: 'I1: objects that another repository keeps',
    set: ({ root, outside }) =>
      writeFile(path.join(root, '.git/objects/info/alternates'), `${outside}/repository/.git/objects\n`),
    asked: ({ outside }) => {
      const hash = plainGit(path.join(outside, 'repository'), 'rev-parse', 'HEAD').trim();
      return [
        ['show', hash],
        ['log', '-p', hash],
        ['cat-file', '--batch-all-objects', '--batch-check'],
        ['git_commit', { message: 'x', all: true }],
      ];
    },
    expected: /^outsideWorkspace: .*objects\/info\/alternates names/,
  },
  {
    what: 'I1: objects that another repository keeps for one in the workspace, after a comment, quoted and relative',
    set: async ({ root, outside }) => {
      const near = path.join(root, 'near');
      await mkdir(path.join(near, 'info'), { recursive: true });
      await writeFile(path.join(near, 'info/alternates'), `${outside}/repository/.git/objects\n`);
      await writeFile(path.join(root, '.git/objects/info/alternates'), '# near\n"../../ne\\141r"\n');
    },
    asked: () => [['log']],
    expected: /^outsideWorkspace: .*objects\/info\/alternates names/,
  },
  {
    what: 'I1: objects that a repository in the workspace keeps',
    set: async ({ root }) => {
      await mkdir(path.join(root, 'near'));
      await makeRepository(path.join(root, 'near'));
      await writeFile(path.join(root, '.git/objects/info/alternates'), '../../near/.git/objects\n');
    },
    asked: () => [['log'], ['status']],
    expected: /^exit 0/,
  },
  {
    what: 'I1: a submodule whose .git file names a repository outside',
    set: async (scene) => {
      await withSubmodule(scene);
      const file = path.join(scene.root, 'sub/.git');
      await rm(file, { recursive: true });
      await writeFile(file, `gitdir: ${scene.outside}/repository/.git\n`);
    },
    asked: () => [['describe', '--always', '--dirty']],
    expected: /^outsideWorkspace: /,
  },
  {
    what: 'a bare repository embedded in the working tree',
    set: async (scene) => {
      await mkdir(path.join(scene.root, 'bare'));
      plainGit(scene.root, 'init', '-q', '--bare', 'bare');
      await appendFile(
        path.join(scene.root, 'bare/config'),
        `[core]\n\tfsmonitor = ${scene.program}\n\tworktree = ..\n`,
      );
    },
    asked: () => [
      ['-in', 'bare', 'status'],
      ['-in', 'bare', 'diff'],
      ['-in', 'bare', 'log'],
    ],
    expected: /^(exitCode: .*bare|notFound)/s,
  },
  {
    what: 'a nested repository with a config of its own',
    set: async (scene) => {
      const nested = path.join(scene.root, 'nested');
      await mkdir(nested);
      await makeRepository(nested);
      await writeFile(path.join(nested, '.gitattributes'), '* filter=own\n');
      await appendFile(
        path.join(nested, '.git/config'),
        `[core]\n\tfsmonitor = ${scene.program}\n[filter "own"]\n\tclean = ${scene.program}\n`,
      );
      await writeFile(path.join(nested, 'a.txt'), 'two\n');
    },
    asked: () => [
      ['-in', 'nested', 'status'],
      ['-in', 'nested', 'diff'],
      ['status'],
      ['git_stash', { action: 'push' }],
    ],
    expected: 'harmless',
  },
  {
    what: 'a submodule whose config names a filter, where git looks into it',
    set: withSubmodule,
    asked: () => [
      ['describe', '--always', '--dirty'],
      ['describe', '--always', '--broken'],
      ['describe', '--always', '--dirt=x'],
      ...changes.slice(0, 4),
    ],
    expected: /^refused: .*submodule sub names a program \(own\)/,
    alone: ['describe', '--always', '--dirty'],
  },
  {
    what: 'K14: a submodule whose config names a filter, where its status is asked for',
    set: async (scene) => {
      await withSubmodule(scene);
      await scene.write('.gitmodules', '[submodule "sub"]\n\tpath = sub\n\turl = ./sub\n\tupdate = !false\n');
    },
    asked: () => [
      ['submodule', 'status'],
      ['submodule', '--cached'],
      ['submodule', 'status', '--recursive', '--', 'sub'],
    ],
    expected: /^refused: .*submodule sub names a program \(own\)/,
  },
  {
    what: 'a submodule whose config names a filter, where git is kept from looking into it',
    set: async (scene) => {
      await withSubmodule(scene);
      await scene.config('[submodule "sub"]\n\tignore = none\n[submodule]\n\trecurse = true\n');
      await scene.write('.gitmodules', '[submodule "sub"]\n\tpath = sub\n\turl = ./sub\n\tignore = none\n');
    },
    asked: () => [
      ['status'],
      ['diff'],
      ['diff', 'HEAD'],
      ['log', '-p'],
      ['show'],
      ['ls-files', '-m'],
      ['grep', 'two'],
    ],
    expected: 'harmless',
    alone: ['status'],
  },
  {
    what: 'a submodule with a url and an update of its own',
    set: async (scene) => {
      await scene.write(
        '.gitmodules',
        `[submodule "x"]\n\tpath = x\n\turl = ext::${scene.program}\n\tupdate = !${scene.program}\n`,
      );
      await scene.config(
        `[submodule "x"]\n\turl = ext::${scene.program}\n\tupdate = !${scene.program}\n\tactive = true\n[submodule]\n\trecurse = true\n[protocol]\n\tallow = always\n`,
      );
    },
    asked: () => [...looks, ...changes],
    expected: 'harmless',
  },
  {
    what: 'core.attributesFile, core.excludesFile and mailmap.file outside',
    set: async (scene) => {
      await writeFile(
        path.join(scene.outside, 'file'),
        `* diff=own\n${secret}\nM${secret} <test@example.invalid>\n`,
      );
      await scene.config(
        `[core]\n\tattributesFile = ${scene.outside}/file\n\texcludesFile = ${scene.outside}/file\n[mailmap]\n\tfile = ${scene.outside}/file\n[diff "own"]\n\ttextconv = ${scene.program}\n`,
      );
    },
    asked: () => [
      ...looks,
      ['check-ignore', '-v', 'x'],
      ['shortlog', '-s'],
      ['log', '--use-mailmap', '--format=%aN'],
      ['ls-files', ':(attr:diff=own)*'],
    ],
    expected: 'harmless',
  },
  {
    what: 'blame.ignoreRevsFile outside',
    set: settings(({ outside }) => `[blame]\n\tignoreRevsFile = ${outside}/secret.txt\n`),
    asked: () => [['blame', 'a.txt']],
    expected: /^refused: .*blame\.ignorerevsfile/,
  },
  {
    what: 'diff.orderFile that never ends',
    set: async (scene) => {
      execFileSync('mkfifo', [path.join(scene.root, '.git/fifo')]);
      await scene.config('[diff]\n\torderFile = .git/fifo\n');
    },
    asked: () => looks,
    expected: 'harmless',
  },
  {
    what: 'a program called git in the workspace, in a folder on PATH',
    set: async (scene) => {
      for (const folder of ['.', 'bin', 'node_modules/.bin']) {
        await mkdir(path.join(scene.root, folder), { recursive: true });
        await cp(scene.program, path.join(scene.root, folder, 'git'));
      }
    },
    asked: () => [...looks, ['git_add', { paths: ['a.txt'] }]],
    expected: 'harmless',
  },
];

/** Refused before git runs, word by word; $O is a folder outside, $P a program. */
playRows(ofPlaces);
