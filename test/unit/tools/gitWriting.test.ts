import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import type { Processes, ProcessSpec } from '../../../src/core/processPorts.ts';
import { createGitCommit } from '../../../src/tools/gitCommit.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { makeRepository, plainGit, repositoryBench, withHome } from './gitBench.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

const writingTools = ['git_add', 'git_commit', 'git_switch', 'git_stash'];

function status(bench: ToolBench): string {
  return plainGit(bench.root, 'status', '--short').trimEnd();
}

async function change(bench: ToolBench, name: string, text: string): Promise<void> {
  await writeFile(path.join(bench.root, name), text);
}

test('staged files, deleted and strangely named ones too, become a commit', async (t) => {
  const bench = await repositoryBench(t);
  for (const name of ['-f', ':(top)', '*', 'a b\n"']) await change(bench, name, 'x');
  await rm(path.join(bench.root, 'b.txt'));
  assert.match(await bench.text('git_add', { paths: ['-f', ':(top)', '*', 'a b\n"', 'b.txt'] }), /exit 0$/);
  const names = plainGit(bench.root, 'diff', '--cached', '--name-only', '-z').split('\0');
  assert.deepEqual(names, ['*', '-f', ':(top)', 'a b\n"', 'b.txt', '']);
  const text = await bench.text('git_commit', { message: '-m looks like an option\n\n#1 stays' });
  assert.match(text, /^exit 0\nstdout:\n\[main [0-9a-f]+\] -m looks/);
  assert.match(text, /\[the hooks of the repository were not run, and the commit is not signed\]$/);
  assert.equal(
    plainGit(bench.root, 'log', '-1', '--format=%an %B'),
    'Person -m looks like an option\n\n#1 stays\n\n',
  );
  assert.equal(status(bench), '');
});

test('a path in git_add is no pattern: a star is a file of that name, and there is none', async (t) => {
  const bench = await repositoryBench(t);
  await change(bench, 'a.txt', 'two\n');
  for (const named of ['*', ':/', ':(top)a.txt', ':!b.txt'])
    assert.match(await bench.text('git_add', { paths: [named] }), /^exitCode: .*did not match/, named);
  assert.equal(status(bench), ' M a.txt');
});

test('what .gitignore excludes is not staged, and with update only what git knows', async (t) => {
  const bench = await repositoryBench(t);
  await change(bench, '.gitignore', '.env\n');
  await change(bench, '.env', 'SECRET=1\n');
  await change(bench, 'a.txt', 'two\n');
  assert.match(await bench.text('git_add', { paths: ['.env'] }), /^exitCode: .*ignored/s);
  await bench.run('git_add', { paths: ['.'], update: true });
  assert.equal(status(bench), 'M  a.txt\n?? .gitignore');
});

test('K14 14f: git_add says what is staged although another path is ignored', async (t) => {
  const bench = await repositoryBench(t);
  await change(bench, '.gitignore', '*.log\n');
  await change(bench, 'x.log', 'x\n');
  await change(bench, 'a.txt', 'two\n');
  assert.equal(
    await bench.text('git_add', { paths: ['a.txt', 'x.log'] }),
    'exitCode: Not staged, because .gitignore has them ignored: x.log. Of the paths that you gave, these are staged: a.txt.',
  );
  assert.equal(status(bench), 'M  a.txt\n?? .gitignore');
  assert.match(await bench.text('git_add', { paths: ['x.log'] }), /x\.log\. .*nothing is staged\.$/);
});

test('K14 14e: a switch to a branch that only a remote has says how to make it', async (t) => {
  const bench = await repositoryBench(t);
  plainGit(bench.root, 'update-ref', 'refs/remotes/origin/feature/x', 'HEAD');
  plainGit(bench.root, 'tag', 'v1');
  const text = await bench.text('git_switch', { branch: 'feature/x' });
  assert.match(text, /^exitCode: There is no local branch feature\/x yet, only origin\/feature\/x/);
  assert.match(text, /Give "create": true and "startPoint": "origin\/feature\/x"\.$/);
  const made = { branch: 'feature/x', create: true, startPoint: 'origin/feature/x' };
  assert.match(await bench.text('git_switch', made), /^exit 0/);
  assert.match(
    await bench.text('git_switch', { branch: 'v1' }),
    /^exitCode: v1 is no local branch but a tag\. .*"startPoint": "v1"/,
  );
});

test('paths outside the workspace are not staged', async (t) => {
  const bench = await repositoryBench(t);
  await mkdir(path.join(bench.root, 'sub'));
  const place = { cwd: path.join(bench.root, 'sub'), roots: [path.join(bench.root, 'sub')] };
  assert.match(await bench.text('git_add', { paths: ['../a.txt'] }, place), /^outsideWorkspace: /);
  assert.match(await bench.text('git_add', { paths: ['/etc/passwd'] }), /^outsideWorkspace: /);
  assert.match(await bench.text('git_add', { paths: ['a\0b'] }), /^invalidInput: /);
});

test('with nothing staged there is no commit, and it says what to do; all stages what git knows', async (t) => {
  const bench = await repositoryBench(t);
  await change(bench, 'a.txt', 'two\n');
  assert.match(await bench.text('git_commit', { message: 'x' }), /^exitCode: Nothing is staged.*git_add/);
  assert.match(await bench.text('git_commit', { message: 'second', all: true }), /^exit 0/);
  assert.match(await bench.text('git_commit', { message: 'x' }), /^exitCode: Nothing is staged/);
});

test('amend replaces the last commit, and keeps its message where none is given', async (t) => {
  const bench = await repositoryBench(t);
  await change(bench, 'a.txt', 'two\n');
  await bench.run('git_commit', { amend: true, all: true });
  assert.equal(plainGit(bench.root, 'log', '--format=%s'), 'first\n');
  await bench.run('git_commit', { amend: true, message: 'better' });
  assert.equal(plainGit(bench.root, 'log', '--format=%s'), 'better\n');
});

test('without a name for the author there is no commit, and it says how a person sets one', async (t) => {
  const bench = await repositoryBench(t);
  await withHome(t, '');
  await change(bench, 'a.txt', 'two\n');
  const text = await bench.text('git_commit', { message: 'x', all: true });
  assert.match(text, /^exitCode: git does not know who commits.*git config --global user\.name/);
  assert.equal(plainGit(bench.root, 'log', '--format=%s'), 'first\n');
});

test('a branch is made, switched to and left again, and changes come along', async (t) => {
  const bench = await repositoryBench(t);
  await bench.run('git_switch', { branch: 'feature/x', create: true, startPoint: 'main' });
  assert.equal(plainGit(bench.root, 'branch', '--show-current'), 'feature/x\n');
  await change(bench, 'b.txt', 'mine\n');
  assert.match(await bench.text('git_switch', { branch: 'main' }), /Switched to branch 'main'/);
  assert.equal(status(bench), ' M b.txt');
  assert.match(
    await bench.text('git_switch', { branch: 'feature/x', create: true }),
    /^exitCode: .*already exists/,
  );
  assert.match(await bench.text('git_switch', { branch: 'nowhere' }), /^exitCode: .*invalid reference/);
});

test('a switch never overwrites: not a changed file, not an untracked one, not an ignored one', async (t) => {
  const bench = await repositoryBench(t);
  plainGit(bench.root, 'switch', '-q', '-c', 'other');
  await change(bench, 'a.txt', 'other\n');
  await change(bench, 'new.txt', 'other\n');
  await change(bench, 'ignored.txt', 'other\n');
  plainGit(bench.root, 'add', '.');
  plainGit(bench.root, 'commit', '-q', '-m', 'other');
  plainGit(bench.root, 'switch', '-q', 'main');
  await change(bench, '.git/info/exclude', 'ignored.txt\n');
  for (const name of ['a.txt', 'new.txt', 'ignored.txt']) {
    await change(bench, name, 'mine\n');
    assert.match(await bench.text('git_switch', { branch: 'other' }), /^exitCode: /, name);
    assert.equal(await readFile(path.join(bench.root, name), 'utf8'), 'mine\n');
    if (name === 'a.txt') plainGit(bench.root, 'checkout', '--', name);
    else await rm(path.join(bench.root, name));
  }
  assert.match(await bench.text('git_switch', { branch: 'other' }), /^exit 0/);
});

test('changes are put aside, taken up, kept and thrown away', async (t) => {
  const bench = await repositoryBench(t);
  await change(bench, 'a.txt', 'two\n');
  await change(bench, 'new.txt', 'x');
  await bench.run('git_stash', { action: 'push', message: '-m mine', includeUntracked: true });
  assert.equal(status(bench), '');
  assert.match(plainGit(bench.root, 'stash', 'list'), /On main: -m mine/);
  await bench.run('git_stash', { action: 'apply', index: 0 });
  assert.equal(status(bench), ' M a.txt\n?? new.txt');
  await bench.run('git_stash', { action: 'push', includeUntracked: true });
  await bench.run('git_stash', { action: 'drop', index: 1 });
  assert.match(await bench.text('git_stash', { action: 'pop' }), /^exit 0/);
  assert.equal(status(bench), ' M a.txt\n?? new.txt');
  assert.equal(plainGit(bench.root, 'stash', 'list'), '');
  assert.match(await bench.text('git_stash', { action: 'pop' }), /^exitCode: /);
});

const refusedInputs: readonly [tool: string, input: object, said: RegExp][] = [
  ['git_add', { paths: [] }, /paths|must not be empty/],
  ['git_add', { paths: ['a'], force: true }, /not known/],
  ['git_commit', {}, /message/],
  ['git_commit', { message: '  \n' }, /must say something/],
  ['git_commit', { message: 'a\0b' }, /NUL/],
  ['git_switch', { branch: '-f' }, /begins with "-"/],
  ['git_switch', { branch: '--discard-changes' }, /begins with "-"/],
  ['git_switch', { branch: '-' }, /begins with "-"/],
  ['git_switch', { branch: '@{-1}' }, /@\{/],
  ['git_switch', { branch: 'a..b' }, /"\.\."/],
  ['git_switch', { branch: 'a b' }, /space/],
  ['git_switch', { branch: 'a\0' }, /control/],
  ['git_switch', { branch: 'a.lock' }, /\.lock/],
  ['git_switch', { branch: 'x/.y' }, /begins with "\."/],
  ['git_switch', { branch: 'HEAD' }, /another meaning/],
  ['git_switch', { branch: 'x', create: true, startPoint: '--orphan' }, /option/],
  ['git_switch', { branch: 'x', create: true, startPoint: 'main --force' }, /space/],
  ['git_switch', { branch: 'x', startPoint: 'main' }, /only with/],
  ['git_stash', { action: 'clear' }, /push|pop/],
  ['git_stash', { action: 'pop', index: -1 }, /must be at least 0/],
  ['git_stash', { action: 'drop', message: 'x' }, /does not go with/],
  ['git_stash', { action: 'push', index: 1 }, /does not go with/],
];

test('inputs that git could take for something else are refused before anything runs', async (t) => {
  const bench = await toolBench(t);
  for (const [name, input, said] of refusedInputs) {
    const checked = bench.tool(name).check(input);
    assert.ok(!checked.ok, `${name} ${JSON.stringify(input)}`);
    assert.match(checked.problems.map(({ message }) => message).join(' '), said, JSON.stringify(input));
  }
});

test('a person approves the command word by word, as a shell would take it', async (t) => {
  const bench = await toolBench(t);
  const subject = (name: string, input: object): string => bench.tool(name).subject(input);
  assert.equal(subject('git_add', { paths: ['-f', "it's"] }), "git add -- -f 'it'\\''s'");
  assert.equal(subject('git_add', { paths: ['.'], update: true }), 'git add --update -- .');
  assert.equal(
    subject('git_commit', { message: 'two\nlines', all: true }),
    "git commit --no-verify --no-gpg-sign --cleanup=whitespace --all -m 'two\nlines'",
  );
  assert.equal(
    subject('git_switch', { branch: 'x', create: true, startPoint: 'main~1' }),
    "git switch --no-guess --no-recurse-submodules --no-overwrite-ignore --create x 'main~1'",
  );
  assert.equal(subject('git_stash', { action: 'pop' }), "git stash pop 'stash@{0}'");
  assert.deepEqual([...new Set(writingTools.map((name) => bench.tool(name).access))], ['command']);
});

test('git is told not to guess an author, start work in the background, ask in an editor or run what the workspace holds', async (t) => {
  const { root } = await repositoryBench(t);
  const real = createProcesses({ clock: nodeClock });
  const specs: ProcessSpec[] = [];
  const run: Processes['run'] = (spec) => {
    specs.push(spec);
    return real.run(spec);
  };
  const outputFile = path.join(await temporaryFolder(t), 'output');
  const result = await createGitCommit(createFiles(), { ...real, run }).run(
    { message: 'x', amend: true },
    {
      ...{ sessionId: 'session', callId: 'call', permission: 'unlimited', cwd: root, roots: [root] },
      ...{ outputFile, signal: new AbortController().signal, show: () => undefined },
      runCalls: () => Promise.reject(new Error('no container')),
    },
  );
  assert.ok(result.ok);
  const spec = specs.at(-1);
  assert.ok(spec?.command.kind === 'program' && spec.command.args.includes('commit'));
  for (const setting of [
    'gc.auto=0',
    'maintenance.auto=false',
    'user.useConfigOnly=true',
    'core.hooksPath=/dev/null',
  ])
    assert.ok(spec.command.args.includes(setting), setting);
  assert.equal(spec.env?.GIT_EDITOR, 'false');
  for (const { env, notFrom } of specs) {
    assert.equal(env?.GIT_ALLOW_PROTOCOL, 'none');
    assert.deepEqual(notFrom, [root]);
  }
});

test('each tool names what it writes, so that it waits for what it must and no more', async (t) => {
  const bench = await repositoryBench(t);
  const linked = path.join(bench.root, 'linked');
  plainGit(bench.root, 'worktree', 'add', '-q', '-b', 'side', linked);
  const effects = async (name: string, input: object, cwd = bench.root): Promise<string> => {
    const declared = await bench.tool(name).effects(input, { cwd, roots: [bench.root] });
    assert.ok(declared.kind === 'known');
    return `${declared.reads.join(' ')} > ${declared.writes.join(' ')}`.replaceAll(bench.root, 'ROOT');
  };
  assert.equal(await effects('git_add', { paths: ['a.txt', '..'] }), 'tree:ROOT/a.txt > git:ROOT/.git:index');
  assert.equal(await effects('git_commit', { message: 'x' }), ' > git:ROOT/.git:index git:ROOT/.git:refs');
  assert.equal(
    await effects('git_commit', { message: 'x', all: true }),
    'tree:ROOT > git:ROOT/.git:index git:ROOT/.git:refs',
  );
  assert.equal(
    await effects('git_switch', { branch: 'x' }),
    ' > git:ROOT/.git:index git:ROOT/.git:refs tree:ROOT',
  );
  // Worktrees have an index of their own, and share branches and stash.
  assert.equal(
    await effects('git_stash', { action: 'push' }, linked),
    ' > git:ROOT/.git/worktrees/linked:index git:ROOT/.git:refs tree:ROOT/linked',
  );
});

test('in a worktree, whose repository lies outside the workspace, changes are committed', async (t) => {
  const bench = await repositoryBench(t);
  const outside = await temporaryFolder(t);
  await makeRepository(outside);
  const linked = path.join(bench.root, 'linked');
  plainGit(outside, 'worktree', 'add', '-q', '-b', 'side', linked);
  await writeFile(path.join(linked, 'a.txt'), 'two\n');
  const place = { cwd: linked, roots: [linked] };
  assert.match(await bench.text('git_add', { paths: ['a.txt'] }, place), /exit 0$/);
  assert.match(await bench.text('git_commit', { message: 'second' }, place), /^exit 0/);
  assert.equal(plainGit(outside, 'log', '--format=%s', 'side'), 'second\nfirst\n');
});

/** What a call of each tool would do, if it were let. */
const calls: readonly [tool: string, input: object][] = [
  ['git_add', { paths: ['.'] }],
  ['git_commit', { message: 'x', all: true }],
  ['git_switch', { branch: 'other' }],
  ['git_stash', { action: 'push' }],
];

/** What an answer about the call would be bound to now, a line each. */
async function boundNow(bench: ToolBench, name: string, input: object): Promise<string> {
  const place = { cwd: bench.root, roots: [bench.root] };
  const bound = (await bench.tool(name).boundTo?.(input, place)) ?? [];
  return bound.map((file) => `${path.relative(bench.root, file.path) || '.'} ${file.hash}`).join('\n');
}

/** Whether an answer given before does not count after it. */
async function unbinds(
  bench: ToolBench,
  name: string,
  input: object,
  meanwhile: () => unknown,
): Promise<boolean> {
  const before = await boundNow(bench, name, input);
  await meanwhile();
  return before !== (await boundNow(bench, name, input));
}

test('an answer about a commit counts for what is staged then, on that branch and commit, and names the files', async (t) => {
  const bench = await repositoryBench(t);
  const git = (...args: string[]) => plainGit(bench.root, ...args);
  const counts = async (meanwhile: () => unknown): Promise<boolean> =>
    !(await unbinds(bench, 'git_commit', { message: 'x' }, meanwhile));
  await change(bench, 'a.txt', 'two\n');
  await change(bench, 'new\n.txt', 'new\n');
  git('rm', '-q', 'b.txt');
  git('add', '.');
  const shown = await boundNow(bench, 'git_commit', { message: 'x' });
  assert.match(
    shown,
    /^\.git\/HEAD refs\/heads\/main [0-9a-f]{40}\na\.txt 100644 [0-9a-f]{40}\nb\.txt null\nnew\n\.txt 100644 [0-9a-f]{40}$/,
  );
  assert.ok(await counts(() => change(bench, 'a.txt', 'not staged\n')), 'a file that is not staged');
  assert.ok(await counts(() => git('update-index', '-q', '--refresh', '--really-refresh')), 'looked at');
  assert.ok(!(await counts(() => git('add', 'a.txt'))), 'other text');
  assert.ok(!(await counts(() => git('update-index', '--chmod=+x', 'a.txt'))), 'mode');
  assert.ok(!(await counts(() => git('reset', '-q', '--', 'b.txt'))), 'a file less');
  await change(bench, 'evil.txt', 'x');
  assert.ok(!(await counts(() => git('add', 'evil.txt'))), 'a file more');
  assert.ok(!(await counts(() => git('switch', '-q', '-c', 'side'))), 'another branch');
  assert.ok(!(await counts(() => git('commit', '-q', '--allow-empty', '-m', 'y'))), 'another commit');
  assert.ok(!(await counts(() => git('checkout', '-q', '--detach'))), 'no branch');
});

test('an answer about a commit of all changes counts for these changes', async (t) => {
  const bench = await repositoryBench(t);
  const all = { message: 'x', all: true };
  const bytes = (text: string) => () => writeFile(path.join(bench.root, 'a.txt'), text, 'latin1');
  assert.ok(await unbinds(bench, 'git_commit', all, bytes('\xe4\n')));
  assert.ok(await unbinds(bench, 'git_commit', all, bytes('\xe5\n')), 'bytes that are no text');
  // The repository says that all is text, so that its diff is no text any more.
  await change(bench, '.gitattributes', '* diff\n');
  assert.ok(await unbinds(bench, 'git_commit', all, bytes('\0')));
  assert.ok(await unbinds(bench, 'git_commit', all, bytes('\0\0')));
  const link = (to: string) => async (): Promise<void> => {
    await rm(path.join(bench.root, 'b.txt'), { force: true });
    await symlink(to, path.join(bench.root, 'b.txt'));
  };
  assert.ok(await unbinds(bench, 'git_commit', all, link('a.txt')));
  assert.ok(await unbinds(bench, 'git_commit', all, link('./a.txt')), 'where a link leads');
  assert.ok(!(await unbinds(bench, 'git_commit', all, () => change(bench, 'unknown.txt', 'x'))));
});

test('before the first commit, and of very many files, an answer is bound as well', async (t) => {
  await withHome(t);
  const bench = await toolBench(t);
  plainGit(bench.root, 'init', '-q', '-b', 'main');
  const stage = async (name: string) => {
    await change(bench, name, 'x');
    plainGit(bench.root, 'add', name);
  };
  assert.equal(await boundNow(bench, 'git_commit', { message: 'x' }), '.git/HEAD refs/heads/main ');
  assert.ok(await unbinds(bench, 'git_commit', { message: 'x', all: true }, () => stage('a.txt')));
  for (let each = 0; each < 101; each += 1) await change(bench, `${each}.txt`, 'x');
  plainGit(bench.root, 'add', '.');
  assert.match(await boundNow(bench, 'git_commit', { message: 'x' }), /^.*\n\.git\/index [0-9a-f]{64}$/);
  assert.ok(await unbinds(bench, 'git_commit', { message: 'x' }, () => stage('0.md')));
});

test('an answer about a switch counts for the commit that the branch is at, one about a stash for that entry', async (t) => {
  const bench = await repositoryBench(t);
  const git = (...args: string[]) => plainGit(bench.root, ...args);
  const commit = () => git('commit', '-q', '--allow-empty', '-m', 'more');
  git('branch', 'side');
  git('tag', 'v1');
  assert.match(
    await boundNow(bench, 'git_switch', { branch: 'side' }),
    /^\.git\/refs\/heads\/side [0-9a-f]{40}$/,
  );
  assert.ok(!(await unbinds(bench, 'git_switch', { branch: 'side' }, commit)));
  assert.ok(
    await unbinds(bench, 'git_switch', { branch: 'side' }, () => git('branch', '-f', 'side', 'main')),
  );
  const made = { branch: 'x', create: true, startPoint: 'v1' };
  assert.ok(await unbinds(bench, 'git_switch', made, () => git('tag', '-f', 'v1')));
  assert.equal(await boundNow(bench, 'git_switch', { branch: 'x', create: true }), '');
  const stash = async () => {
    await change(bench, 'a.txt', String(git('stash', 'list').length));
    git('stash', 'push', '-q');
  };
  await stash();
  for (const action of ['pop', 'apply', 'drop'])
    assert.ok(await unbinds(bench, 'git_stash', { action }, stash), action);
  assert.equal(await boundNow(bench, 'git_stash', { action: 'push' }), '');
});

test('where git can not be let at a repository, or is in none, nothing is bound and nothing thrown', async (t) => {
  const bench = await toolBench(t);
  for (const [name, input] of calls) assert.equal(await boundNow(bench, name, input), '', name);
});

async function refusing(t: TestContext): Promise<ToolBench> {
  const bench = await repositoryBench(t);
  plainGit(bench.root, 'branch', 'other');
  await change(bench, 'a.txt', 'two\n');
  return bench;
}

async function refusedAll(
  bench: ToolBench,
  said: RegExp,
  place?: { cwd: string; roots: string[] },
): Promise<void> {
  const before =
    plainGit(bench.root, 'status', '--porcelain', '--branch') + plainGit(bench.root, 'stash', 'list');
  for (const [name, input] of calls) assert.match(await bench.text(name, input, place), said, name);
  assert.equal(
    plainGit(bench.root, 'status', '--porcelain', '--branch') + plainGit(bench.root, 'stash', 'list'),
    before,
  );
}

test('where the working tree reaches beyond the workspace, git changes nothing', async (t) => {
  const bench = await refusing(t);
  const sub = path.join(bench.root, 'sub');
  await mkdir(sub);
  const place = { cwd: sub, roots: [sub] };
  await refusedAll(bench, /^refused: .*beyond the workspace/, place);
  assert.deepEqual(await bench.tool('git_commit').boundTo?.({ message: 'x', all: true }, place), []);
});

/** A commit after the current one in which the file has this text; nothing else is changed. */
async function commitOf({ root }: ToolBench, name: string, text: string): Promise<string> {
  const folder = await mkdtemp(path.join(root, '.git/tree-'));
  await writeFile(path.join(folder, name), text);
  const blob = plainGit(root, 'hash-object', '-w', '--no-filters', path.join(folder, name)).trim();
  const index = path.join(folder, 'index');
  const env = { ...process.env, GIT_INDEX_FILE: index };
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8' }).trim();
  git('read-tree', 'HEAD');
  git('update-index', '--cacheinfo', `100644,${blob},${name}`);
  return git('commit-tree', git('write-tree'), '-p', 'HEAD', '-m', 'other');
}

test('where the repository’s own config names a filter, nothing is stored without it', async (t) => {
  const bench = await refusing(t);
  plainGit(bench.root, 'config', 'filter.crypt.clean', 'crypt');
  await change(bench, '.git/info/attributes', '* filter=crypt\n');
  plainGit(bench.root, 'branch', '-f', 'other', await commitOf(bench, 'a.txt', 'other\n'));
  await refusedAll(bench, /^refused: .*a filter \(crypt\)/);
  assert.match(await bench.text('git_commit', { message: 'x' }), /^exitCode: Nothing is staged/);
});

test('a merge driver of the repository’s own config stops what merges', async (t) => {
  const bench = await refusing(t);
  plainGit(bench.root, 'stash', 'push', '-q');
  plainGit(bench.root, 'config', 'merge.own.driver', 'touch ran');
  assert.match(await bench.text('git_stash', { action: 'pop' }), /^refused: .*merge driver \(own\)/);
  assert.match(await bench.text('git_stash', { action: 'apply' }), /^refused: /);
  assert.match(await bench.text('git_stash', { action: 'drop' }), /^exit 0/);
});

const linkedPlaces = [
  'COMMIT_EDITMSG',
  'logs/HEAD',
  'logs/refs/heads/main',
  'refs/heads/main',
  'index',
  'objects/ab',
];

for (const name of linkedPlaces)
  test(`git does not write through a link in its own folder: ${name}`, async (t) => {
    const bench = await refusing(t);
    const outside = await temporaryFolder(t);
    const file = path.join(bench.root, '.git', name);
    plainGit(bench.root, 'pack-refs', '--all');
    await rm(file, { recursive: true, force: true });
    await mkdir(path.dirname(file), { recursive: true });
    await symlink(path.join(outside, 'target'), file);
    for (const [tool, input] of calls)
      assert.match(
        await bench.text(tool, input),
        /^(refused: In the repository|outsideWorkspace: In the repository of ROOT), .* leads to /,
        tool,
      );
    assert.deepEqual(await readdir(outside), []);
  });
