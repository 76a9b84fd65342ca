/** Whose stop it was: a person cancels; a signal, a closed terminal and a lost output interrupt, and leave all to resume. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { agentScripts, asksFor, says } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { jsonLines, startCliWithKey, type CliEnd, type CliRun } from './cliProcess.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const started = '"type":"call.started"';
const onLinux = { skip: process.platform !== 'linux' };
const notOnWindows = { skip: process.platform === 'win32' };

/** The first call goes on for as long as it may; the second one comes after it. */
const batch = {
  version: 1,
  calls: [
    { id: 'a', tool: 'terminal', input: { command: 'exec sleep 600' } },
    {
      id: 'b',
      tool: 'terminal',
      input: { command: 'echo b' },
      after: [{ id: 'a', when: 'settled' }],
    },
  ],
};

type Kind = 'run' | 'agent' | 'agents';

interface Scene {
  readonly folder: string;
  readonly run: CliRun;
  /** Resumes the one session that there is. */
  readonly resume: () => Promise<CliEnd>;
}

/** A command whose first call is running. */
async function underWay(t: TestContext, kind: Kind): Promise<Scene> {
  const { server } = await agentScripts(t, {
    root: [asksFor(['t', 'terminal', { command: 'exec sleep 600' }]), says('Done.')],
  });
  const folder = path.join(await temporaryFolder(t), 'ws');
  await mkdir(folder);
  await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify(batch));
  const tasks = [{ note: 'n', prompt: 'Lead root', permission: 'unlimited' }];
  await writeFile(path.join(folder, 'x.agents.json'), JSON.stringify({ version: 1, tasks }));
  const address = ['--base-url', server.url];
  const args = {
    run: ['run', 'x.batch.json'],
    agent: ['agent', 'Lead root', ...address],
    agents: ['agents', 'x.agents.json', '--save-file', 'out.txt', ...address],
  }[kind];
  const common = ['--json', '--state-dir', '../st'];
  const run = startCliWithKey(folder, ...args, ...common, '--permission', 'unlimited');
  await run.untilPrinted(started);
  const resume = async (): Promise<CliEnd> => {
    const [id = ''] = await readdir(path.join(folder, '../st/sessions'));
    return startCliWithKey(folder, 'resume', id, ...common, ...(kind === 'run' ? [] : address)).ended;
  };
  return { folder, run, resume };
}

/** Returns the result line's words about the ending. */
function endOf(kind: Kind, stdout: string): string {
  const result = jsonLines(stdout).at(-1) ?? {};
  if (kind === 'agent') return `${String(result['status'])} ${String(result['terminationReason'])}`;
  return ['interrupted', 'cancelled', 'open'].map((name) => `${name} ${String(result[name])}`).join(', ');
}

const interrupted: Readonly<Record<Kind, string>> = {
  run: 'interrupted 1, cancelled 0, open 1',
  agent: 'interrupted hostExit',
  agents: 'interrupted 1, cancelled 0, open 0',
};

/** After a resume: the call that was cut off stays so, what had not begun runs, and agents go on to their end. */
const resumed: Readonly<Record<Kind, readonly [number, string]>> = {
  run: [3, 'interrupted 1, cancelled 0, open 0'],
  agent: [0, 'completed endTurn'],
  agents: [0, 'interrupted 0, cancelled 0, open 0'],
};

describe('X2: what no person asked for is interrupted, and can be resumed', notOnWindows, () => {
  for (const kind of ['run', 'agent', 'agents'] as const)
    for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGHUP'] as const)
      test(`${kind} that gets ${signal}`, async (t) => {
        const { run, resume } = await underWay(t, kind);
        run.child.kill(signal);
        const { exitCode, stdout, stderr } = await run.ended;
        assert.equal(endOf(kind, stdout), interrupted[kind]);
        assert.equal(exitCode, 3);
        assert.match(
          stderr,
          new RegExp(`^allsettled: Ended by ${signal}.*\nGo on with it: allsettled resume .*\n$`),
        );
        const again = await resume();
        assert.deepEqual([again.exitCode, endOf(kind, again.stdout)], resumed[kind]);
      });

  test('a further signal ends it at once, and it is interrupted all the same', async (t) => {
    const { run } = await underWay(t, 'agent');
    run.child.kill('SIGTERM');
    run.child.kill('SIGHUP');
    const { exitCode, stdout } = await run.ended;
    assert.deepEqual([exitCode, endOf('agent', stdout)], [3, interrupted.agent]);
  });

  test('a person cancels, and nothing is left to resume', async (t) => {
    const { run, resume } = await underWay(t, 'run');
    run.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await run.ended;
    assert.deepEqual(
      [exitCode, endOf('run', stdout), stderr],
      [130, 'interrupted 0, cancelled 2, open 0', ''],
    );
    assert.equal((await resume()).exitCode, 2);
  });
});

const node = `"${process.execPath}" "${main}"`;
const ways: readonly (readonly [string, string, string])[] = [
  ['nohup', '/bin/bash', `nohup ${node} run x.batch.json OPTIONS >o 2>e & echo $!; wait $!`],
  [
    'a shell that ignores it',
    '/bin/sh',
    `trap '' HUP; ${node} run x.batch.json OPTIONS >o 2>e & echo $!; wait $!`,
  ],
];

describe('X2: a SIGHUP that the program is to ignore is ignored', onLinux, () => {
  for (const [name, shell, line] of ways)
    test(`below ${name}`, async (t) => {
      const folder = await temporaryFolder(t);
      const calls = [
        { id: 'a', tool: 'terminal', input: { command: 'echo $PPID > begun; cat go; echo went on' } },
      ];
      await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls }));
      await new Promise((resolve) => execFile('mkfifo', ['begun', 'go'], { cwd: folder }, resolve));
      const options = '--permission unlimited --state-dir st';
      const child = spawn(shell, ['-c', line.replace('OPTIONS', options)], { cwd: folder });
      const exited = once(child, 'exit');
      const printed = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
      await readFile(path.join(folder, 'begun'), 'utf8');
      process.kill(Number(printed[0]), 'SIGHUP');
      await writeFile(path.join(folder, 'go'), '');
      assert.deepEqual(await exited, [0, null]);
      assert.match(await readFile(path.join(folder, 'o'), 'utf8'), /1 of 1 succeeded/);
    });
});

async function runOntoFullDisk(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, stderr };
}

describe('q: an output that can not be written any more', onLinux, () => {
  const quick = (count: number): object => ({
    version: 1,
    calls: Array.from({ length: count }, (_, index) => ({
      ...{ id: `c${index}`, tool: 'terminal', input: { command: 'echo x' } },
      ...(index > 0 && { after: [{ id: `c${index - 1}`, when: 'settled' }] }),
    })),
  });

  for (const json of [['--json'], []])
    test(`a full one (${json[0] ?? 'for a person'}) is told, and the run is not called good`, async (t) => {
      const folder = await temporaryFolder(t);
      await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify(quick(3)));
      const args = ['run', 'x.batch.json', '--state-dir', 'st', '--permission', 'unlimited', ...json];
      const { exitCode, stderr } = await runOntoFullDisk(folder, args);
      assert.match(stderr, /allsettled: The output can't be written: ENOSPC/);
      assert.equal(exitCode, 3);
      assert.match(stderr, /\nGo on with it: allsettled resume /);
    });

  for (const [name, args, file] of [
    ['a batch whose calls ended before', ['run', 'x.batch.json', '--permission', 'unlimited'], quick(1)],
    ['no work', ['--help'], {}],
  ] as const)
    test(`a full one is told once where ${name}`, async (t) => {
      const folder = await temporaryFolder(t);
      await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify(file));
      const state = args[0] === 'run' ? ['--state-dir', 'st'] : [];
      const { exitCode, stderr } = await runOntoFullDisk(folder, [...args, ...state]);
      assert.equal(stderr.split("The output can't be written: ENOSPC").length, 2, stderr);
      assert.notEqual(exitCode, 0);
    });

  test('one whose reader goes away interrupts the run', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify(quick(200)));
    const args = ['run', 'x.batch.json', '--json', '--state-dir', 'st', '--permission', 'unlimited'];
    const run = startCliWithKey(folder, ...args);
    await run.untilPrinted('"type":"call.settled"');
    run.child.stdout?.destroy();
    const { exitCode, stderr } = await run.ended;
    assert.equal(exitCode, 3);
    assert.match(
      stderr,
      /^allsettled: The output can't be written: its reader has gone away\.\nGo on with it: /,
    );
  });
});
