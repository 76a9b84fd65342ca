/** Sub-agents in git worktrees, through the real SDK, a server on loopback, real tools and real git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Permission, RunEnding } from '../../../src/core/agents.ts';
import type { SessionState } from '../../../src/core/states.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import {
  agentScripts,
  asksFor,
  newTexts,
  says,
  spawns,
  type AgentScripts,
  type Part,
} from '../../fixtures/agentScripts.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const { signal } = new AbortController();

function git(folder: string, ...args: readonly string[]): string {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.invalid',
    '-c',
    'commit.gpgSign=false',
  ];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

interface Played {
  readonly folder: string;
  readonly stateDir: string;
  readonly scripts: AgentScripts;
  readonly runtime: Runtime;
  readonly state: SessionState;
  readonly ending: RunEnding;
}

async function play(
  t: TestContext,
  parts: Readonly<Record<string, readonly Part[]>>,
  permission: Permission = 'workspace-write',
): Promise<Played> {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  git(folder, 'init', '-q', '-b', 'main');
  await writeFile(join(folder, 'a.txt'), 'one\n');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'first');
  await mkdir(join(folder, 'api'));
  git(join(folder, 'api'), 'init', '-q', '-b', 'main');
  git(join(folder, 'api'), 'commit', '-q', '--allow-empty', '-m', 'api');
  await writeFile(join(folder, '.git/info/exclude'), 'api\n');
  const scripts = await agentScripts(t, parts);
  const runtime = testRuntime(t, stateDir, scripts.server.url, { clock: nodeClock });
  const about = { permission, cwd: folder, roots: [folder] };
  const run = await runtime.startAgent({ prompt: 'Lead root', ...about });
  const ending = await run.ended;
  const state = runtime.session(run.sessionId);
  assert.ok(state);
  return { folder, stateDir, scripts, runtime, state, ending };
}

const isolated = { isolation: 'worktree', permission: 'workspace-write' };

test('an isolated agent writes in its worktree alone, and its parent is told what is in it', async (t) => {
  const { folder, scripts, runtime, state } = await play(t, {
    root: [asksFor(spawns('c1', 'helper', { ...isolated, deliverables: ['out.md'] })), says('Done.')],
    helper: [
      asksFor(
        ['w1', 'write_file', { path: 'out.md', content: 'found\n' }],
        ['r1', 'read_file', { path: join('..', 'x') }],
      ),
      says('Written.'),
    ],
  });
  await assert.rejects(access(join(folder, 'out.md')));
  assert.equal(git(folder, 'status', '--short'), '');
  const agent = state.agents.get('agent-2');
  assert.ok(agent?.worktree);
  assert.equal(await readFile(join(agent.worktree.path, 'out.md'), 'utf8'), 'found\n');
  assert.match(agent.systemPrompt, /works in a git worktree of its own, which begins at commit/);
  assert.ok(!agent.systemPrompt.includes(folder));
  const [result] = newTexts(scripts.requestsOf('root')[1]);
  assert.match(
    result ?? '',
    /^Written\.\n\n\[agent-2 completed\..* on branch allsettled\/.*: 1 file changed, 1 line added, 0 removed, in uncommitted changes\./s,
  );
  assert.match(newTexts(scripts.requestsOf('helper')[1]).join('\n'), /outside the workspace/);
  const known = await runtime.worktrees.find({ sessionId: state.id, agentId: 'agent-2' });
  assert.ok(known);
  assert.ok((await runtime.worktrees.apply(known, signal)).ok);
  assert.equal(await readFile(join(folder, 'out.md'), 'utf8'), 'found\n');
});

test('K14 14a: an agent works in the folder that it is given, and its worktree is of that repository', async (t) => {
  const { folder, scripts, state } = await play(t, {
    root: [
      asksFor(
        spawns('c1', 'helper', { ...isolated, cwd: 'api', deliverables: ['out.md'] }),
        spawns('c2', 'reader', { cwd: 'api' }),
        spawns('c3', 'reader', { cwd: '..' }),
      ),
      says('Done.'),
    ],
    helper: [asksFor(['w1', 'write_file', { path: 'out.md', content: 'found\n' }]), says('Written.')],
    reader: [says('Read.')],
  });
  const [isolatedOne, reader] = ['agent-2', 'agent-3'].map((id) => state.agents.get(id));
  assert.equal(await readFile(join(isolatedOne?.worktree?.path ?? '', 'out.md'), 'utf8'), 'found\n');
  assert.equal(git(join(folder, 'api'), 'worktree', 'list').split('\n').length, 2);
  assert.equal(git(folder, 'worktree', 'list').split('\n').length, 1);
  assert.equal(reader?.cwd, join(folder, 'api'));
  assert.match(
    newTexts(scripts.requestsOf('root')[1])[2] ?? '',
    /^failed: cwd: \.\. is outside the workspace/,
  );
});

test('a background agent’s notification says what is in its worktree', async (t) => {
  const { scripts } = await play(t, {
    root: [
      asksFor(spawns('c1', 'helper', { ...isolated, background: true })),
      says('I wait.'),
      says('Done.'),
    ],
    helper: [says('Nothing to do.')],
  });
  assert.match(
    newTexts(scripts.requestsOf('root').at(-1)).join('\n'),
    /<worktree>In its worktree .*: no changes\./,
  );
});

test('a promised file that can’t be in the worktree is refused, and leaves no worktree', async (t) => {
  const { folder, stateDir, scripts, state } = await play(t, {
    root: [asksFor(spawns('c1', 'helper', { ...isolated, deliverables: ['.git/x'] })), says('Done.')],
  });
  assert.match(
    newTexts(scripts.requestsOf('root')[1])[0] ?? '',
    /^failed: deliverables: \.git\/x is protected/,
  );
  assert.equal(state.agents.size, 1);
  assert.equal(git(folder, 'worktree', 'list').split('\n').length, 1);
  assert.deepEqual(await readdir(join(stateDir, 'worktrees', state.id)), []);
});

test('a command of an isolated agent asks a person, whatever its permission, and so do those of agents below it', async (t) => {
  const command = asksFor(['k', 'terminal', { command: 'echo x > ran.txt' }]);
  const { state } = await play(
    t,
    {
      root: [asksFor(spawns('c1', 'helper', { ...isolated, permission: 'unlimited' })), says('Done.')],
      helper: [
        command,
        asksFor(spawns('c2', 'below', { permission: 'unlimited' })),
        asksFor(spawns('c3', 'below', { permission: 'workspace-write' })),
        says('Asked.'),
      ],
      below: [command, says('Asked too.')],
    },
    'unlimited',
  );
  const statuses = [...state.calls.values()].map(({ id, state: { status } }) => `${id} ${status}`);
  assert.deepEqual(statuses, ['c1 succeeded', 'k denied', 'c2 failed', 'c3 succeeded', 'k_2 denied']);
});

test('W1: an agent that may only read makes no branch and no worktree', async (t) => {
  const { folder, stateDir, scripts, state } = await play(
    t,
    {
      root: [
        asksFor(
          spawns('c1', 'helper', { isolation: 'worktree' }),
          spawns('c2', 'helper', { isolation: 'worktree', background: true }),
        ),
        says('Done.'),
      ],
    },
    'read-only',
  );
  for (const text of newTexts(scripts.requestsOf('root')[1]).slice(0, 2))
    assert.match(text, /^failed: isolation: .*your permission read-only does not allow.*Leave isolation out/);
  assert.equal(state.agents.size, 1);
  assert.equal(git(folder, 'branch', '--all'), '* main');
  assert.deepEqual(await readdir(join(folder, '.git')).then((names) => names.includes('worktrees')), false);
  await assert.rejects(access(join(stateDir, 'worktrees')));
});

test('an agent whose worktree was discarded does not go on in an orphan of it', async (t) => {
  const { runtime, state, scripts } = await play(t, {
    root: [asksFor(spawns('c1', 'helper', isolated)), says('Done.')],
    helper: [
      says('Nothing.'),
      asksFor(['w', 'write_file', { path: 'x.txt', content: 'x' }]),
      says('Written.'),
    ],
  });
  const known = await runtime.worktrees.find({ sessionId: state.id, agentId: 'agent-2' });
  assert.ok(known);
  assert.equal((await runtime.worktrees.discard(known, false, signal)).kind, 'discarded');
  const next = await runtime.followUp(state.id, 'agent-2', 'Write it.');
  const { status, terminationReason, message } = await next.ended;
  assert.equal(`${status} ${terminationReason}`, 'failed worktreeGone');
  assert.match(message, /worktree of this agent was discarded/);
  await assert.rejects(access(known.worktree.path));
  assert.equal(scripts.requestsOf('helper').length, 1);
});
