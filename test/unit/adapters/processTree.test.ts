import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { membersOf, parseStat } from '../../../src/adapters/node/linuxProcesses.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { ProcessTree } from '../../../src/adapters/node/processTree.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });

/** Runs a line until it says "up", aborts it, and tells which of the processes in the file `pids` live. */
async function livingAfterAbort(t: TestContext, line: string): Promise<readonly string[]> {
  const cwd = await temporaryFolder(t);
  const abort = new AbortController();
  const onChunk = (): void => abort.abort();
  const end = await processes.run({ command: { kind: 'shell', line }, cwd, signal: abort.signal, onChunk });
  assert.equal(end.kind, 'killed');
  const pids = (await readFile(path.join(cwd, 'pids'), 'utf8')).trim().split('\n');
  t.after(() => execFileSync('/bin/sh', ['-c', `kill -9 ${pids.join(' ')} 2> /dev/null; true`]));
  return pids.filter(isAlive);
}

function isAlive(pid: string): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).trim().startsWith('Z');
  } catch {
    return false;
  }
}

// Each ignores the request to end and holds no pipe, so that nothing but its death can be waited for.
const stubborn = `trap "" TERM; exec < /dev/null 2> /dev/null; echo $$ >> pids; echo up; exec > /dev/null; while :; do sleep 1; done`;

test('an abort kills a grandchild that ignores the request to end', { timeout: 30_000 }, async (t) => {
  assert.deepEqual(await livingAfterAbort(t, `bash -c 'bash -c '\\''${stubborn}'\\'' & wait'`), []);
});

if (process.platform === 'linux') {
  test(
    'an abort kills a child with a session of its own, also when its parent died first',
    { timeout: 30_000 },
    async (t) => {
      assert.deepEqual(await livingAfterAbort(t, `setsid bash -c '${stubborn}' & wait`), []);
    },
  );

  test('killAll reaches a child with a session of its own', { timeout: 30_000 }, async (t) => {
    const cwd = await temporaryFolder(t);
    const own = createProcesses({ clock: nodeClock });
    const line = `setsid bash -c '${stubborn}' & wait`;
    const { signal } = new AbortController();
    await own.run({ command: { kind: 'shell', line }, cwd, signal, onChunk: () => own.killAll() });
    const pid = (await readFile(path.join(cwd, 'pids'), 'utf8')).trim();
    t.after(() => execFileSync('/bin/sh', ['-c', `kill -9 ${pid} 2> /dev/null; true`]));
    // It holds no pipe, so the call does not wait for its death; the test does, for as long as it has.
    while (isAlive(pid)) await nextTurn();
  });
}

if (process.platform !== 'win32') {
  test('where no process can be listed the group ends as a whole', { timeout: 30_000 }, async (t) => {
    const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
    t.after(() => child.kill('SIGKILL'));
    await once(child, 'spawn');
    new ProcessTree(child.pid ?? 0, { list: () => [] }).kill();
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
  });
}

test('a process stays known when its parent is gone, once it was seen', () => {
  const sessions = new Set([10]);
  const row = (pid: number, parentPid: number, session: number) => ({
    pid,
    parentPid,
    session,
    startTicks: pid,
  });
  const before = [row(30, 20, 30), row(20, 10, 10), row(10, 1, 10), row(40, 1, 40), row(41, 40, 40)];
  assert.deepEqual([...membersOf(sessions, before)].sort(), [10, 20, 30]);
  assert.deepEqual([...membersOf(sessions, [row(30, 1, 30), row(31, 30, 31), row(41, 1, 40)])], [30, 31]);
});

test('the name of a process can look like more fields', () => {
  const stat = (state: string): string =>
    `12 (a) R 7 (b)) ${state} 5 6 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777`;
  assert.deepEqual(parseStat(stat('S')), { pid: 12, parentPid: 5, session: 9, startTicks: 777 });
  assert.equal(parseStat(stat('Z')), undefined);
});
