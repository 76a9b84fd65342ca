/** `allsettled resume`: a program that was killed is another one's session to go on with. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody } from '../../../src/core/events.ts';
import { agentScripts, asksFor, says, spawns } from '../../fixtures/agentScripts.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import type { CommandContext } from '../../../src/cli/commandContext.ts';
import { resumeCommand } from '../../../src/cli/resumeCommand.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, jsonLines, startCli, startCliWithKey } from './cliProcess.ts';

const agentId = 'agent-1';

/** A turn that notes something, waits and reads, then one that ends. */
/** The first ends when the second has done what it does before it waits: the FIFO opens for both at once. */
const commands = [
  ': < begun; echo one >> notes.txt',
  'echo $$ > pid; echo two >> notes.txt; : > begun; exec sleep 600',
];

const transcript: readonly EventBody[] = [
  {
    type: 'session.started',
    kind: 'agent',
    title: 'Recorded',
    roots: ['/recorded'],
    cwd: '/recorded',
    host: { name: 'test', version: '0', pid: 1 },
  },
  {
    type: 'agent.created',
    agentId,
    label: 'Recorded',
    model: 'recorded',
    permission: 'unlimited',
    systemPrompt: '',
    tools: ['read_file', 'terminal'],
  },
  { type: 'run.queued', agentId, runId: 'r', prompt: 'Note it.' },
  { type: 'turn.started', agentId, runId: 'r', turnId: 't1', attempt: 1, model: 'recorded' },
  {
    type: 'batch.started',
    batchId: 'b1',
    source: { kind: 'turn', agentId, turnId: 't1' },
    permission: 'unlimited',
    cwd: '/recorded',
    failFast: false,
  },
  ...commands.map((command, index): EventBody => ({
    type: 'call.queued',
    callId: `c${index + 1}`,
    batchId: 'b1',
    index,
    tool: 'terminal',
    input: { kind: 'parsed', value: { command } },
  })),
  { type: 'turn.ended', agentId, turnId: 't1', stopReason: 'tool_use', usage: noUsage },
  { type: 'turn.started', agentId, runId: 'r', turnId: 't2', attempt: 1, model: 'recorded' },
  { type: 'block.received', agentId, turnId: 't2', index: 0, block: { type: 'text', text: 'Noted.' } },
  { type: 'turn.ended', agentId, turnId: 't2', stopReason: 'end_turn', usage: noUsage },
];

/** Ends what a killed program left running, where no resume has. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** A session whose program was killed while its second command ran, when the first had its outcome. */
async function killed(t: TestContext): Promise<{ readonly folder: string; readonly sessionId: string }> {
  const folder = await temporaryFolder(t);
  const events = transcript.map((event, index) => ({
    v: 1,
    seq: index + 1,
    at: 1000 + index,
    sessionId: 's',
    ...event,
  }));
  await writeFile(join(folder, 't.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  execFileSync('mkfifo', [join(folder, 'begun')]);
  const run = startCli(
    folder,
    ...['agent', 'Note it.', '--replay', 't.ndjson', '--permission', 'unlimited', '--json'],
    ...['--state-dir', 'state'],
  );
  await run.untilPrinted('"type":"call.settled"');
  run.child.kill('SIGKILL');
  const left = Number(await readFile(join(folder, 'pid'), 'utf8'));
  t.after(() => endProcess(left));
  await run.ended;
  const [sessionId = ''] = await readdir(join(folder, 'state', 'sessions'));
  return { folder, sessionId };
}

test('a killed program leaves a session that another one brings to its end, without running anything twice', async (t) => {
  const { folder, sessionId } = await killed(t);
  const args = ['--state-dir', 'state', '--replay', 't.ndjson'];
  const { exitCode, stdout } = await cli(folder, 'resume', sessionId.slice(0, 20), '--json', ...args);
  const lines = jsonLines(stdout);
  assert.deepEqual(
    lines.filter(({ type }) => type === 'call.started'),
    [],
  );
  const { type, kind, status, text } = lines.at(-1) ?? {};
  assert.deepEqual([type, kind, status, text], ['result', 'agent', 'completed', 'Noted.']);
  assert.equal(exitCode, 0);
  assert.deepEqual((await readFile(join(folder, 'notes.txt'), 'utf8')).trim().split('\n').sort(), [
    'one',
    'two',
  ]);

  const again = await cli(folder, 'resume', sessionId, ...args);
  assert.equal(again.exitCode, 2);
  assert.match(again.stderr, /Nothing of this session was interrupted/);
});

test('a session that is not there, and a recording that is not, are refused before anything runs', async (t) => {
  const { folder, sessionId } = await killed(t);
  const missing = await cli(folder, 'resume', 'nothing', '--state-dir', 'state', '--json');
  assert.equal(missing.exitCode, 2);
  assert.match(
    JSON.stringify(jsonLines(missing.stdout)),
    /^\[\{"type":"result","kind":"unknown".*There is no session nothing/,
  );
  const bad = await cli(folder, 'resume', sessionId, '--state-dir', 'state', '--replay', 'no.ndjson');
  assert.equal(bad.exitCode, 2);
  assert.match(bad.stderr, /--replay: There is no file/);
});

test('a session whose first line can not be read is not said to be absent', async (t) => {
  const { folder, sessionId } = await killed(t);
  const journal = join(folder, 'state', 'sessions', sessionId, 'journal.ndjson');
  const lines = (await readFile(journal, 'utf8')).split('\n');
  for (const first of [lines[0]?.slice(0, 40), '']) {
    await writeFile(journal, [first, ...lines.slice(1)].join('\n'));
    const { exitCode, stderr } = await cli(folder, 'resume', sessionId.slice(0, 20), '--state-dir', 'state');
    assert.match(
      stderr,
      /The session \S+ can't be gone on with: the first line of \S+journal\.ndjson, which says what it was, can't be read/,
    );
    assert.ok(stderr.includes(sessionId));
    assert.equal(exitCode, 2);
  }
});

test('an agent’s session without a key and without a recording is refused, and can still be resumed', async (t) => {
  const { folder, sessionId } = await killed(t);
  const { exitCode, stderr } = await cli(folder, 'resume', sessionId, '--state-dir', 'state');
  assert.equal(exitCode, 2);
  assert.match(stderr, /No API key is set\. Set it in the environment variable ANTHROPIC_API_KEY/);
  const args = ['--state-dir', 'state', '--replay', 't.ndjson'];
  assert.equal((await cli(folder, 'resume', sessionId, ...args)).exitCode, 0);
});

test('a parent that a resumed agent wakes comes to its end too, and the exit code is its', async (t) => {
  const folder = await temporaryFolder(t);
  const { server } = await agentScripts(t, {
    root: [
      asksFor(spawns('c1', 'kid', { background: true, budget: { turns: 1 } })),
      says('I wait.'),
      says('It was cut off.'),
      { status: 400, body: sse.errorBody('invalid_request_error', 'no') },
    ],
    kid: [asksFor(['c2', 'list_files', { pattern: '*' }]), says('It is done.')],
  });
  const args = ['--base-url', server.url, '--state-dir', 'state', '--json'];
  const first = await startCliWithKey(folder, 'agent', 'Lead root', ...args).ended;
  assert.equal(jsonLines(first.stdout).at(-1)?.['text'], 'It was cut off.');
  const [sessionId = ''] = await readdir(join(folder, 'state', 'sessions'));
  const { exitCode, stdout } = await startCliWithKey(folder, 'resume', sessionId, ...args).ended;
  const endings = jsonLines(stdout).flatMap((line) => {
    const ending = line['ending'] as { readonly status: string } | undefined;
    return line['type'] === 'run.ended' ? [`${String(line['agentId'])} ${String(ending?.status)}`] : [];
  });
  assert.deepEqual(endings, ['agent-2 completed', 'agent-1 failed']);
  assert.deepEqual([exitCode, jsonLines(stdout).at(-1)?.['agentId']], [1, 'agent-1']);
});

test('an id that many sessions begin with is refused, and the list of them says where it is cut', async () => {
  const ids = ['s1', 's2', 's3', 's4'];
  const told = async (count: number): Promise<string> => {
    const runtime = { pastSessions: () => Promise.resolve(ids.slice(0, count).map((id) => ({ id }))) };
    const context = { runtime, stateDir: '/state', startFolder: '/' } as unknown as CommandContext;
    const { result } = await resumeCommand({ kind: 'resume', session: 's', json: false }, context);
    return 'problems' in result ? (result.problems[0]?.message ?? '') : '';
  };
  assert.equal(await told(3), 's can be s1 or s2 or s3: give more of the id.');
  assert.equal(await told(4), 's can be s1 or s2 or s3 or …: give more of the id.');
});

test(
  'a session in a folder that takes no file is refused in words for a person',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const folder = await temporaryFolder(t);
    const calls = [{ id: 'a', tool: 'list_files', input: { pattern: '*' } }];
    await writeFile(join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls }));
    await cli(folder, 'run', 'x.batch.json', '--state-dir', 'st');
    const [id = ''] = await readdir(join(folder, 'st', 'sessions'));
    const owners = join(folder, 'st', 'sessions', id, 'owners');
    await rm(owners, { recursive: true });
    // Not even root makes a file there.
    await symlink('/sys/kernel', owners);
    const { exitCode, stderr } = await cli(folder, 'resume', id, '--state-dir', 'st');
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /^allsettled: The session can't be taken over\. The folder that sessions are kept in can't be /,
    );
  },
);
