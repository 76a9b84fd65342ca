import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noEffects, unknownEffects } from '../../../src/core/effects.ts';
import type { Tool, ToolContext } from '../../../src/core/tools.ts';
import { virtualPath } from '../../../src/core/virtualPath.ts';
import { onDiskOnly } from '../../../src/tools/onDiskOnly.ts';

const runs: unknown[] = [];
const command: Tool = {
  name: 'terminal',
  description: '',
  inputSchema: {},
  lane: 'process',
  access: 'command',
  timeoutMs: 1,
  stops: 'kills',
  check: (input) => ({ ok: true, input }),
  effects: () => unknownEffects,
  folderOf: (input) => (input as { readonly cwd?: string }).cwd,
  subject: () => '',
  boundTo: () => Promise.resolve([{ path: '/a', hash: 'x' }]),
  run: (input) => {
    runs.push(input);
    return Promise.resolve({ ok: true, output: { text: 'ran', bytes: 3 } });
  },
};
const tool = onDiskOnly(command);
const virtual = virtualPath({ scheme: 'memfs', authority: '', path: '/w' });
const inVirtual = { sessionId: 's', cwd: virtual, roots: [virtual] };
const onDisk = { sessionId: 's', cwd: '/w', roots: ['/w', virtual] };
const context = (place: typeof onDisk): ToolContext => place as unknown as ToolContext;

test('in a virtual workspace nobody is asked, nothing runs, and the reason is the outcome', async () => {
  assert.equal(await tool.accessOf?.({}, inVirtual), 'read');
  assert.deepEqual(await tool.effects({}, inVirtual), noEffects);
  assert.deepEqual(await tool.boundTo?.({}, inVirtual), []);
  const result = await tool.run({}, context(inVirtual));
  assert.equal(!result.ok && result.error.kind, 'refused');
  assert.match(
    (!result.ok && result.error.message) || '',
    /virtual.*folder on disk.*terminal is not available/,
  );
  const elsewhere = await tool.run({ cwd: virtual }, context(onDisk));
  assert.equal(elsewhere.ok, false);
  assert.deepEqual(runs, []);
});

test('on a disk it is the same tool', async () => {
  assert.equal(await tool.accessOf?.({}, onDisk), 'command');
  assert.deepEqual(await tool.effects({}, onDisk), unknownEffects);
  assert.deepEqual(await tool.boundTo?.({}, onDisk), [{ path: '/a', hash: 'x' }]);
  assert.equal((await tool.run({ command: 'x' }, context(onDisk))).ok, true);
  assert.deepEqual(runs, [{ command: 'x' }]);
  assert.ok(!('proposes' in tool));
});
