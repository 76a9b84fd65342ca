import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { plainGit, repositoryBench } from './gitBench.ts';
import type { ToolBench } from './toolBench.ts';

const timeout = 30_000;

/** The variables of a person who works in a terminal. */
async function inTerminal(t: TestContext): Promise<void> {
  const outside = await temporaryFolder(t);
  // Each of these would wait until the deadline of the test.
  const editor = 'sleep 600 #';
  const set: Readonly<Record<string, string>> = {
    ...{
      TERM: 'xterm-256color',
      EDITOR: editor,
      VISUAL: editor,
      GIT_EDITOR: editor,
      GIT_SEQUENCE_EDITOR: editor,
    },
    ...{ HGEDITOR: editor, SVN_EDITOR: editor, KUBE_EDITOR: editor, GH_EDITOR: editor, SUDO_EDITOR: editor },
    ...{ PAGER: editor, GIT_PAGER: editor, GH_PAGER: editor, MANPAGER: editor },
    ...{ GPG_TTY: '/dev/pts/0', TMPDIR: outside },
  };
  for (const [name, value] of Object.entries(set)) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

function gitHas(bench: ToolBench, name: string): boolean {
  return existsSync(path.join(bench.root, '.git', name));
}

async function twoCommits(t: TestContext): Promise<ToolBench> {
  const bench = await repositoryBench(t);
  plainGit(bench.root, 'commit', '-q', '--allow-empty', '-m', 'second');
  await inTerminal(t);
  return bench;
}

test('K8: a commit without a message fails at once and says to give one', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  const text = await bench.text('terminal', { command: 'git commit --allow-empty' });
  assert.match(text, /^exitCode: exit 1: .*problem with the editor 'false'/);
  assert.match(text, /No editor can be used/);
  assert.equal(plainGit(bench.root, 'log', '--format=%s'), 'second\nfirst\n');
});

test('K8: the advice is given although a pipe hides the failure', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  const text = await bench.text('terminal', { command: 'git commit --amend --allow-empty 2>&1 | tail -n 3' });
  assert.match(text, /^exit 0.*problem with the editor.*No editor can be used/s);
  assert.doesNotMatch(await bench.text('terminal', { command: `echo "editor 'false'"` }), /No editor/);
});

test('K8: a rebase that stopped goes on with the text as it is', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  const { root } = bench;
  plainGit(root, 'switch', '-q', '-c', 'other', 'HEAD~1');
  const commands = [
    'echo other > a.txt; git commit -q -a -m other; git switch -q main; echo mine > a.txt; git commit -q -a -m mine',
    'git rebase other',
    'echo both > a.txt; git add a.txt; git rebase --continue',
    'GIT_EDITOR=true git rebase --continue',
  ];
  const texts: string[] = [];
  for (const command of commands) texts.push(await bench.text('terminal', { command }));
  assert.match(texts[1] ?? '', /^exitCode: .*could not apply/s);
  assert.match(texts[2] ?? '', /^exitCode: .*GIT_EDITOR=true keeps the text as it is/s);
  assert.match(texts[3] ?? '', /^exit 0/);
  assert.equal(plainGit(root, 'log', '-3', '--format=%s'), 'mine\nsecond\nother\n');
});

test('K8: a rebase that would open an editor leaves no rebase in progress', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  const text = await bench.text('terminal', { command: 'git rebase -i HEAD~1' });
  assert.match(text, /^exitCode: .*No editor can be used.*GIT_SEQUENCE_EDITOR/s);
  assert.deepEqual(
    ['rebase-merge', 'rebase-apply'].filter((name) => gitHas(bench, name)),
    [],
  );
  assert.equal(plainGit(bench.root, 'branch', '--show-current'), 'main\n');
});

test('K8: a merge takes its default message and is complete', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  plainGit(bench.root, 'branch', 'other', 'HEAD~1');
  const command = 'git switch -q other && git commit -q --allow-empty -m third && git merge main';
  assert.match(await bench.text('terminal', { command }), /^exit 0/);
  assert.ok(!gitHas(bench, 'MERGE_HEAD'));
});

test('K8: an editor that the command itself names is used', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  const named = [
    `GIT_EDITOR='echo Named >' git commit -q --allow-empty`,
    `export GIT_EDITOR='echo Exported >'; git commit -q --allow-empty`,
    `git -c core.editor=x commit -q --allow-empty -m Plain`,
    `GIT_SEQUENCE_EDITOR=true git rebase -q -i HEAD~1`,
  ];
  for (const command of named)
    assert.equal(await bench.text('terminal', { command }), 'no output (0 bytes), exit 0', command);
  assert.equal(plainGit(bench.root, 'log', '-3', '--format=%s'), 'Plain\nExported\nNamed\n');
});

const variables: readonly [name: string, value: string][] = [
  ...(['GIT_EDITOR', 'GIT_SEQUENCE_EDITOR', 'EDITOR', 'VISUAL'] as const).map((name): [string, string] => [
    name,
    'false',
  ]),
  ...(['PAGER', 'GIT_PAGER', 'GH_PAGER', 'MANPAGER'] as const).map((name): [string, string] => [name, 'cat']),
  ...(['HGEDITOR', 'SVN_EDITOR', 'KUBE_EDITOR', 'GH_EDITOR', 'SUDO_EDITOR', 'GPG_TTY'] as const).map(
    (name): [string, string] => [name, ''],
  ),
  ['GIT_MERGE_AUTOEDIT', 'no'],
  ['GIT_TERMINAL_PROMPT', '0'],
  ['TERM', 'dumb'],
];

test('K8: no variable says that there is a terminal', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  const command = variables.map(([name]) => `echo "${name}=$${name}"`).join('; ');
  assert.equal(
    await bench.text('terminal', { command }),
    ['exit 0', 'stdout:', ...variables.map(([name, value]) => `${name}=${value}`)].join('\n'),
  );
});

test('K8: a command that fails for another reason says nothing of editors', { timeout }, async (t) => {
  const bench = await twoCommits(t);
  assert.doesNotMatch(await bench.text('terminal', { command: 'git commit -m x' }), /editor/);
});
