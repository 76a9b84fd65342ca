import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configListing, readConfigListing } from '../../../src/safety/gitConfig.ts';
import {
  gitArguments,
  gitEnvironment,
  hardenedArguments,
  planGit,
} from '../../../src/safety/gitHardening.ts';

const refused = [
  [],
  ['commit', '-m', 'x'],
  ['push'],
  ['fetch'],
  ['checkout', 'main'],
  ['constructor'],
  ['-c', 'alias.x=!sh', 'x'],
  ['-C', '/', 'status'],
  ['--git-dir=/x', 'log'],
  ['--exec-path=/x', 'status'],
  ['status', '-v'],
  ['status', '-svv'],
  ['status', '--verb'],
  ['diff', '--output=/x'],
  ['diff', '--outp', '/x'],
  ['log', '-p', '--output', '/x'],
  ['show', '--ext-diff'],
  ['log', '-p', '--textconv'],
  ['log', '--textc'],
  ['diff', '--no-index', 'a', 'b'],
  ['diff', '/etc/passwd', 'a'],
  ['diff', 'a', '../../etc/passwd'],
  ['diff', '--', 'C:\\secret', 'a'],
  ['diff', '--submodule=diff'],
  ['diff', '--ignore-submodules=none'],
  ['log', '--remerge-diff'],
  ['log', '--diff-merges=remerge'],
  ['log', '--show-signature'],
  ['rev-list', '--all', '--alternate-refs'],
  ['grep', '-O', 'x'],
  ['grep', '-Oless', 'x'],
  ['grep', '-nOvi', 'x'],
  ['grep', '--open-files-in-pager=vi', 'x'],
  ['grep', '--no-index', 'x', '/etc'],
  ['grep', '-f', '/etc/passwd'],
  ['grep', '--recurse-submodules', 'x'],
  ['blame', '--contents', '/etc/passwd', 'a'],
  ['blame', '-S', '/etc/passwd', 'a'],
  ['cat-file', '--textconv', 'HEAD:a'],
  ['cat-file', '--filters', 'HEAD:a'],
  ['branch', '-D', 'x'],
  ['branch', '--edit-description'],
  ['branch', '-u', 'origin/x'],
  ['tag', '-d', 'x'],
  ['tag', '-v', 'x'],
  ['remote', 'add', 'x', 'y'],
  ['remote', 'update'],
  ['remote', 'show', 'origin'],
  ['worktree', 'add', 'x'],
  ['worktree'],
  ['stash'],
  ['stash', 'drop'],
  ['stash', '-p', 'list'],
  ['reflog', 'expire', '--all'],
  ['config', 'user.name', 'x'],
  ['config', '--unset', 'user.name'],
  ['config', 'set', 'a.b', 'c'],
  ['config', 'edit'],
  ['config', '--file', '/etc/passwd', '--list'],
  ['log', 'a\0b'],
];

test('what could write, run a program or read elsewhere is refused, with what to do instead', () => {
  for (const args of refused) {
    const planned = planGit(args);
    assert.ok(!planned.ok, args.join(' '));
    assert.equal(planned.error.kind, 'refused');
    assert.ok(planned.error.message.length > 20);
  }
});

const arranged: readonly [args: string, subcommand: string][] = [
  ['status --short', 'status --ignore-submodules=dirty --short'],
  ['diff HEAD~1 -- a', 'diff --no-ext-diff --no-textconv --ignore-submodules=dirty HEAD~1 -- a'],
  ['diff --text main...x', 'diff --no-ext-diff --no-textconv --ignore-submodules=dirty --text main...x'],
  ['log -p --follow a', 'log --no-ext-diff --no-textconv -p --follow a'],
  ['log -- --output', 'log --no-ext-diff --no-textconv -- --output'],
  ['grep -n -eOf x', 'grep --no-textconv -n -eOf x'],
  ['blame -L1,2 a', 'blame --no-textconv -L1,2 a'],
  ['rev-parse --git-dir', 'rev-parse --git-dir'],
  ['branch', 'branch --list'],
  ['branch -vv --all', 'branch --list -vv --all'],
  ['branch --show-current', 'branch --show-current'],
  ['tag -n3 --sort=-creatordate v*', 'tag --list -n3 --sort=-creatordate v*'],
  ['remote -v', 'remote -v'],
  ['remote get-url origin', 'remote get-url origin'],
  ['worktree list --porcelain', 'worktree list --porcelain'],
  ['stash list -p', 'stash list --no-ext-diff --no-textconv -p'],
  ['reflog show main', 'reflog show --no-ext-diff --no-textconv main'],
  ['reflog', 'reflog show --no-ext-diff --no-textconv'],
  ['reflog -n 2', 'reflog show --no-ext-diff --no-textconv -n 2'],
  ['reflog --all expire', 'reflog show --no-ext-diff --no-textconv --all expire'],
  ['diff-index HEAD', 'diff-index --no-ext-diff --no-textconv --ignore-submodules=dirty HEAD'],
  ['diff-files', 'diff-files --no-ext-diff --no-textconv --ignore-submodules=dirty'],
  ['cherry -v main', 'cherry -v main'],
  ['range-diff a b c', 'range-diff --no-ext-diff --no-textconv a b c'],
  ['symbolic-ref HEAD', 'symbolic-ref HEAD'],
  ['submodule', 'submodule status'],
  ['submodule --cached', 'submodule status --cached'],
  ['submodule status --recursive', 'submodule status --recursive'],
  ['check-attr filter -- a', 'check-attr filter -- a'],
  ['tag --sort -v:refname', 'tag --list --sort=-v:refname'],
  ['tag --format %(refname) --contains -d v*', 'tag --list --format=%(refname) --contains=-d v*'],
  ['branch --sort -committerdate -a', 'branch --list --sort=-committerdate -a'],
  ['branch --merged main', 'branch --list --merged=main'],
  ['branch --no-merged', 'branch --list --no-merged'],
  ['notes', 'notes list'],
  ['notes show HEAD', 'notes show HEAD'],
  ['config get user.name', 'config --local --get user.name'],
  ['config list', 'config --local --list'],
  ['config --type bool --get core.bare', 'config --local --type=bool --get core.bare'],
  ['config --get user.name', 'config --local --get user.name'],
  ['config user.name', 'config --local user.name'],
  ['shortlog -sn', 'shortlog -sn HEAD'],
];

test('K14 14c: reading is allowed, and gets the options that keep programs from running', () => {
  for (const [args, subcommand] of arranged) {
    const planned = planGit(args.split(' '));
    assert.ok(planned.ok, args);
    assert.equal(planned.plan.subcommand.join(' '), subcommand);
  }
});

const refusals: readonly [args: string, message: RegExp][] = [
  ['push', /^git push is not allowed here: it reaches other machines/],
  ['ls-remote', /reaches other machines.*"branch", "--remotes"/],
  ['difftool', /starts other programs/],
  ['verify-commit HEAD', /starts other programs.*cat-file/],
  ['checkout main', /can change the repository.*Use git_switch/],
  ['commit -m x', /can change the repository.*Use git_commit/],
  ['rebase main', /can change the repository or files.*terminal/],
  ['frobnicate', /this tool does not know it\. Allowed: .*status.*terminal/],
  ['--exec-path=/x log', /must be a subcommand.*only -C and --no-pager/],
  ['stash drop', /runs only list and show.*git_stash/],
  ['reflog expire', /runs only show/],
  ['submodule update', /runs only status/],
  ['tag -d x', /-d is not allowed here: the option is on no list of options that only read/],
  ['log --output=x', /the option writes a file/],
  ['diff --ext-diff', /the option starts a program that the repository can name/],
  ['grep -nOvi x', /the option starts a program/],
  ['log -O x', /files outside of the workspace/],
  ['diff --no-index a b', /files outside of the workspace/],
  ['status -v', /the option shows a diff through programs.*\["diff"\]/],
  ['diff --submodule=log', /looks into submodules/],
];

test('K14: a refusal gives the reason that is the reason, and what to do instead', () => {
  for (const [args, message] of refusals) {
    const planned = planGit(args.split(' '));
    assert.ok(!planned.ok, args);
    assert.match(planned.error.message, message, args);
  }
});

test('the filters that a repository configures are blanked by name, the user’s own are not', () => {
  const listing =
    'global\0filter.lfs.clean\nx\0local\0core.bare\0local\0filter.a b.clean\nx\ny\0local\0filter.a b.process\0';
  const { isRepository, filters } = readConfigListing(listing);
  assert.equal(isRepository, true);
  assert.deepEqual(filters, ['a b']);
  const whole = gitArguments({ subcommand: ['status'], paths: [] }, { filters, files: [] });
  assert.ok(whole.ok);
  const blanked = whole.args.filter((arg) => arg.startsWith('filter.'));
  assert.deepEqual(blanked, [
    'filter.a b.clean=',
    'filter.a b.smudge=',
    'filter.a b.process=',
    'filter.a b.required=false',
  ]);
  assert.equal(whole.args.at(-1), 'status');
});

test('hooks that the config itself names are switched off by name, for gits that run those', () => {
  const { hooks } = readConfigListing(
    'local\0hook.a b.event\npre-commit\0local\0hook.a b.command\nx\0global\0hook.own.command\ny\0',
  );
  assert.deepEqual(hooks, ['a b']);
  const whole = gitArguments({ subcommand: ['status'], paths: [] }, { filters: [], hooks, files: [] });
  assert.ok(whole.ok && whole.args.includes('hook.a b.enabled=false'));
});

test('merge drivers that the config names are told', () => {
  const { mergeDrivers } = readConfigListing('local\0merge.own.driver\nx\0global\0merge.mine.driver\nx\0');
  assert.deepEqual(mergeDrivers, ['own']);
});

test('a folder without config of its own is in no repository', () => {
  assert.equal(readConfigListing('global\0core.editor\nvi\0').isRepository, false);
  assert.equal(readConfigListing('').isRepository, false);
});

test('a filter whose name would break out of its setting stops the command', () => {
  const whole = gitArguments({ subcommand: ['status'], paths: [] }, { filters: ['a=b'], files: [] });
  assert.ok(!whole.ok);
  assert.equal(whole.error.kind, 'refused');
});

// Some of these stop what another one stops as well, so only the list itself shows that one is gone.
const switchedOff = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.alternateRefsCommand=false',
  'safe.bareRepository=explicit',
  'gpg.program=false',
  'gpg.openpgp.program=false',
  'gpg.x509.program=false',
  'gpg.ssh.program=false',
  'log.showSignature=false',
  'log.diffMerges=separate',
  'diff.submodule=short',
  'diff.orderFile=/dev/null',
  'status.submoduleSummary=false',
  'submodule.recurse=false',
  'grep.fallbackToNoIndex=false',
];

test('every git command, also those that look before, has the settings that keep programs from running', () => {
  const whole = gitArguments({ subcommand: ['status'], paths: [] }, { filters: [], files: [] });
  assert.ok(whole.ok);
  for (const args of [whole.args, configListing, hardenedArguments(['rev-parse'])]) {
    const subcommand = args.findIndex((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-c');
    const settings = args.slice(0, subcommand).filter((_, at) => args[at - 1] === '-c');
    assert.deepEqual(
      switchedOff.filter((setting) => !settings.includes(setting)),
      [],
    );
    assert.deepEqual(args.slice(0, 2), ['--no-pager', '--no-optional-locks']);
  }
});

test('the environment of git lets it neither fetch nor ask, and nothing of the caller’s lead it', () => {
  const { withoutEnv, env } = gitEnvironment;
  assert.deepEqual(
    [withoutEnv, env],
    [
      ['GIT_*', 'SSH_ASKPASS', 'PAGER'],
      {
        GIT_TERMINAL_PROMPT: '0',
        GIT_PAGER: 'cat',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_NO_LAZY_FETCH: '1',
        GIT_ALLOW_PROTOCOL: 'none',
      },
    ],
  );
});

test('an outside file of revisions to ignore stops blame alone', () => {
  const off = { filters: [], files: ['blame.ignorerevsfile', 'mailmap.file'] };
  const blame = gitArguments({ subcommand: ['blame', 'a'], paths: [] }, off);
  assert.ok(!blame.ok);
  assert.match(blame.error.message, /blame\.ignorerevsfile .* outside the workspace/);
  const log = gitArguments({ subcommand: ['log'], paths: [] }, off);
  assert.ok(log.ok && log.args.includes('mailmap.file='));
});
