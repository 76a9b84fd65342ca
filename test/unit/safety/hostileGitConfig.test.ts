import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { plainGit } from '../tools/gitBench.ts';
import {
  missing,
  secret,
  notAllowed,
  settings,
  withAttributes,
  withHooks,
  promisor,
  signed,
  looks,
  changes,
  playRows,
  type Args,
  type Scene,
  type Row,
} from './hostileGitScene.ts';

const ofConfig: readonly Row[] = [
  {
    what: 'core.fsmonitor',
    set: settings(({ program }) => `[core]\n\tfsmonitor = ${program}\n`),
    asked: () => [...looks, ...changes],
    expected: 'harmless',
    alone: ['status'],
  },
  {
    what: 'hooks in the repository’s folder',
    set: (scene) => withHooks(path.join(scene.root, '.git/hooks'), scene),
    asked: () => [...looks, ...changes],
    expected: 'harmless',
    alone: ['commit', '--allow-empty', '-m', 'x'],
  },
  {
    what: 'core.hooksPath in the working tree',
    set: async (scene) => {
      await withHooks(path.join(scene.root, 'hooks'), scene);
      await scene.config('[core]\n\thooksPath = hooks\n');
    },
    asked: () => changes,
    expected: 'harmless',
    alone: ['commit', '--allow-empty', '-m', 'x'],
  },
  {
    what: 'hooks that newer gits read from the config are switched off by name',
    set: settings(
      ({ program }) =>
        `[hook "a b"]\n\tevent = pre-commit\n\tevent = post-index-change\n\tcommand = ${program}\n`,
    ),
    asked: () => [...looks, ...changes],
    expected: 'harmless',
  },
  {
    what: 'a hook whose name would break out of its setting',
    set: settings(({ program }) => `[hook "a=b"]\n\tevent = pre-commit\n\tcommand = ${program}\n`),
    asked: () => [['status'], ['git_commit', { message: 'x' }]],
    expected: /^refused: .*can't be switched off/,
  },
  {
    what: 'diff.external',
    set: settings(({ program }) => `[diff]\n\texternal = ${program}\n`),
    asked: () => [...looks, ['stash', 'list', '-p'], ['diff-tree', '-p', 'HEAD']],
    expected: 'harmless',
    alone: ['diff'],
  },
  {
    what: 'diff.<driver>.command',
    set: (scene) => withAttributes(scene, '* diff=own\n', `[diff "own"]\n\tcommand = ${scene.program}\n`),
    asked: () => looks,
    expected: 'harmless',
    alone: ['diff'],
  },
  {
    what: 'diff.<driver>.textconv',
    set: (scene) => withAttributes(scene, '* diff=own\n', `[diff "own"]\n\ttextconv = ${scene.program}\n`),
    asked: () => [...looks, ['blame', 'a.txt'], ['grep', 'two'], ['show', 'HEAD']],
    expected: 'harmless',
    alone: ['diff'],
  },
  {
    what: 'K14: diff.<driver>.textconv, where a subcommand has no option against it',
    set: async (scene) => {
      await withAttributes(scene, '* diff=own\n', '');
      plainGit(scene.root, 'commit', '-q', '-a', '-m', 'two');
      plainGit(scene.root, 'switch', '-q', 'other');
      await scene.write('a.txt', 'three\n');
      plainGit(scene.root, 'commit', '-q', '-a', '-m', 'three');
      await scene.config(`[diff "own"]\n\ttextconv = ${scene.program}\n`);
    },
    asked: () => [
      ['range-diff', 'main~1', 'main', 'other'],
      ['range-diff', 'main...other'],
    ],
    expected: /^refused: .*diff\.own\.textconv.*"log", "-p"/,
    alone: ['range-diff', 'main~1', 'main', 'other'],
  },
  {
    what: 'filter.<driver>.clean, where git only looks',
    set: (scene) => withAttributes(scene, '* filter=own\n', `[filter "own"]\n\tclean = ${scene.program}\n`),
    asked: () => [...looks, ['git_commit', { message: 'x' }]],
    expected: 'harmless',
    alone: ['status'],
  },
  {
    what: 'filter.<driver>.clean, where git would store without it what it should have encrypted',
    set: (scene) => withAttributes(scene, '* filter=own\n', `[filter "own"]\n\tclean = ${scene.program}\n`),
    asked: () => [
      ['git_add', { paths: ['a.txt'] }],
      ['git_commit', { message: 'x', all: true }],
    ],
    expected: /^refused: .*a filter \(own\)/,
  },
  {
    what: 'filter.<driver>.smudge',
    set: async (scene) => {
      plainGit(scene.root, 'commit', '-q', '-a', '-m', 'two');
      await withAttributes(scene, '* filter=own\n', `[filter "own"]\n\tsmudge = ${scene.program}\n`);
      await scene.write('a.txt', 'six\n');
    },
    asked: () => [
      ['git_switch', { branch: 'other' }],
      ['git_stash', { action: 'push' }],
    ],
    expected: /^refused: .*a filter \(own\)/,
    alone: ['checkout', '--', 'a.txt'],
  },
  {
    what: 'filter.<driver>.process, required',
    set: (scene) =>
      withAttributes(
        scene,
        '* filter=own\n',
        `[filter "own"]\n\tprocess = ${scene.program}\n\trequired = true\n`,
      ),
    asked: () => looks,
    expected: 'harmless',
    alone: ['status'],
  },
  {
    what: 'core.pager and pager.<command>',
    set: settings(
      ({ program }) => `[core]\n\tpager = ${program}\n[pager]\n\tlog = ${program}\n\tstatus = ${program}\n`,
    ),
    asked: () => [...looks, ['branch'], ['tag']],
    expected: 'harmless',
  },
  {
    what: 'core.editor and sequence.editor',
    set: settings(
      ({ program }) =>
        `[core]\n\teditor = ${program}\n[sequence]\n\teditor = ${program}\n[commit]\n\tverbose = true\n`,
    ),
    asked: () => [
      ['git_commit', { amend: true }],
      ['git_commit', { message: 'x', all: true }],
    ],
    expected: 'harmless',
    alone: ['commit', '--allow-empty'],
  },
  {
    what: 'the viewer of git’s help',
    set: settings(({ program }) => `[man]\n\tviewer = own\n[man "own"]\n\tcmd = ${program}\n`),
    asked: () => [
      ['rev-parse', '--help'],
      ['log', '--help'],
      ['status', '--help'],
      ['ls-files', '--hel'],
      ['describe', '--help'],
    ],
    expected: notAllowed,
    alone: ['rev-parse', '--help'],
  },
  {
    what: 'a browser for git’s help',
    set: settings(
      ({ program }) =>
        `[help]\n\tformat = web\n\tbrowser = own\n\thtmlpath = https://x\n[browser "own"]\n\tcmd = ${program}\n`,
    ),
    asked: () => [
      ['cat-file', '--help'],
      ['count-objects', '--help'],
    ],
    expected: notAllowed,
    alone: ['cat-file', '--help'],
  },
  {
    what: 'gpg.program and log.showSignature',
    set: async (scene) => {
      await signed(scene);
      await scene.config(`[gpg]\n\tprogram = ${scene.program}\n[log]\n\tshowSignature = true\n`);
    },
    asked: () => [
      ['log', '-1'],
      ['log', '--format=%G?'],
      ['show'],
      ['for-each-ref'],
      ['tag', '--format=%(contents)'],
    ],
    expected: 'harmless',
    alone: ['log', '-1'],
  },
  {
    what: 'gpg.<format>.program',
    set: async (scene) => {
      await signed(scene);
      await scene.config(
        `[gpg "openpgp"]\n\tprogram = ${scene.program}\n[gpg "ssh"]\n\tprogram = ${scene.program}\n`,
      );
    },
    asked: () => [
      ['log', '--format=%G? %GS'],
      ['show', '--format=%GK'],
    ],
    expected: 'harmless',
    alone: ['log', '--format=%G?'],
  },
  {
    what: 'commit.gpgSign with a program to sign with',
    set: settings(
      ({ program }) =>
        `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${program}\n[user]\n\tsigningKey = x\n`,
    ),
    asked: () => [
      ['git_commit', { message: 'x', all: true }],
      ['git_stash', { action: 'push' }],
    ],
    expected: 'harmless',
    alone: ['commit', '--allow-empty', '-m', 'x'],
  },
  {
    what: 'gpg.ssh.defaultKeyCommand',
    set: settings(
      ({ program }) =>
        `[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n[gpg "ssh"]\n\tdefaultKeyCommand = ${program}\n`,
    ),
    asked: () => [['git_commit', { message: 'x', all: true }]],
    expected: 'harmless',
    alone: ['commit', '--allow-empty', '-m', 'x'],
  },
  {
    what: 'an alias with the name of a subcommand',
    set: settings(({ program }) => `[alias]\n\tstatus = !${program}\n\tdescribe = !${program}\n`),
    asked: () => looks,
    expected: 'harmless',
  },
  {
    what: 'an alias that is a shell command',
    set: settings(({ program }) => `[alias]\n\tx = !${program}\n`),
    asked: () => [['x']],
    expected: notAllowed,
    alone: ['x'],
  },
  {
    what: 'include.path to a config outside',
    set: async (scene) => {
      await writeFile(
        path.join(scene.outside, 'config'),
        `[core]\n\tfsmonitor = ${scene.program}\n[filter "own"]\n\tclean = ${scene.program}\n`,
      );
      await withAttributes(scene, '* filter=own\n', `[include]\n\tpath = ${scene.outside}/config\n`);
      await mkdir(path.join(scene.root, 'sub'));
    },
    asked: () => [...looks, ['-in', 'sub', 'status']],
    expected: /^outsideWorkspace: .*config includes/,
    alone: ['status'],
  },
  ...['include.path', 'includeIf.gitdir:/.path', 'includeIf.onbranch:main.path'].map((key) => ({
    what: `I1: ${key} to a file outside that is no config`,
    set: async (scene: Scene) => {
      await mkdir(path.join(scene.root, 'sub'));
      plainGit(scene.root, 'config', key, `../../${path.basename(scene.outside)}/secret.txt`);
    },
    asked: () => [...looks, ['remote', '-v'], ['config', '--list'], ['-in', 'sub', 'log']] as Args[],
    expected: /^outsideWorkspace: .*config includes .*secret\.txt, which is outside the workspace/,
  })),
  {
    what: 'I1: a config of the working tree that names one outside in turn',
    set: async (scene) => {
      await mkdir(path.join(scene.root, 'sub'));
      await scene.write('more', `[include]\n\tpath = sub/further\n`);
      await scene.write(
        'sub/further',
        `[include]\n\tpath = ../../${path.basename(scene.outside)}/secret.txt\n`,
      );
      await scene.config('[include]\n\tpath = ../more\n');
    },
    asked: () => [...looks, ...changes],
    expected: /^outsideWorkspace: .*secret\.txt/,
  },
  {
    what: 'I1: a link in the working tree that leads to a config outside, and the home folder',
    set: async (scene) => {
      await symlink(path.join(scene.outside, 'secret.txt'), path.join(scene.root, 'linked'));
      await scene.config('[include]\n\tpath = ../linked\n[include]\n\tpath = ~/other\n');
    },
    asked: () => [...looks, ['remote', '-v']],
    expected: /^outsideWorkspace: .*config includes/,
  },
  {
    what: 'I1: commit.template outside',
    set: settings(({ outside }) => `[commit]\n\ttemplate = ${outside}/secret.txt\n\tverbose = 2\n`),
    asked: () => [...looks, ['status', '-s'], ...changes],
    expected: 'harmless',
  },
  {
    what: 'I1: a token in the addresses that the person’s own config puts in place of others',
    set: async (scene) => {
      const own = path.join(process.env.HOME ?? '', '.gitconfig');
      await appendFile(own, `[url "https://me:${secret}@x.invalid/"]\n\tinsteadOf = near:\n`);
      await scene.config('[remote "origin"]\n\turl = near:a\n\tpushurl = near:b\n');
    },
    asked: () => [
      ['remote', '-v'],
      ['remote', 'get-url', 'origin'],
      ['remote', 'get-url', '--all', '--push', 'origin'],
    ],
    expected: /https:\/\/\[hidden\]@x\.invalid\/[ab]/,
  },
  ...[
    `[remote "origin"]\n\turl = https://${secret}@x.invalid/a\n`,
    `[remote "origin"]\n\turl = https://me:p@${secret}@x.invalid/a\n`,
    `[remote "origin"]\n\turl = ssh://git:${secret}@x.invalid/a\n`,
    `[remote "origin"]\n\turl = https://x.invalid/a?private_token=${secret}&x=1\n`,
    `[http "https://x.invalid/"]\n\textraHeader = AUTHORIZATION: basic ${secret}\n`,
    `[url "https://${secret}@x.invalid/"]\n\tinsteadOf = near:\n`,
  ].map((config): Row => ({
    what: `I1: what signs in, in ${config.replaceAll(/\s+/g, ' ').replaceAll(secret, '…')}`,
    set: (scene) => scene.config(config),
    asked: () => [
      ['config', '--list'],
      ['config', '--get-regexp', '.*'],
    ],
    expected: /\[hidden\]/,
  })),
  {
    what: 'includeIf to a config in the working tree',
    set: async (scene) => {
      await scene.write(
        'more',
        `[diff]\n\texternal = ${scene.program}\n[filter "own"]\n\tclean = ${scene.program}\n`,
      );
      await withAttributes(scene, '* filter=own\n', '[includeIf "onbranch:main"]\n\tpath = ../more\n');
    },
    asked: () => looks,
    expected: 'harmless',
    alone: ['diff'],
  },
  {
    what: 'extensions.worktreeConfig',
    set: async (scene) => {
      await withAttributes(scene, '* filter=own\n', '[extensions]\n\tworktreeConfig = true\n');
      await scene.write(
        '.git/config.worktree',
        `[core]\n\tfsmonitor = ${scene.program}\n[filter "own"]\n\tclean = ${scene.program}\n`,
      );
    },
    asked: () => looks,
    expected: 'harmless',
    alone: ['status'],
  },
  {
    what: 'merge.<driver>.driver',
    set: async (scene) => {
      await scene.write('a.txt', 'mine\n');
      plainGit(scene.root, 'stash', 'push', '-q');
      await scene.write('.gitattributes', '* merge=own\n');
      await scene.write('a.txt', 'theirs\n');
      plainGit(scene.root, 'commit', '-q', '-a', '-m', 'theirs');
      await scene.config(`[merge "own"]\n\tdriver = ${scene.program}\n`);
    },
    asked: () => [
      ['git_stash', { action: 'apply' }],
      ['git_stash', { action: 'pop' }],
    ],
    expected: /^refused: .*a merge driver \(own\)/,
    alone: ['stash', 'apply'],
  },
  {
    what: 'interactive.diffFilter, trailer.<key>.command, column.ui, core.askPass, credential.helper',
    set: settings(
      ({ program: p }) =>
        `[interactive]\n\tdiffFilter = ${p}\n[trailer "x"]\n\tcommand = ${p}\n\tcmd = ${p}\n[column]\n\tui = always\n[core]\n\taskPass = ${p}\n[credential]\n\thelper = !${p}\n`,
    ),
    asked: () => [...looks, ['log', '--format=%(trailers)'], ['branch', '-a'], ...changes],
    expected: 'harmless',
  },
  {
    what: 'core.alternateRefsCommand',
    set: settings(({ program }) => `[core]\n\talternateRefsCommand = ${program}\n`),
    asked: () => [
      ['rev-list', '--all'],
      ['log', '--all'],
    ],
    expected: 'harmless',
  },
  {
    what: 'gc.auto, which would start programs in the background',
    set: async (scene) => {
      await withHooks(path.join(scene.root, '.git/hooks'), scene);
      await scene.config(`[gc]\n\tauto = 1\n\tautoDetach = false\n\trecentObjectsHook = ${scene.program}\n`);
    },
    asked: () => changes,
    expected: 'harmless',
  },
];

const transports: readonly (readonly [what: string, remote: (scene: Scene) => string])[] = [
  [
    'ext:: as the url, allowed by the config',
    ({ program }) => `\turl = ext::${program}\n[protocol "ext"]\n\tallow = always`,
  ],
  ['core.sshCommand', ({ program }) => `\turl = ssh://localhost/x\n[core]\n\tsshCommand = ${program}`],
  ['core.gitProxy', ({ program }) => `\turl = git://localhost/x\n[core]\n\tgitProxy = ${program}`],
  ['uploadpack of the remote', ({ root, program }) => `\turl = ${root}\n\tuploadpack = ${program}`],
  ['uploadpack over file://', ({ root, program }) => `\turl = file://${root}\n\tuploadpack = ${program}`],
  ['a helper for another version control', ({ program }) => `\turl = ${program}\n\tvcs = ext`],
  [
    'url.<base>.insteadOf',
    ({ program }) =>
      `\turl = https://x/\n[url "ext::${program} "]\n\tinsteadOf = https://x/\n[protocol]\n\tallow = always`,
  ],
];

const ofTransport = transports.map(([what, rest]): Row => ({
  what: `a missing object is not fetched: ${what}`,
  set: promisor(rest),
  asked: () => [
    ['cat-file', '-p', missing],
    ['show', missing],
    ['log', missing],
    ['rev-list', '--objects', missing],
  ],
  expected: 'harmless',
  ...(!['core.gitProxy', 'a helper for another version control'].includes(what) && {
    alone: ['cat-file', '-p', missing],
  }),
}));

playRows([...ofConfig, ...ofTransport]);
