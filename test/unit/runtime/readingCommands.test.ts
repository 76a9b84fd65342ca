/** Commands that provably only read, through the whole runtime. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import type { Tool } from '../../../src/core/tools.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { testRuntime } from './testRuntime.ts';

/** Loads the grammar, for which the engine waits a few seconds alone: a busy machine may need longer. */
async function loadGrammar({ tools }: Runtime, cwd: string): Promise<void> {
  const terminal: Partial<Tool> | undefined = tools.find(({ name }) => name === 'terminal');
  assert.equal(await terminal?.accessOf?.({ command: 'pwd' }, { sessionId: 's', cwd, roots: [cwd] }), 'read');
}

test('under read-only a command that provably reads runs, and no other does', async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFile(path.join(cwd, 'file'), 'one\ntwo\n');
  const runtime = testRuntime(t, await temporaryFolder(t));
  await loadGrammar(runtime, cwd);
  const commands = {
    reads: "cat file | grep -c 'o' && echo done",
    writes: 'cat file > copy',
    leaves: 'cat ../x /etc/hostname',
    runs: 'env cat file',
  };
  const calls = Object.entries(commands).map(([id, command]) => ({
    id,
    tool: 'terminal',
    input: { command },
  }));
  const batch = { version: 1 as const, calls };
  const { settled } = await runtime.runBatch({ batch, permission: 'read-only', cwd, roots: [cwd] });
  assert.deepEqual(
    (await settled).map(({ id, status, output }) => `${id} ${status} ${output?.stdout ?? ''}`.trim()),
    ['reads succeeded 2\ndone', 'writes denied', 'leaves denied', 'runs denied'],
  );
});

test('under workspace-write a command that provably reads asks nobody', async (t) => {
  const cwd = await temporaryFolder(t);
  const asked: string[] = [];
  const runtime = testRuntime(t, await temporaryFolder(t), undefined, {
    approvals: {
      ask: ({ subject }) => {
        asked.push(subject);
        return Promise.resolve('deny');
      },
    },
  });
  await loadGrammar(runtime, cwd);
  const calls = ['pwd', 'ls missing || true', 'touch x'].map((command, index) => ({
    id: `c${index}`,
    tool: 'terminal',
    input: { command },
  }));
  const batch = { version: 1 as const, calls };
  const { settled } = await runtime.runBatch({ batch, permission: 'workspace-write', cwd, roots: [cwd] });
  const statuses = (await settled).map(({ status }) => status);
  assert.deepEqual([statuses, asked], [['succeeded', 'succeeded', 'denied'], ['touch x']]);
});

test('K21: what depends on a question runs, whatever the answer, and is skipped after a failure', async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFile(path.join(cwd, 'file'), 'one\n');
  const runtime = testRuntime(t, await temporaryFolder(t));
  const call = (id: string, command: string, after: readonly string[] = []) => ({
    ...{ id, tool: 'terminal', input: { command } },
    ...(after.length > 0 && { after: after.map((on) => ({ id: on, when: 'succeeded' as const })) }),
  });
  const calls = [
    call('none', 'grep two file'),
    call('afterNone', 'echo next', ['none']),
    call('differs', 'env true && diff file /dev/null > changes'),
    call('piped', 'env cat file | grep two'),
    call('afterPiped', 'echo next', ['piped']),
    call('broken', 'grep two missing'),
    call('afterBroken', 'echo next', ['broken']),
    call('failed', 'env false'),
  ];
  const batch = { version: 1 as const, calls };
  const { settled } = await runtime.runBatch({ batch, permission: 'unlimited', cwd, roots: [cwd] });
  assert.deepEqual(
    (await settled).map(({ id, status, output }) => `${id} ${status} ${output?.exitCode ?? ''}`.trim()),
    [
      ...['none succeeded 1', 'afterNone succeeded 0', 'differs failed 1', 'piped succeeded 1'],
      ...['afterPiped succeeded 0', 'broken failed 2', 'afterBroken skipped', 'failed failed 1'],
    ],
  );
});
