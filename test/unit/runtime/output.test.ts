import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import type { CallRecord } from '../../../src/core/calls.ts';
import type { Settings } from '../../../src/core/ports.ts';
import type { BatchCall } from '../../../src/formats/batchFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const oneProcess: Settings = {
  lanes: () => ({ io: 8, process: 1, model: 1 }),
  timeoutMs: () => undefined,
  model: () => 'test-model',
  maxTokens: () => 1000,
  maxOutputFileBytes: () => 1024 * 1024,
  retries: () => ({ turn: 0, longestWaitMs: 1 }),
  baseUrl: () => undefined,
};

/** Runs calls with room for one process at a time. */
async function runCalls(t: TestContext, calls: readonly BatchCall[]): Promise<readonly CallRecord[]> {
  const runtime = testRuntime(t, await temporaryFolder(t), undefined, {
    processes: createProcesses({ clock: nodeClock, killGraceMs: 50 }),
    settings: oneProcess,
  });
  const cwd = await temporaryFolder(t);
  const batch = { version: 1, calls } as const;
  return (await runtime.runBatch({ batch, permission: 'unlimited', cwd, roots: [cwd] })).settled;
}

function textOf(record: CallRecord | undefined): string {
  return record?.output?.text ?? record?.error?.message ?? '';
}

const shortened = { id: 'a', tool: 'terminal', input: { command: 'seq 100000; seq 200001 300000 >&2' } };

test('a shortened output says how to read on, and that reads what was left out', async (t) => {
  const [first] = await runCalls(t, [shortened]);
  const marks = [...textOf(first).matchAll(/(\d+)\n\[\.\.\. .* left out; read_output (\{.*\}) reads on/g)];
  assert.equal(marks.length, 2);
  const reads = marks.map(([, , input = ''], index) => ({
    id: `read-${index}`,
    tool: 'read_output',
    input: JSON.parse(input) as unknown,
    after: [{ id: 'a', when: 'succeeded' as const }],
  }));
  const records = await runCalls(t, [shortened, ...reads]);
  const seams = marks.map(([, last]) => Number(last) + 1);
  assert.deepEqual(
    records.slice(1).map((record) => Number(textOf(record).split('\n')[1]?.split('\t')[1])),
    seams,
  );
});

test('output of another session is not found', async (t) => {
  const runtime = testRuntime(t, await temporaryFolder(t));
  const cwd = await temporaryFolder(t);
  const run = async (call: BatchCall): Promise<CallRecord | undefined> => {
    const batch = { version: 1, calls: [call] } as const;
    const { settled } = await runtime.runBatch({ batch, permission: 'unlimited', cwd, roots: [cwd] });
    return (await settled)[0];
  };
  assert.equal((await run({ id: 'a', tool: 'terminal', input: { command: 'echo x' } }))?.status, 'succeeded');
  const read = await run({ id: 'b', tool: 'read_output', input: { callId: 'a' } });
  assert.equal(read?.error?.kind, 'notFound');
});

test(
  'a command past its deadline is dead before its slot is free and its outcome is told',
  { timeout: 60_000 },
  async (t) => {
    const stubborn = `trap "" TERM; exec < /dev/null 2> /dev/null; echo $$ > pid; echo up; exec > /dev/null; while :; do sleep 1; done`;
    // One that has ended and waits to be counted (Z) is dead.
    const look = { command: 'ps -o stat= -p $(cat pid) | grep -qv Z && echo alive || echo dead' };
    const [timedOut, inSameLane, after] = await runCalls(t, [
      { id: 'a', tool: 'terminal', input: { command: `bash -c '${stubborn}' & wait` }, timeoutMs: 1000 },
      { id: 'b', tool: 'terminal', input: look },
      { id: 'c', tool: 'terminal', input: look, after: [{ id: 'a', when: 'settled' }] },
    ]);
    assert.equal(timedOut?.status, 'timedOut');
    assert.equal(timedOut.output?.stdout, 'up\n');
    assert.match(textOf(inSameLane), /dead$/);
    assert.match(textOf(after), /dead$/);
  },
);
