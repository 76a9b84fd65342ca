/** Processes that are known by more than their ids. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { findProcess, findProcessNow, findWithPs } from '../../../src/adapters/node/processIdentity.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createRunningProcesses } from '../../../src/adapters/node/runningProcesses.ts';
import { leftProcesses } from '../../../src/store/leftProcesses.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const isWindows = process.platform === 'win32';

/** A process that goes on until it is ended, and leads a group. */
function sleeper(t: TestContext) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    detached: true,
  });
  t.after(() => child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, exited: once(child, 'exit') as Promise<[number | null, string | null]> };
}

void suite('a process', () => {
  const ways = isWindows ? { findProcess } : { findProcess, findWithPs };
  for (const [name, find] of Object.entries(ways))
    test(`is the same one each time it is found, and gone when it has ended: ${name}`, async (t) => {
      const { pid, exited } = sleeper(t);
      const found = await find(pid);
      assert.equal(found?.pid, pid);
      assert.ok(found.start, 'its start is known');
      assert.deepEqual(await find(pid), found);
      process.kill(pid, 'SIGKILL');
      await exited;
      assert.equal(await find(pid), undefined);
    });

  test(
    'that is found at once is the one that is found in time',
    { skip: process.platform !== 'linux' },
    async () => {
      assert.deepEqual(findProcessNow(process.pid), await findProcess(process.pid));
    },
  );
});

void suite('a process that somebody else started', { skip: isWindows }, () => {
  const running = createRunningProcesses(nodeClock, 50);

  test('is ended where it is the one that is meant', async (t) => {
    const { pid, exited } = sleeper(t);
    const found = await findProcess(pid);
    assert.ok(found);
    assert.equal(await running.end(found), true);
    assert.equal((await exited)[1], 'SIGTERM');
  });

  test('is left alone where it has the id and another start, or none to tell', async (t) => {
    const { pid } = sleeper(t);
    assert.equal(await running.end({ pid, start: 'long ago' }), false);
    assert.equal(await running.end({ pid }), false);
    assert.ok(await findProcess(pid));
  });
});

test('a command has a note on disk while it runs, and none after', { skip: isWindows }, async (t) => {
  const root = await temporaryFolder(t);
  const folder = path.join(root, 's1', 'running');
  const processes = createProcesses({
    clock: nodeClock,
    runningFolder: (id) => path.join(root, id, 'running'),
  });
  const stopping = new AbortController();
  t.after(() => stopping.abort());
  const started = Promise.withResolvers<void>();
  const ended = processes.run({
    command: { kind: 'shell', line: 'echo ready; exec sleep 1000' },
    cwd: root,
    sessionId: 's1',
    signal: stopping.signal,
    onChunk: () => started.resolve(),
  });
  await started.promise;
  const [left] = await leftProcesses(folder);
  assert.ok(left);
  const { mark, ...identity } = left;
  assert.deepEqual(identity, await findProcess(left.pid));
  assert.match(mark ?? '', /./);
  assert.deepEqual(JSON.parse(await readFile(path.join(folder, String(left.pid)), 'utf8')), left);
  stopping.abort();
  await ended;
  assert.deepEqual(await readdir(folder), []);
});
