import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { makeRepository, plainGit, withHome } from '../tools/gitBench.ts';
import { toolBench, type ToolBench } from '../tools/toolBench.ts';

const secret = 'SECRET-OF-ANOTHER-FOLDER';
const missing = '0123456789012345678901234567890123456789';

/** Where a row plays. `program` leaves a mark when it runs. */
interface Scene {
  readonly bench: ToolBench;
  readonly root: string;
  /** A folder outside the workspace that holds a secret; nothing may be written there. */
  readonly outside: string;
  readonly program: string;
  /** Puts the settings at the end of the repository's config. */
  config(text: string): Promise<void>;
  write(name: string, text: string): Promise<void>;
}

type Args =
  readonly string[] | readonly [tool: 'git_add' | 'git_commit' | 'git_switch' | 'git_stash', input: object];

/** `harmless`: it may answer or fail, but nothing is run, written or shown that lies outside. A pattern: it is refused, and says so. */
type Expected = 'harmless' | RegExp;

interface Row {
  readonly what: string;
  readonly set?: (scene: Scene) => Promise<unknown>;
  readonly asked: (scene: Scene) => readonly Args[];
  readonly expected: Expected;
  /** What git by itself would do with it, so that the row can fail. */
  readonly alone?: readonly string[];
}

const notAllowed = /^refused: .*(not allowed here|must be a subcommand)/;

function settings(text: (scene: Scene) => string): (scene: Scene) => Promise<void> {
  return (scene) => scene.config(text(scene));
}

type RefusedArguments = readonly [args: string, expected?: RegExp];

async function withAttributes(scene: Scene, attributes: string, config: string): Promise<void> {
  await scene.write('.gitattributes', attributes);
  await scene.config(config);
  // As long as before, so that git must look into it.
  await scene.write('a.txt', 'two\n');
}

async function withHooks(folder: string, { program }: Scene): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = [
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'post-checkout',
    'post-index-change',
  ];
  for (const name of [...names, 'reference-transaction', 'post-rewrite', 'pre-auto-gc'])
    await cp(program, path.join(folder, name));
}

/** A repository that lacks an object, which it would fetch over what its config says. */
function promisor(rest: (scene: Scene) => string): (scene: Scene) => Promise<void> {
  return settings(
    (scene) =>
      `[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n${rest(scene)}\n`,
  );
}

async function withSubmodule(scene: Scene): Promise<void> {
  const sub = path.join(scene.root, 'sub');
  await mkdir(sub);
  await makeRepository(sub);
  await writeFile(path.join(sub, '.gitattributes'), '* filter=own\n');
  plainGit(scene.root, 'add', 'sub', 'a.txt');
  plainGit(scene.root, 'commit', '-q', '-m', 'with a submodule');
  await appendFile(path.join(sub, '.git/config'), `[filter "own"]\n\tclean = ${scene.program}\n`);
  await writeFile(path.join(sub, 'a.txt'), 'two\n');
}

/** A link in the place of a file. */
async function link(to: string, file: string): Promise<void> {
  await rm(file, { force: true });
  await symlink(to, file);
}

async function signed({ root, outside }: Scene): Promise<void> {
  const commit = plainGit(root, 'cat-file', 'commit', 'HEAD').replace(
    '\n\n',
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
  );
  const file = path.join(outside, '..', `commit-${path.basename(outside)}`);
  await writeFile(file, commit);
  const id = plainGit(root, 'hash-object', '-t', 'commit', '-w', file).trim();
  await rm(file);
  plainGit(root, 'update-ref', 'refs/heads/main', id);
}

async function withEnvironment(t: TestContext, variables: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(variables)) {
    const had = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (had === undefined) delete process.env[name];
      else process.env[name] = had;
    });
  }
  await Promise.resolve();
}

const looks: readonly Args[] = [
  ['status'],
  ['diff', 'HEAD'],
  ['log', '-p', '-1'],
  ['describe', '--always', '--dirty'],
];
const changes: readonly Args[] = [
  ['git_add', { paths: ['.'] }],
  ['git_commit', { message: 'x\n\nSigned-off-by: x', all: true }],
  ['git_switch', { branch: 'new', create: true }],
  ['git_stash', { action: 'push', includeUntracked: true }],
  ['git_stash', { action: 'pop' }],
];

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
    set: (scene) => withAttributes(scene, '* filter=own\n', `[filter "own"]\n\tsmudge = ${scene.program}\n`),
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
    },
    asked: () => looks,
    expected: 'harmless',
    alone: ['status'],
  },
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
    expected: /^refused: .*logs\/refs\/heads\/main leads to/,
    alone: ['commit', '--allow-empty', '-m', 'x'],
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
const refusedArguments: readonly RefusedArguments[] = [
  ['--exec-path=$O status'],
  ['-c core.pager=$P log'],
  ['--config-env=core.pager=HOME log'],
  ['--git-dir=$O/repository/.git log'],
  ['--work-tree=$O status'],
  ['-C $O/repository log'],
  ['-p log'],
  ['--paginate log'],
  ['--namespace=x log'],
  ['diff --output=$O/new'],
  ['log -p --outp $O/new'],
  ['log --decorate-refs -- --output=$O/new'],
  ['show --decorate-refs-exclude -- --output=$O/new'],
  ['log -L -- --output=$O/new'],
  ['reflog show --decorate-refs -- --output=$O/new'],
  ['ls-files -x -- -X $O/secret.txt'],
  ['diff --ext-diff'],
  ['log -p --textconv'],
  ['show --textc'],
  ['show --show-signature'],
  ['grep -O$P two'],
  ['grep -nO$P two'],
  ['grep --open-files-in-pager=$P two'],
  ['grep --open=$P two'],
  ['grep -f $O/secret.txt'],
  ['grep -nf$O/secret.txt'],
  ['grep --no-index SECRET $O'],
  ['blame --contents $O/secret.txt a.txt'],
  ['blame --cont=$O/secret.txt a.txt'],
  ['blame -S $O/secret.txt a.txt'],
  ['blame -wS$O/secret.txt a.txt'],
  ['blame --ignore-revs-file=$O/secret.txt a.txt'],
  ['ls-files -X $O/secret.txt -o -i'],
  ['ls-files --exclude-per-directory=../secret.txt -o -i'],
  ['diff -O/dev/zero'],
  ['log -p -O/dev/zero'],
  ['log -pO/dev/zero'],
  ['diff -DO/dev/zero HEAD'],
  ['shortlog -nO/dev/zero HEAD'],
  ['rev-list -O/dev/zero HEAD'],
  ['diff --no-index $O/secret.txt a.txt'],
  ['diff $O/secret.txt a.txt', /^refused: git diff takes paths relative/],
  ['diff a.txt ../x/secret.txt', /^refused: git diff takes paths relative/],
  ['cat-file --textconv HEAD:a.txt'],
  ['cat-file --filters HEAD:a.txt'],
  ['config --file $O/config --list'],
  ['config --global --list'],
  ['config core.pager $P', /^refused: .*could change something/],
  ['branch --edit-description'],
  ['branch -D other'],
  ['tag -v x'],
  ['remote update', /^refused: .*could change something/],
  ['remote show origin', /^refused: .*could change something/],
  ['worktree add $O/new'],
  ['stash drop'],
  ['reflog expire --all'],
  ['status -v'],
  ['status --ignore-submodules=none'],
  ['log --recurse-submodules'],
  ['log --remerge-diff'],
  ...[
    ...[
      'ls-remote --upload-pack=$P .',
      'fetch --upload-pack=$P .',
      'clone ext::$P x',
      'pull',
      'push --receive-pack=$P .',
    ],
    ...[
      'archive --output=$O/new HEAD',
      'archive --remote=. --exec=$P HEAD',
      'bundle create $O/new HEAD',
      'apply $O/secret.txt',
    ],
    ...[
      'submodule foreach $P',
      'bisect run $P',
      'difftool -x $P',
      'mergetool',
      'rebase -x $P HEAD',
      'filter-branch --tree-filter $P',
    ],
    ...[
      'help log',
      'instaweb',
      'send-email',
      'daemon',
      'upload-pack .',
      'credential fill',
      'hook run pre-commit',
      'maintenance run',
    ],
    ...[
      'checkout -- .',
      'clean -fdx',
      'reset --hard',
      'update-index --refresh',
      'hash-object -w $O/secret.txt',
      'var GIT_EDITOR',
    ],
  ].map((args) => [args] as const),
];

const ofArguments: readonly Row[] = [
  {
    what: 'revisions that look odd are revisions',
    asked: () => [
      ['log', '@{upstream}'],
      ['show', '@{-1}'],
      ['log', ':/first'],
      ['rev-parse', '--git-path', 'hooks'],
      ['show', 'HEAD:../x'],
      ['log', '--end-of-options', '--output=x'],
    ],
    expected: 'harmless',
  },
  {
    what: 'pathspecs in git_add are names',
    asked: () => [
      ['git_add', { paths: ['--pathspec-from-file=/etc/passwd', ':(top)*', ':!a.txt', '-f', '--chmod=+x'] }],
    ],
    expected: /^exitCode: .*did not match/,
  },
  {
    what: 'paths outside in git_add',
    asked: ({ outside }) => [
      ['git_add', { paths: [`${outside}/secret.txt`] }],
      ['git_add', { paths: ['../x'] }],
    ],
    expected: /^outsideWorkspace: /,
  },
];

const rows = [...ofConfig, ...ofTransport, ...ofPlaces, ...ofArguments];

let template: { readonly root: string; readonly outside: string };

before(async (t) => {
  const root = await temporaryFolder(t as TestContext);
  await makeRepository(root);
  plainGit(root, 'branch', 'other');
  const outside = await temporaryFolder(t as TestContext);
  await writeFile(path.join(outside, 'secret.txt'), `${secret}\n`);
  await mkdir(path.join(outside, 'repository'));
  await makeRepository(path.join(outside, 'repository'));
  await writeFile(path.join(outside, 'repository/secret.txt'), `${secret}\n`);
  plainGit(path.join(outside, 'repository'), 'add', '.');
  plainGit(path.join(outside, 'repository'), 'commit', '-q', '-m', secret);
  template = { root, outside };
});

async function play(t: TestContext): Promise<Scene & { readonly ran: () => Promise<readonly string[]> }> {
  await withHome(t);
  const bench = await toolBench(t);
  const marks = await temporaryFolder(t);
  const outside = await temporaryFolder(t);
  await cp(template.root, bench.root, { recursive: true });
  await cp(template.outside, outside, { recursive: true });
  const program = path.join(await temporaryFolder(t), 'program');
  await writeFile(program, `#!/bin/sh\ntouch '${marks}/ran'\ncat >/dev/null 2>&1 </dev/null\nexit 1\n`);
  await chmod(program, 0o755);
  const { root } = bench;
  await writeFile(path.join(root, 'a.txt'), 'two\n');
  return {
    ...{ bench, root, outside, program },
    config: (text) => appendFile(path.join(root, '.git/config'), text),
    write: (name, text) => writeFile(path.join(root, name), text),
    ran: () => readdir(marks),
  };
}

async function told({ bench, root }: Scene, asked: Args): Promise<string> {
  const [first, second] = asked;
  if (typeof second === 'object') return bench.text(first, second);
  const [, folder = '', ...rest] = asked as readonly string[];
  if (first !== '-in') return bench.text('git', { args: asked });
  return bench.text('git', { args: rest }, { cwd: path.join(root, folder), roots: [root] });
}

/** Everything in a folder with what stands in it, to see whether anything was written. */
async function contentOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = names.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  const texts = await Promise.allSettled(files.map((file) => readFile(file, 'latin1')));
  return JSON.stringify(files.map((file, at) => [file, texts[at]]));
}

for (const row of rows)
  test(`hostile git: ${row.what}`, { timeout: 90_000 }, async (t) => {
    const scene = await play(t);
    const { root, outside } = scene;
    await row.set?.(scene);
    if (row.what.endsWith('on PATH'))
      await withEnvironment(t, {
        PATH: [`${root}/node_modules/.bin`, '.', 'bin', `${root}/bin`, process.env.PATH].join(path.delimiter),
      });
    const before = await contentOf(outside);
    for (const asked of row.asked(scene)) {
      const text = await told(scene, asked);
      const name = `${JSON.stringify(asked)}: ${text}`;
      if (row.expected !== 'harmless') assert.match(text, row.expected, name);
      const quoted = text.replaceAll(`${outside}/secret.txt`, '');
      assert.ok(!quoted.includes(secret), name);
      assert.deepEqual(await scene.ran(), [], name);
    }
    assert.equal(await contentOf(outside), before);
    if (row.alone === undefined) return;
    try {
      execFileSync('git', [...row.alone], {
        ...{ cwd: root, stdio: 'ignore', timeout: 20_000 },
        env: { ...process.env, ...identity, GIT_TERMINAL_PROMPT: '0' },
      });
    } catch {
      // What the program answers is nonsense to git; that it ran is what counts.
    }
    const isShown = (await scene.ran()).length > 0 || (await contentOf(outside)) !== before;
    assert.ok(isShown, 'git alone does it, so that the row can fail');
  });

test('hostile git: arguments that are refused', async (t) => {
  const scene = await play(t);
  const { outside, program } = scene;
  const before = await contentOf(outside);
  for (const [args, expected = notAllowed] of refusedArguments) {
    const words = args.split(' ').map((word) => word.replace('$O', outside).replace('$P', program));
    assert.match(await told(scene, words), expected, args);
    assert.deepEqual(await scene.ran(), [], args);
  }
  assert.equal(await contentOf(outside), before);
});

const identity = {
  ...{ GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.invalid' },
  ...{ GIT_COMMITTER_NAME: 'Test', GIT_COMMITTER_EMAIL: 'test@example.invalid' },
};

test('hostile git: variables of git in the environment', async (t) => {
  const scene = await play(t);
  const { program, outside } = scene;
  await withEnvironment(t, {
    ...{
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
      PAGER: program,
      GIT_EDITOR: program,
      EDITOR: program,
    },
    ...{
      GIT_SSH_COMMAND: program,
      GIT_SSH: program,
      GIT_ASKPASS: program,
      SSH_ASKPASS: program,
      GIT_PROXY_COMMAND: program,
    },
    ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: program },
    ...{
      GIT_CONFIG_PARAMETERS: `'diff.external=${program}'`,
      GIT_EXEC_PATH: outside,
      GIT_TEMPLATE_DIR: outside,
    },
    ...{ GIT_DIR: `${outside}/repository/.git`, GIT_WORK_TREE: outside, GIT_INDEX_FILE: `${outside}/index` },
    ...{ GIT_OBJECT_DIRECTORY: outside, GIT_TRACE: `${outside}/trace`, GIT_SEQUENCE_EDITOR: program },
  });
  const before = await contentOf(outside);
  for (const asked of [...looks, ...changes]) {
    const text = await told(scene, asked);
    assert.match(text, /^(exit 0|no output|exitCode: exit 1: error: stash@)/, JSON.stringify(asked));
    assert.ok(!text.includes(secret));
  }
  assert.deepEqual(await scene.ran(), []);
  assert.equal(await contentOf(outside), before);
});

test('hostile git: there are more than forty rows', () => {
  assert.ok(rows.length > 40 && refusedArguments.length > 40);
});
