/** 9/16/c: what a command leaves running is told when it ends by itself, and ended when it is stopped. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createRunningProcesses } from '../../../src/adapters/node/runningProcesses.ts';
import type { ProcessEnd, ProcessSpec } from '../../../src/core/processPorts.ts';
import { leftProcesses } from '../../../src/store/leftProcesses.ts';
import { toToolResult } from '../../../src/tools/processResult.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** A command that writes the ids of what it leaves to the file `pids`. */
async function run(
  t: TestContext,
  line: string,
  more: Partial<ProcessSpec> = {},
): Promise<{ readonly end: ProcessEnd; readonly text: string; readonly pids: readonly number[] }> {
  const cwd = await temporaryFolder(t);
  const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });
  const { signal } = new AbortController();
  const end = await processes.run({ command: { kind: 'shell', line }, cwd, signal, ...more });
  const text = (await readFile(path.join(cwd, 'pids'), 'utf8').catch(() => '')).trim();
  const pids = text === '' ? [] : text.split('\n').map(Number);
  t.after(() => pids.forEach(kill));
  const result = toToolResult(end, 'call', () => false);
  return { end, text: result.output?.text ?? '', pids };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z');
  return !/\) [ZX]/.test(stat);
}

async function living(pids: readonly number[]): Promise<readonly number[]> {
  const alive: number[] = [];
  for (const pid of pids) if (await isAlive(pid)) alive.push(pid);
  return alive;
}

const note = 'echo $$ >>pids';
const away = '</dev/null >/dev/null 2>&1';
/** The shell waits until what it started has said its id, or has become the program that it is to be. */
const untilSaid = 'until [ -s pids ]; do :; done';
const untilSleeps = 'until grep -q sleep "/proc/$(<pids)/comm"; do :; done 2>/dev/null';

/** Each starts what outlives it. */
const ways: readonly (readonly [how: string, line: string, holdsOutput: boolean])[] = [
  ['in the background', `sh -c '${note}; exec sleep 60' & WAIT`, true],
  ['in a session of its own', `setsid sh -c '${note}; exec sleep 60' & WAIT`, true],
  ['after forking twice', `(setsid sh -c '${note}; exec sleep 60' &); WAIT`, true],
  [
    'after forking twice, without the output',
    `(setsid sh -c '${note}; exec sleep 60' ${away} &); WAIT`,
    false,
  ],
  [
    'after forking twice, without an environment',
    `(setsid env -i /bin/sh -c '${note}; exec sleep 60' &); WAIT`,
    true,
  ],
];

if (process.platform === 'linux') {
  for (const [how, line, holdsOutput] of ways) {
    test(`9/16/c: a result names what goes on ${how}`, async (t) => {
      const { text, pids, end } = await run(t, `${line.replace('WAIT', untilSleeps)}; echo done`);
      const which = holdsOutput ? 'goes on and holds its output' : 'goes on';
      assert.equal(text, `exit 0\nstdout:\ndone\n[something that it started ${which}: sleep (${pids[0]})]`);
      assert.equal(end.kind, 'exited');
      assert.deepEqual(await living(pids), pids);
    });

    test(`9/16/c: a stop ends what was started ${how}`, async (t) => {
      const abort = new AbortController();
      const onChunk = (): void => abort.abort();
      const stubborn = line
        .replace('WAIT', untilSaid)
        .replace('exec sleep 60', 'trap "" TERM; while :; do sleep 1; done');
      const { end, text, pids } = await run(t, `${stubborn}; echo up; sleep 60`, {
        signal: abort.signal,
        onChunk,
      });
      assert.equal(end.kind, 'killed');
      assert.equal(text, 'stopped before its end\nstdout:\nup');
      assert.equal(pids.length, 1);
      assert.deepEqual(await living(pids), []);
    });
  }

  test('9/16/c: a command that leaves nothing says nothing of it', async (t) => {
    const { end } = await run(t, 'sleep 0 & wait; ls | cat; (sleep 0 &); echo done');
    assert.equal(end.kind === 'exited' && end.left, undefined);
  });

  test('9/16/c: of commands that run at once each is told what it has left itself', async (t) => {
    const cwd = await temporaryFolder(t);
    const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });
    const { signal } = new AbortController();
    // A shell that becomes no other program is found at any moment.
    const stays = (index: number): string => `sh -c 'touch up${index}; while :; do sleep 1; done'`;
    const starts = [`setsid ${stays(0)} &`, `${stays(1)} &`, 'touch up2', `(setsid ${stays(3)} ${away} &)`];
    const untilAllHaveBegun = starts.map((_, index) => `until [ -e up${index} ]; do :; done`).join('\n');
    const ends = await Promise.allSettled(
      starts.map((start) => {
        const line = `${start}\n${untilAllHaveBegun}`;
        return processes.run({ command: { kind: 'shell', line }, cwd, signal });
      }),
    );
    const left = ends.map((end) =>
      end.status === 'fulfilled' && end.value.kind === 'exited' ? (end.value.left?.processes ?? []) : [],
    );
    const pids = left.flat().map(({ pid }) => pid);
    t.after(() => pids.forEach(kill));
    assert.deepEqual(
      left.map((processes) => processes.some(({ name }) => name === 'sh')),
      [true, true, false, true],
    );
    assert.deepEqual(left[2], []);
    assert.equal(new Set(pids).size, pids.length);
  });

  test('9/16/c: of a dead program the mark in the note finds what its command had started', async (t) => {
    const cwd = await temporaryFolder(t);
    const folder = path.join(cwd, 'running');
    const processes = createProcesses({ clock: nodeClock, killGraceMs: 50, runningFolder: () => folder });
    const noted = Promise.withResolvers<Awaited<ReturnType<typeof leftProcesses>>>();
    const line = `(setsid sh -c '${note}; exec sleep 60' ${away} &); ${untilSaid}; echo up`;
    await processes.run({
      command: { kind: 'shell', line },
      cwd,
      sessionId: 'session',
      signal: new AbortController().signal,
      onChunk: () => noted.resolve(leftProcesses(folder)),
    });
    const pids = [Number(await readFile(path.join(cwd, 'pids'), 'utf8'))];
    t.after(() => pids.forEach(kill));
    const [left] = await noted.promise;
    assert.ok(left?.mark);
    const running = createRunningProcesses(nodeClock, 50);
    assert.deepEqual(await living(pids), pids);
    assert.equal(await running.end({ ...left, mark: 'another' }), false);
    assert.equal(await running.end(left), true);
    assert.deepEqual(await living(pids), []);
    assert.equal(await running.end(left), false);
  });
}

test('9/16/c: a stop that could not end everything says what still runs', () => {
  const stream = {
    kept: { isWhole: true, text: '' },
    shown: { isWhole: true, text: '' },
    bytes: 0,
    isBinary: false,
    firstLine: 1,
  } as const;
  const output = { stdout: stream, stderr: stream };
  const processes = [{ pid: 7, name: 'su\u001b[2Jdo\n]', holdsOutput: false }];
  const result = toToolResult(
    { kind: 'killed', output, left: { isOutputHeld: false, processes } },
    'call',
    () => false,
  );
  assert.equal(
    result.output?.text,
    'no output (0 bytes), stopped before its end\n[it was stopped, but this could not be ended and still runs: su??2Jdo?? (7)]',
  );
  assert.deepEqual(result.output?.leftRunning, [{ pid: 7, name: 'su\u001b[2Jdo\n]' }]);
});
