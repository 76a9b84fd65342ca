import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfigListing } from '../../../src/safety/gitConfig.ts';
import { gitArguments, planGit } from '../../../src/safety/gitHardening.ts';

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
  ['config --get user.name', 'config --local --get user.name'],
  ['config user.name', 'config --local user.name'],
  ['shortlog -sn', 'shortlog -sn HEAD'],
];

test('reading is allowed, and gets the options that keep programs from running', () => {
  for (const [args, subcommand] of arranged) {
    const planned = planGit(args.split(' '));
    assert.ok(planned.ok, args);
    assert.equal(planned.plan.subcommand.join(' '), subcommand);
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

test('a folder without config of its own is in no repository', () => {
  assert.equal(readConfigListing('global\0core.editor\nvi\0').isRepository, false);
  assert.equal(readConfigListing('').isRepository, false);
});

test('a filter whose name would break out of its setting stops the command', () => {
  const whole = gitArguments({ subcommand: ['status'], paths: [] }, { filters: ['a=b'], files: [] });
  assert.ok(!whole.ok);
  assert.equal(whole.error.kind, 'refused');
});
