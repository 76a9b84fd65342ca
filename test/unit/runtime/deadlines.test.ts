/** Where a call's deadline comes from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuntimePorts } from '../../../src/runtime/createRuntime.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const settings: RuntimePorts['settings'] = {
  lanes: () => ({ io: 8, process: 8, model: 4 }),
  timeoutMs: (tool) => (tool === 'terminal' ? 21 : undefined),
  model: () => 'test-model',
  maxTokens: () => 1000,
  retries: () => ({ turn: 0, longestWaitMs: 60_000 }),
  maxOutputFileBytes: () => 1024 * 1024,
  baseUrl: () => undefined,
};

test('the user’s deadline for a tool holds, unless a call or its input asks for another', async (t) => {
  const cwd = await temporaryFolder(t);
  const runtime = testRuntime(t, await temporaryFolder(t), undefined, { settings });
  const command = 'sleep 60';
  const { settled } = await runtime.runBatch({
    batch: {
      version: 1,
      calls: [
        { id: 'plain', tool: 'terminal', input: { command } },
        { id: 'input', tool: 'terminal', input: { command, timeoutMs: 22 } },
        { id: 'own', tool: 'terminal', input: { command, timeoutMs: 22 }, timeoutMs: 23 },
      ],
    },
    permission: 'unlimited',
    cwd,
    roots: [cwd],
  });
  const told = (await settled).map(({ id, error }) => `${id} ${/\d+ ms/.exec(error?.message ?? '')?.[0]}`);
  assert.deepEqual(told, ['plain 21 ms', 'input 22 ms', 'own 23 ms']);
});
