/** Calls that are added one by one, as a model writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallRequest } from '../../../src/core/calls.ts';
import { reads, unknownEffects, writes } from '../../../src/core/effects.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { call, done, failed, settleDown, startTestBatch, tool, until, type TestBatch } from './testBatch.ts';

const tools = [
  tool('readA', () => done(), { effectsAre: reads('file:/w/a') }),
  tool('readB', () => done(), { effectsAre: reads('file:/w/b') }),
  tool('writeA', () => done(), { effectsAre: writes('file:/w/a') }),
  tool('command', () => done(), { effectsAre: unknownEffects }),
  tool('picky', () => done(), { check: () => ({ ok: false, problems: [{ path: [], message: 'no' }] }) }),
];

function withInput(id: string, toolName = id): CallRequest {
  return call(id, toolName, { input: { kind: 'parsed', value: { path: 'a' } } });
}

async function written(...calls: readonly CallRequest[]): Promise<TestBatch> {
  const batch = await startTestBatch({ tools, calls, early: true });
  await settleDown();
  return batch;
}

function started({ session }: TestBatch): readonly string[] {
  return session.events.flatMap((event) => (event.type === 'call.started' ? [event.callId] : []));
}

const table: readonly (readonly [string, readonly CallRequest[], readonly string[]])[] = [
  [
    'calls that only read start before the batch',
    [withInput('readA'), withInput('readB')],
    ['readA', 'readB'],
  ],
  ['a call that writes waits for the start', [withInput('writeA')], []],
  ['a command waits for the start', [withInput('command')], []],
  ['a read after a write of the same waits', [withInput('writeA'), withInput('readA')], []],
  ['a read after a write of something else starts', [withInput('writeA'), withInput('readB')], ['readB']],
  ['nothing behind a command starts', [withInput('command'), withInput('readA')], []],
  ['a read before a command starts', [withInput('readA'), withInput('command')], ['readA']],
  ['a call whose input is empty so far waits', [call('readA')], []],
  ['a refused call keeps nothing from starting', [withInput('picky'), withInput('readA')], ['readA']],
];

for (const [name, calls, expected] of table)
  test(name, async () => {
    const test = await written(...calls);
    assert.deepEqual(started(test), expected);
    await test.batch.start();
    const refused = calls.filter((request) => request.tool === 'picky').length;
    assert.equal(test.outcomes().match(/succeeded/g)?.length, calls.length - refused);
  });

test('what needs approval is not asked about before the start', async () => {
  const asked: string[] = [];
  const test = await startTestBatch({
    tools,
    calls: [withInput('readA')],
    early: true,
    judge: () => ({ kind: 'ask' }),
    ask: ({ callId }) => {
      asked.push(callId);
      return Promise.resolve('allowOnce');
    },
  });
  await settleDown();
  assert.deepEqual(asked, []);
  await test.batch.start();
  assert.deepEqual(asked, ['readA']);
});

test('of a discarded batch settled outcomes stand, what ran is cancelled, and the rest never starts', async () => {
  const slow = tool(
    'slow',
    (_input, { signal }) => {
      const { promise, resolve } = Promise.withResolvers<ToolResult>();
      signal.addEventListener('abort', () => resolve(failed()));
      return promise;
    },
    { effectsAre: reads('file:/w/s') },
  );
  const test = await startTestBatch({
    tools: [...tools, slow],
    calls: [withInput('readA'), withInput('slow'), withInput('writeA')],
    early: true,
  });
  await settleDown();
  await test.batch.discard();
  assert.equal(test.outcomes(), 'readA succeeded\nslow cancelled\nwriteA cancelled');
  assert.deepEqual(started(test), ['readA', 'slow']);
});

test('a call that is added after a cancel never starts', async () => {
  const test = await startTestBatch({ tools, calls: [], early: true });
  test.batch.cancel('person');
  test.batch.add({ ...withInput('readA'), index: 0 }, 'early');
  await test.batch.start();
  assert.equal(test.outcomes(), 'readA cancelled');
  assert.deepEqual(started(test), []);
});

test('a read that ran beside a command says so, one that did not does not', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const command = tool('command', () => gate.promise, { effectsAre: unknownEffects });
  const test = await startTestBatch({
    tools: [command, ...tools.slice(0, 2)],
    calls: [withInput('readB'), withInput('command'), withInput('readA')],
  });
  await settleDown();
  gate.resolve(done());
  await test.batch.ended;
  const texts = ['readB', 'readA'].map((id) => {
    const state = test.outcome(id);
    return state.status === 'succeeded' ? state.output.text : state.status;
  });
  assert.deepEqual(texts, ['done', 'done\n[It ran beside command, which may have changed what it read.]']);
});

test('a start right behind the last block runs each call once', async () => {
  const runs: string[] = [];
  const named = Promise.withResolvers<void>();
  const read = tool(
    'read',
    (_input, { callId }) => {
      runs.push(callId);
      return done();
    },
    { effects: () => named.promise.then(() => reads('file:/w/a')) },
  );
  const ids = ['one', 'two', 'three', 'four', 'five', 'six'];
  const calls = ids.map((id) => withInput(id, 'read'));
  const test = await startTestBatch({ tools: [read], calls, early: true });
  const ended = test.batch.start();
  named.resolve();
  await ended;
  assert.deepEqual(runs.toSorted(), ids.toSorted());
});

test('a call that holds no slot, and started early, runs once', async () => {
  let runs = 0;
  const end = Promise.withResolvers<ReturnType<typeof done>>();
  const look = tool('look', () => ((runs += 1), end.promise), { lane: 'none' });
  const calls = [call('a', 'look', { input: { kind: 'parsed', value: { at: 1 } } })];
  const { batch } = await startTestBatch({ tools: [look], calls, early: true });
  await until(() => runs === 1);
  assert.equal(batch.start(), batch.start());
  for (let turn = 0; turn < 5; turn += 1) await settleDown();
  end.resolve(done());
  await batch.ended;
  assert.equal(runs, 1);
});
