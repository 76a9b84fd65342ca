/** Going on with a session never takes a bound away that it had: the printed command in a real shell, and weaker ones. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SessionEvent } from '../../../src/core/events.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { agentScripts, asksFor, newTexts, says, type AgentScripts } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, startCliWithKey, type CliEnd } from './cliProcess.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const tooLate = {
  status: 429,
  headers: { 'retry-after': '3600' },
  body: sse.errorBody('rate_limit_error', 'Later.'),
};
const outside = (id: string) => asksFor([id, 'terminal', { command: 'echo x >> ../outside.txt' }]);

interface CutOff {
  readonly folder: string;
  readonly scripts: AgentScripts;
  readonly sessionId: string;
  readonly end: CliEnd;
}

/** An agent whose commands are to be confined, and whose API asks to wait for an hour after the first of them. */
async function cutOff(t: TestContext, ...options: readonly string[]): Promise<CutOff> {
  const scripts = await agentScripts(t, { root: [outside('t1'), tooLate, outside('t2'), says('Fin.')] });
  const folder = path.join(await temporaryFolder(t), "a ws'");
  await mkdir(folder);
  const flags = ['--base-url', scripts.server.url, '--permission', 'unlimited', '--state-dir', "../st'"];
  const end = await startCliWithKey(folder, 'agent', 'Lead root', ...flags, ...options).ended;
  const [sessionId = ''] = await readdir(path.join(folder, "../st'", 'sessions'));
  return { folder, scripts, sessionId, end };
}

/** The program by its name, as a shell finds it. */
async function programFolder(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const program = path.join(folder, 'allsettled');
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(program, 0o755);
  return folder;
}

async function inShell(folder: string, line: string, programs: string): Promise<CliEnd> {
  const env = {
    ...process.env,
    PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    ANTHROPIC_API_KEY: 'test-key',
    XDG_DATA_HOME: path.join(folder, 'data'),
  };
  return new Promise((resolve) => {
    const child = execFile('/bin/sh', ['-c', line], { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

async function isMade(folder: string): Promise<boolean> {
  return access(path.join(folder, '..', 'outside.txt')).then(
    () => true,
    () => false,
  );
}

const notOnWindows = { skip: process.platform === 'win32' };

test(
  'X1, R1: the printed command, run in a shell, goes on at the same address and in the sandbox',
  notOnWindows,
  async (t) => {
    const { folder, scripts, sessionId, end } = await cutOff(t, '--sandbox', 'required');
    assert.equal(end.exitCode, 3);
    const hint = /Go on with it: (.*)\n$/.exec(end.stderr)?.[1] ?? assert.fail(end.stderr);
    assert.equal(
      hint,
      `allsettled resume ${sessionId} --state-dir '../st'\\''' --sandbox required --permission unlimited ` +
        `--base-url ${scripts.server.url}`,
    );
    const went = await inShell(folder, hint, await programFolder(t));
    assert.equal(await isMade(folder), false);
    const isConfined = /Read-only file system/.test(newTexts(scripts.requestsOf('root')[1])[0] ?? '');
    if (isConfined) {
      assert.equal(went.exitCode, 0, went.stderr);
      assert.match(newTexts(scripts.requestsOf('root')[3])[0] ?? '', /Read-only file system/);
    } else {
      assert.equal(went.exitCode, 2);
      assert.match(went.stderr, /here commands can't be confined, so it does not go on/);
    }
  },
);

test(
  'X1, R1: a command that would take a bound away is wrong usage and runs nothing',
  notOnWindows,
  async (t) => {
    const { folder, scripts, sessionId } = await cutOff(
      t,
      '--sandbox',
      'on',
      '--permission',
      'workspace-write',
    );
    const journal = path.join(folder, "../st'", 'sessions', sessionId, 'journal.ndjson');
    const before = await readFile(journal, 'utf8');
    const { url } = scripts.server;
    const elsewhere = await agentScripts(t, {});
    const table: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['--base-url', url, '--sandbox', 'off'],
        /--sandbox off is weaker .* on record for this session, on\./,
      ],
      [
        ['--base-url', url, '--permission', 'unlimited'],
        /--permission unlimited is weaker .*, workspace-write\./,
      ],
      [
        [],
        /asks the Messages API at http:\/\/127\.0\.0\.1:\d+, and here that would be https:\/\/api\.anthropic/,
      ],
      [['--base-url', elsewhere.server.url], new RegExp(`name the one on record \\(--base-url ${url}\\)`)],
    ];
    for (const [options, message] of table) {
      const args = ['resume', sessionId, '--state-dir', "../st'", ...options];
      const { exitCode, stderr } = await startCliWithKey(folder, ...args).ended;
      assert.match(stderr, message);
      assert.match(stderr, /1 problem; nothing ran\./);
      assert.equal(exitCode, 2, options.join(' '));
    }
    assert.equal(scripts.server.requests.length, 2);
    assert.equal(elsewhere.server.requests.length, 0);
    const after = (await readFile(journal, 'utf8')).slice(before.length).trim().split('\n').filter(Boolean);
    assert.deepEqual(
      after
        .map((line) => (JSON.parse(line) as SessionEvent).type)
        .filter((type) => type !== 'session.reopened'),
      [],
    );
  },
);

test('R1: without a flag what is on record holds, also for a batch', notOnWindows, async (t) => {
  const folder = path.join(await temporaryFolder(t), 'ws');
  await mkdir(folder);
  const calls = [
    { id: 'a', tool: 'terminal', input: { command: 'echo begun; exec sleep 600' } },
    {
      id: 'b',
      tool: 'terminal',
      input: { command: 'echo x >> ../outside.txt' },
      after: [{ id: 'a', when: 'settled' }],
    },
  ];
  await writeFile(path.join(folder, 'r.batch.json'), JSON.stringify({ version: 1, calls }));
  const flags = ['--json', '--state-dir', '../st'];
  const run = startCliWithKey(
    folder,
    ...['run', 'r.batch.json', ...flags, '--permission', 'unlimited', '--sandbox', 'required'],
  );
  // If there is no sandbox, both commands are refused, and nothing is left to continue.
  await run.untilPrinted('"type":"call.started","callId":"a"').catch(() => undefined);
  run.child.kill('SIGKILL');
  await run.ended;
  const [sessionId = ''] = await readdir(path.join(folder, '../st', 'sessions'));
  const { exitCode } = await cli(folder, 'resume', sessionId, ...flags);
  assert.equal(await isMade(folder), false);
  assert.ok(exitCode === 1 || exitCode === 2, String(exitCode));
});
