import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { disk } from '../../../src/adapters/node/disk.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import type { Processes } from '../../../src/core/processPorts.ts';
import type { KnownWorktree, MadeWorktree, Worktrees } from '../../../src/core/worktrees.ts';
import { createWorktrees } from '../../../src/runtime/worktrees.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { toolBench } from '../tools/toolBench.ts';

const { signal } = new AbortController();
const identity = [
  '-c',
  'user.name=Test',
  '-c',
  'user.email=test@example.invalid',
  '-c',
  'commit.gpgSign=false',
];

function git(folder: string, ...args: readonly string[]): string {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', stdio }).trim();
}

interface Bench {
  readonly root: string;
  readonly stateDir: string;
  readonly worktrees: Worktrees;
  readonly make: (
    agentId?: string,
    more?: { readonly cwd?: string; readonly roots?: readonly string[] },
  ) => Promise<MadeWorktree>;
  readonly known: (agentId?: string) => Promise<KnownWorktree>;
}

type Wrap = (processes: Processes, root: string) => Processes;

async function bench(t: TestContext, wrap: Wrap = (processes) => processes): Promise<Bench> {
  const root = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  git(root, 'init', '-q', '-b', 'main');
  await mkdir(path.join(root, 'sub'));
  await writeFile(path.join(root, 'a.txt'), 'one\ntwo\nthree\n');
  await writeFile(path.join(root, 'sub/b.txt'), 'b\n');
  await writeFile(path.join(root, '.gitignore'), 'ignored\n');
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'first');
  const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });
  const ports = {
    files: createFiles(),
    processes: wrap(processes, root),
    clock: nodeClock,
    shell: { disk },
    stateDir,
  };
  const worktrees = createWorktrees(ports);
  return {
    root,
    stateDir,
    worktrees,
    async make(agentId = 'agent-2', more = {}) {
      const request = {
        sessionId: 's1',
        agentId,
        label: 'Helper',
        cwd: root,
        roots: [root],
        signal,
        ...more,
      };
      const made = await worktrees.create(request);
      assert.ok(made.ok, made.ok ? '' : made.error.message);
      return made;
    },
    async known(agentId = 'agent-2') {
      const known = await worktrees.find({ sessionId: 's1', agentId });
      assert.ok(known);
      return known;
    },
  };
}

async function changeAll(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'a.txt'), 'one\n2\nthree\n');
  await writeFile(path.join(folder, 'new.txt'), 'new\n');
  await writeFile(path.join(folder, 'binary'), Buffer.from([0, 1, 2, 0]));
  await rm(path.join(folder, 'sub/b.txt'));
  await writeFile(path.join(folder, 'ignored'), 'x');
}

test('a worktree has the folder, branch and commit that it says, in the state folder', async (t) => {
  const { root, stateDir, make } = await bench(t);
  await writeFile(path.join(root, 'a.txt'), 'a person’s change\n');
  const { worktree, cwd, note } = await make('agent-2', { cwd: path.join(root, 'sub') });
  assert.equal(worktree.path, path.join(stateDir, 'worktrees/s1/agent-2', path.basename(root)));
  assert.equal(cwd, path.join(worktree.path, 'sub'));
  assert.equal(worktree.branch, 'allsettled/s1-agent-2');
  assert.equal(git(worktree.path, 'branch', '--show-current'), worktree.branch);
  assert.equal(worktree.base, git(root, 'rev-parse', 'HEAD'));
  assert.equal(await readFile(path.join(worktree.path, 'a.txt'), 'utf8'), 'one\ntwo\nthree\n');
  assert.match(
    note,
    /begins at commit [0-9a-f]{12}\. The uncommitted changes of the parent’s working tree are not in it\.$/,
  );
  assert.equal(git(root, 'status', '--short'), 'M a.txt');
});

test('the tools of its agent see the worktree and nothing else', async (t) => {
  const { root, make } = await bench(t);
  const { worktree, cwd } = await make();
  const tools = await toolBench(t);
  const place = { cwd, roots: [worktree.path], agentId: 'agent-2' };
  assert.match(
    await tools.text('read_file', { path: path.join(root, 'a.txt') }, place),
    /^outsideWorkspace: /,
  );
  assert.match(
    await tools.text('write_file', { path: path.join(root, 'x'), content: '' }, place),
    /^outsideWorkspace: /,
  );
  assert.match(await tools.text('write_file', { path: '.git', content: '' }, place), /^refused: /);
  assert.equal(
    await tools.text('write_file', { path: 'x.txt', content: 'x\n' }, place),
    'Made x.txt: 1 line added.',
  );
  assert.match(await tools.text('git', { args: ['status', '--short'] }, place), /\?\? x\.txt$/);
});

test('where the workspace is a part of its repository, so is the agent’s root', async (t) => {
  const { root, make } = await bench(t);
  const sub = path.join(root, 'sub');
  const { worktree, cwd } = await make('agent-2', { cwd: sub, roots: [sub] });
  assert.equal(path.basename(worktree.path), 'sub');
  assert.equal(cwd, worktree.path);
});

test('the summary counts commits, uncommitted and new files, and touches nothing', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  const empty = await worktrees.summary(await known(), signal);
  assert.equal(empty.ok && empty.text, 'no changes');
  await changeAll(worktree.path);
  git(worktree.path, 'add', 'a.txt');
  git(worktree.path, 'commit', '-q', '-m', 'second');
  const before = git(worktree.path, 'status', '--short');
  const summary = await worktrees.summary(await known(), signal);
  assert.ok(summary.ok);
  assert.deepEqual(
    summary.files.map(({ path: file, change, added, removed }) => [file, change, added, removed]),
    [
      ['a.txt', 'changed', 1, 1],
      ['binary', 'added', undefined, undefined],
      ['new.txt', 'added', 1, 0],
      ['sub/b.txt', 'deleted', 0, 1],
    ],
  );
  assert.equal(
    summary.text,
    '4 files changed, 2 lines added, 2 removed, in 1 commit and uncommitted changes',
  );
  assert.equal(git(worktree.path, 'status', '--short'), before);
});

test('the diff holds everything, and fits the commit that the worktree began at', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await changeAll(worktree.path);
  const diff = await worktrees.diff(await known(), signal);
  assert.ok(diff.ok);
  git(root, 'apply', '--binary', diff.file);
  assert.equal(git(root, 'status', '--short'), 'M a.txt\n D sub/b.txt\n?? binary\n?? new.txt');
});

test('each change is named with its file, and the text before it can be read', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await changeAll(worktree.path);
  const changed = await worktrees.changes(await known(), signal);
  assert.ok(changed.ok);
  assert.deepEqual(
    changed.changes.map(({ path: name, change, file }) => [name, change, path.relative(worktree.path, file)]),
    [
      ['a.txt', 'changed', 'a.txt'],
      ['binary', 'added', 'binary'],
      ['new.txt', 'added', 'new.txt'],
      ['sub/b.txt', 'deleted', 'sub/b.txt'],
    ],
  );
  const before = async (name: string): Promise<unknown> => worktrees.textBefore(await known(), name, signal);
  assert.deepEqual(await before('a.txt'), { ok: true, text: 'one\ntwo\nthree\n' });
  assert.deepEqual(await before('sub/b.txt'), { ok: true, text: 'b\n' });
  assert.match(JSON.stringify(await before('new.txt')), /"ok":false.*new\.txt/);
  assert.match(JSON.stringify(await before('../outside')), /"ok":false/);
});

test('apply leaves the changes uncommitted in the repository', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await changeAll(worktree.path);
  await writeFile(path.join(root, 'mine.txt'), 'a person’s');
  const applied = await worktrees.apply(await known(), signal);
  assert.ok(applied.ok, applied.ok ? '' : applied.error.message);
  assert.equal(git(root, 'status', '--short'), 'M a.txt\n D sub/b.txt\n?? binary\n?? mine.txt\n?? new.txt');
  assert.deepEqual(await readFile(path.join(root, 'binary')), Buffer.from([0, 1, 2, 0]));
  const summary = await worktrees.summary(await known(), signal);
  assert.ok(summary.ok && summary.isTaken);
});

test('what does not fit is not applied at all', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await changeAll(worktree.path);
  await writeFile(path.join(root, 'a.txt'), 'other\n');
  const applied = await worktrees.apply(await known(), signal);
  assert.ok(!applied.ok);
  assert.match(applied.error.message, /do not fit .* so nothing was changed there/);
  assert.equal(git(root, 'status', '--short'), 'M a.txt');
});

test('merge commits what is uncommitted and merges all of it', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'a.txt'), 'one\n2\nthree\n');
  git(worktree.path, 'commit', '-q', '-a', '-m', 'second');
  await writeFile(path.join(worktree.path, 'new.txt'), 'new\n');
  await writeFile(path.join(root, 'sub/b.txt'), 'B\n');
  git(root, 'commit', '-q', '-a', '-m', 'of a person');
  const merged = await worktrees.merge(await known(), signal);
  assert.ok(merged.ok, merged.ok ? '' : merged.error.message);
  assert.equal(await readFile(path.join(root, 'a.txt'), 'utf8'), 'one\n2\nthree\n');
  assert.equal(await readFile(path.join(root, 'new.txt'), 'utf8'), 'new\n');
  assert.equal(git(root, 'status', '--short'), '');
  assert.equal(git(root, 'log', '-1', '--format=%s'), 'Merge the work of agent Helper');
});

test('a merge with conflicts leaves everything as it was, a person’s uncommitted changes too', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'a.txt'), 'one\n2\nthree\n');
  await writeFile(path.join(root, 'a.txt'), 'one\nzwei\nthree\n');
  git(root, 'commit', '-q', '-a', '-m', 'of a person');
  await writeFile(path.join(root, 'sub/b.txt'), 'uncommitted\n');
  const head = git(root, 'rev-parse', 'HEAD');
  const merged = await worktrees.merge(await known(), signal);
  assert.ok(!merged.ok);
  assert.match(merged.error.message, /is as it was: both changed a\.txt\./);
  assert.equal(git(root, 'rev-parse', 'HEAD'), head);
  assert.equal(git(root, 'status', '--short'), 'M sub/b.txt');
});

test('a merge into a file with changes of a person’s says what they can do, and leaves everything as it was', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'a.txt'), 'one\n2\nthree\n');
  await writeFile(path.join(root, 'a.txt'), 'one\nuncommitted\nthree\n');
  const message = async (): Promise<string> => {
    const merged = await worktrees.merge(await known(), signal);
    return merged.ok ? '' : merged.error.message;
  };
  assert.equal(await message(), 'a.txt has changes of yours: commit or stash them, then merge again.');
  assert.equal(await readFile(path.join(root, 'a.txt'), 'utf8'), 'one\nuncommitted\nthree\n');
  await writeFile(path.join(worktree.path, 'new.txt'), 'new\n');
  git(root, 'checkout', '-q', '--', 'a.txt');
  await writeFile(path.join(root, 'new.txt'), 'of a person\n');
  assert.equal(
    await message(),
    'new.txt is there, and not in the repository: move or commit it, then merge again.',
  );
});

test('a merge of a person’s that is under way is left alone', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'new.txt'), 'new\n');
  await writeFile(path.join(root, '.git/MERGE_HEAD'), `${git(root, 'rev-parse', 'HEAD')}\n`);
  const merged = await worktrees.merge(await known(), signal);
  assert.ok(!merged.ok);
  assert.match(merged.error.message, /A merge is under way/);
  assert.ok((await readdir(path.join(root, '.git'))).includes('MERGE_HEAD'));
});

test('a worktree without changes is discarded without a question', async (t) => {
  const { root, worktrees, make, known, stateDir } = await bench(t);
  const { worktree } = await make();
  assert.deepEqual(await worktrees.discard(await known(), false, signal), { kind: 'discarded' });
  assert.equal(git(root, 'worktree', 'list').split('\n').length, 1);
  assert.equal(git(root, 'branch', '--list', worktree.branch), '');
  assert.deepEqual(await readdir(path.join(stateDir, 'worktrees/s1')), []);
});

test('changes go only where a person agreed, and a patch keeps them', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await changeAll(worktree.path);
  const asked = await worktrees.discard(await known(), false, signal);
  assert.equal(
    asked.kind === 'needsConfirmation' && asked.text,
    '4 files changed, 2 lines added, 2 removed, in uncommitted changes; ignored by git: ignored',
  );
  assert.equal(await readFile(path.join(worktree.path, 'new.txt'), 'utf8'), 'new\n');
  const discarded = await worktrees.discard(await known(), true, signal);
  assert.ok(discarded.kind === 'discarded' && discarded.keptPatch !== undefined);
  assert.equal(git(root, 'worktree', 'list').split('\n').length, 1);
  git(root, 'apply', '--binary', discarded.keptPatch);
  assert.equal(await readFile(path.join(root, 'new.txt'), 'utf8'), 'new\n');
});

test('files that git ignores go only where a person agreed, and are kept', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await mkdir(path.join(worktree.path, 'ignored'));
  await writeFile(path.join(worktree.path, 'ignored/report.md'), 'precious');
  const asked = await worktrees.discard(await known(), false, signal);
  assert.equal(asked.kind === 'needsConfirmation' && asked.text, 'ignored by git: ignored/');
  assert.equal(await readFile(path.join(worktree.path, 'ignored/report.md'), 'utf8'), 'precious');
  const discarded = await worktrees.discard(await known(), true, signal);
  assert.ok(discarded.kind === 'discarded' && discarded.keptFolder !== undefined);
  assert.equal(discarded.keptPatch, undefined);
  assert.equal(await readFile(path.join(discarded.keptFolder, 'ignored/report.md'), 'utf8'), 'precious');
});

test('a branch with commits of its own stays, one that was taken goes', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  for (const agentId of ['agent-2', 'agent-3']) {
    const { worktree } = await make(agentId);
    await writeFile(path.join(worktree.path, `${agentId}.txt`), 'x\n');
    git(worktree.path, 'add', '.');
    git(worktree.path, 'commit', '-q', '-m', agentId);
  }
  const kept = await worktrees.discard(await known('agent-2'), true, signal);
  assert.equal(kept.kind === 'discarded' && kept.keptBranch, 'allsettled/s1-agent-2');
  assert.ok((await worktrees.merge(await known('agent-3'), signal)).ok);
  assert.deepEqual(await worktrees.discard(await known('agent-3'), false, signal), { kind: 'discarded' });
  assert.equal(git(root, 'branch', '--list', 'allsettled/*'), 'allsettled/s1-agent-2');
});

test('changes made after they were applied are asked about again', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'new.txt'), 'new\n');
  assert.ok((await worktrees.apply(await known(), signal)).ok);
  await writeFile(path.join(worktree.path, 'later.txt'), 'later\n');
  assert.equal((await worktrees.discard(await known(), false, signal)).kind, 'needsConfirmation');
});

test('a repository inside a worktree can’t be kept in a patch, so it is not discarded', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  const inner = path.join(worktree.path, 'inner');
  await mkdir(inner);
  git(inner, 'init', '-q');
  await writeFile(path.join(inner, 'x'), 'x');
  git(inner, 'add', '.');
  git(inner, 'commit', '-q', '-m', 'inner');
  const discarded = await worktrees.discard(await known(), true, signal);
  assert.ok(discarded.kind === 'failed');
  assert.match(discarded.error.message, /repositories of their own \(inner\)/);
});

test('what git can’t tell the content of is moved aside, not deleted', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'new.txt'), 'new\n');
  await rm(path.join(worktree.path, '.git'));
  assert.equal((await worktrees.discard(await known(), false, signal)).kind, 'needsConfirmation');
  const discarded = await worktrees.discard(await known(), true, signal);
  assert.ok(discarded.kind === 'discarded' && discarded.keptFolder !== undefined);
  assert.equal(await readFile(path.join(discarded.keptFolder, 'new.txt'), 'utf8'), 'new\n');
});

test('leftovers are those of sessions that nobody has open, half-made and vanished ones too', async (t) => {
  const { worktrees, make, known } = await bench(t);
  const { worktree } = await make('agent-2');
  await make('agent-3');
  await rm(worktree.path, { recursive: true });
  const names = async (open: boolean): Promise<readonly string[]> =>
    (await worktrees.leftovers(() => open)).map(({ agentId }) => agentId).sort();
  assert.deepEqual(await names(true), []);
  assert.deepEqual(await names(false), ['agent-2', 'agent-3']);
  assert.equal((await worktrees.discard(await known('agent-2'), false, signal)).kind, 'discarded');
  assert.deepEqual(await names(false), ['agent-3']);
});

test('no program that the repository’s config names is run', async (t) => {
  const { root, stateDir, worktrees, make, known } = await bench(t);
  const marker = path.join(stateDir, 'ran');
  const program = path.join(root, '.git/evil.sh');
  await writeFile(program, `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n`);
  await chmod(program, 0o755);
  await mkdir(path.join(root, '.git/hooks'), { recursive: true });
  const hooks = [
    'post-checkout',
    'pre-commit',
    'commit-msg',
    'pre-merge-commit',
    'post-merge',
    'post-index-change',
    'reference-transaction',
  ];
  for (const hook of hooks) await symlink(program, path.join(root, '.git/hooks', hook));
  await writeFile(path.join(root, '.gitattributes'), '*.txt filter=evil diff=evil\n');
  git(root, '-c', 'core.hooksPath=/dev/null', 'add', '.');
  git(root, '-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'attributes');
  for (const [key, value] of [
    ['filter.evil.smudge', program],
    ['filter.evil.clean', program],
    ['diff.evil.command', program],
    ['diff.evil.textconv', program],
    ['core.fsmonitor', program],
    ['core.editor', program],
    ['gpg.program', program],
    ['commit.gpgSign', 'true'],
  ] as const)
    git(root, 'config', key, value);
  await rm(marker, { force: true });
  const { worktree } = await make();
  await changeAll(worktree.path);
  assert.ok((await worktrees.summary(await known(), signal)).ok);
  const merged = await worktrees.merge(await known(), signal);
  assert.ok(merged.ok, merged.ok ? '' : merged.error.message);
  assert.equal((await worktrees.discard(await known(), true, signal)).kind, 'discarded');
  await assert.rejects(readFile(marker), /ENOENT/);
});

test('K19: a new agent is told that its worktree holds pointers and empty submodules', async (t) => {
  const { root, make } = await bench(t);
  assert.doesNotMatch((await make('agent-1')).note, /submodule|filter/);
  git(root, 'init', '-q', 'module');
  git(path.join(root, 'module'), 'commit', '-q', '--allow-empty', '-m', 'module');
  await writeFile(path.join(root, '.gitattributes'), '*.bin filter=lfs\n');
  await writeFile(path.join(root, 'x.bin'), 'pointer\n');
  git(root, '-c', 'advice.addEmbeddedRepo=false', 'add', '.');
  git(root, 'commit', '-q', '-m', 'more');
  git(root, 'config', 'filter.lfs.smudge', 'touch ran; echo content');
  const { note, worktree } = await make();
  assert.match(note, /Its submodules are empty folders \(module\)/);
  assert.match(note, /such as pointers, .*\(lfs\) were not run: x\.bin\./);
  assert.equal(await readFile(path.join(worktree.path, 'x.bin'), 'utf8'), 'pointer\n');
});

test('a repository whose config names merge drivers is not merged', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'new.txt'), 'new\n');
  git(root, 'config', 'merge.evil.driver', 'touch ran');
  const merged = await worktrees.merge(await known(), signal);
  assert.equal(!merged.ok && merged.error.kind, 'refused');
});

/** What git did to the list of worktrees: each begin and each end. */
function watchList(seen: string[]): Wrap {
  return (processes) => ({
    ...processes,
    async run(request) {
      const args = request.command.kind === 'program' ? request.command.args : [];
      const change = args[args.indexOf('worktree') + 1];
      if (!args.includes('worktree') || change === undefined) return processes.run(request);
      seen.push(`${change} begins`);
      const end = await processes.run(request);
      seen.push(`${change} ends`);
      return end;
    },
  });
}

test('several are made and discarded at once, and git changes its list for one after the other', async (t) => {
  const seen: string[] = [];
  const { root, make, known, worktrees } = await bench(t, watchList(seen));
  const agents = ['agent-2', 'agent-3', 'agent-4', 'agent-5'];
  const made = await Promise.allSettled(agents.map((agentId) => make(agentId)));
  assert.deepEqual(
    made.map(({ status }) => status),
    agents.map(() => 'fulfilled'),
  );
  assert.equal(git(root, 'worktree', 'list').split('\n').length, 5);
  const discard = async (agentId: string): Promise<unknown> =>
    worktrees.discard(await known(agentId), true, signal);
  const gone = await Promise.allSettled(agents.map(discard));
  assert.deepEqual(
    gone,
    agents.map(() => ({ status: 'fulfilled', value: { kind: 'discarded' } })),
  );
  const inTurn = (change: string): string[] => agents.flatMap(() => [`${change} begins`, `${change} ends`]);
  assert.deepEqual(seen, [...inTurn('add'), ...inTurn('remove')]);
});

/** What another program leaves for a moment while it makes a worktree in the same repository. */
function halfMade(times: number): { readonly wrap: Wrap; readonly adds: () => number } {
  let adds = 0;
  const wrap: Wrap = (processes, root) => ({
    ...processes,
    async run(request) {
      const args = request.command.kind === 'program' ? request.command.args : [];
      if (!args.includes('add')) return processes.run(request);
      const other = path.join(root, '.git/worktrees/other');
      await mkdir(other, { recursive: true });
      await writeFile(path.join(other, 'gitdir'), `${path.join(root, 'other/.git')}\n`);
      await writeFile(path.join(other, 'commondir'), '');
      adds++;
      if (adds > times) await rm(other, { recursive: true });
      return processes.run(request);
    },
  });
  return { wrap, adds: () => adds };
}

test('where another program is just making one, it is tried again', async (t) => {
  const { wrap, adds } = halfMade(1);
  const { root, make } = await bench(t, wrap);
  const { worktree } = await make();
  assert.equal(adds(), 2);
  assert.equal(git(worktree.path, 'rev-parse', 'HEAD'), git(root, 'rev-parse', 'HEAD'));
  assert.equal(git(worktree.path, 'branch', '--show-current'), worktree.branch);
});

test('where another program never finishes one, git’s own reason is told and no branch is left', async (t) => {
  const { wrap, adds } = halfMade(100);
  const { root, make } = await bench(t, wrap);
  await assert.rejects(make(), /git worktree failed \(exit 128\): .*failed to read .*commondir/s);
  assert.equal(adds(), 6);
  assert.equal(git(root, 'for-each-ref', 'refs/heads/allsettled'), '');
});

test('without a repository, or without a commit, it says what to do', async (t) => {
  const { worktrees } = await bench(t);
  const plain = await temporaryFolder(t);
  const create = async (): Promise<string> => {
    const about = { sessionId: 's1', agentId: 'a', label: 'A', cwd: plain, roots: [plain], signal };
    const made = await worktrees.create(about);
    return made.ok ? 'made' : made.error.message;
  };
  assert.match(
    await create(),
    /^A worktree needs a git repository: .* is in no git repository\. Leave the isolation out/,
  );
  git(plain, 'init', '-q');
  assert.match(await create(), /^The repository has no commit yet/);
  // K20: another cause is not taken for this one.
  const branch = git(plain, 'symbolic-ref', 'HEAD').trim();
  await writeFile(path.join(plain, '.git', branch), `${'1'.repeat(40)}\n`);
  assert.match(await create(), /^git rev-parse failed \(exit 128\): fatal: /);
  assert.deepEqual(await worktrees.leftovers(() => false), []);
});

test('a change of equal length in the second in which the index was written is seen', async (t) => {
  const { root, worktrees, make, known } = await bench(t);
  git(root, 'config', 'core.trustctime', 'false');
  const { cwd } = await make();
  const file = path.join(cwd, 'sub/b.txt');
  const second = 1_000_000_000;
  await utimes(file, second, second);
  git(cwd, 'update-index', '--refresh');
  await writeFile(file, 'c\n');
  const index = path.resolve(cwd, git(cwd, 'rev-parse', '--git-path', 'index'));
  for (const written of [file, index]) await utimes(written, second, second);
  const seen = await worktrees.changes(await known(), signal);
  assert.ok(seen.ok);
  assert.deepEqual(
    seen.changes.map(({ path: name }) => name),
    ['sub/b.txt'],
  );
});

/** The remains of a kill while a worktree is made, after each step of the making. */
const leftHalfMade: Readonly<Record<string, (worktree: Bench, made: MadeWorktree) => unknown>> = {
  'all of it': () => undefined,
  'its note alone': ({ root }, { worktree: { path: top, branch } }) => {
    git(root, 'worktree', 'remove', '--force', top);
    git(root, 'branch', '-D', branch);
  },
  'its note and its branch': ({ root }, { worktree: { path: top } }) => {
    git(root, 'worktree', 'remove', '--force', top);
  },
  'its note, its branch and its entry in git’s list': (_bench, { worktree: { path: top } }) =>
    rm(top, { recursive: true }),
};

for (const [what, leave] of Object.entries(leftHalfMade))
  test(`J1, worktrees: where a kill left ${what}, and no agent, the next attempt makes it anew`, async (t) => {
    const made = await bench(t);
    const { root, stateDir, make, known, worktrees } = made;
    const first = await make();
    await leave(made, first);
    const again = await make();
    assert.deepEqual(again.worktree, first.worktree);
    assert.equal(await readFile(path.join(again.worktree.path, 'a.txt'), 'utf8'), 'one\ntwo\nthree\n');
    assert.equal((await worktrees.leftovers(() => false)).length, 1);
    const discarded = await worktrees.discard(await known(), false, signal);
    assert.deepEqual(discarded, { kind: 'discarded' });
    assert.equal(git(root, 'branch', '--list', 'allsettled/*'), '');
    assert.deepEqual(await readdir(path.join(stateDir, 'worktrees', 's1')), []);
  });

test('J1, worktrees: one in which somebody has worked since stays, and is named', async (t) => {
  const { root, make, worktrees } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'mine.txt'), 'mine\n');
  const about = { sessionId: 's1', agentId: 'agent-2', label: 'Helper', cwd: root, roots: [root], signal };
  const again = await worktrees.create(about);
  assert.match(again.ok ? '' : again.error.message, /is left in .*agent-2.*, and something is in it/);
  assert.equal(await readFile(path.join(worktree.path, 'mine.txt'), 'utf8'), 'mine\n');
  assert.equal((await worktrees.leftovers(() => false)).length, 1);
});

test('J1, worktrees: changes that a kill left applied and not noted are found to be taken', async (t) => {
  const { root, stateDir, make, known, worktrees } = await bench(t);
  const { worktree } = await make();
  await writeFile(path.join(worktree.path, 'a.txt'), 'one\n2\nthree\n');
  const note = path.join(stateDir, 'worktrees', 's1', 'agent-2.json');
  const before = await readFile(note);
  assert.ok((await worktrees.apply(await known(), signal)).ok);
  await writeFile(note, before);
  const again = await worktrees.apply(await known(), signal);
  assert.match(again.ok ? again.text : again.error.message, /The changes of Helper stand in .* already\./);
  const summary = await worktrees.summary(await known(), signal);
  assert.equal(summary.ok && summary.isTaken, true);
  assert.equal(await readFile(path.join(root, 'a.txt'), 'utf8'), 'one\n2\nthree\n');
});
