/** What a batch does where two things meet: repeated ids, names that come late, a plan that breaks, a disk that is slow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, unknownEffects, writes, type Effects } from '../../../src/core/effects.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { createRunBatch } from '../../../src/tools/runBatch.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

const good = tool('good', () => done());
const bad = tool('bad', () => failed());
const readA = tool('readA', () => done(), { effectsAre: reads('file:/w/a') });
const writeA = tool('writeA', () => done(), { effectsAre: writes('file:/w/a') });
/** Says that its effects are known, and names none: a fault of the tool. */
const nameless = tool('nameless', () => done(), { effectsAre: { kind: 'known' } as unknown as Effects });
const input = { kind: 'parsed', value: { path: 'a' } } as const;

function started({ session }: TestBatch): readonly string[] {
  return session.events.flatMap((event) => (event.type === 'call.started' ? [event.callId] : []));
}

test('who comes after a repeated id comes after the first call that has it', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: [good, bad],
    calls: [
      call('a', 'bad'),
      call('a', 'good'),
      call('b', 'good', { after: [{ id: 'a', when: 'succeeded' }] }),
    ],
  });
  await batch.ended;
  assert.equal(outcomes(), 'a failed\na_2 succeeded\nb skipped');
});

test('who comes after a call that was renamed comes after it, and not after the one that has its id', async () => {
  const inner = [
    { id: 'x', tool: 'good', input: {} },
    { id: 'y', tool: 'good', input: {}, after: ['x'] },
  ];
  const { batch, session } = await startTestBatch({
    tools: [good, bad, createRunBatch([good])],
    calls: [
      call('outer/x', 'bad'),
      call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls: inner } } }),
    ],
  });
  await batch.ended;
  const statuses = [...session.log.state.calls].map(([id, { state }]) => `${id} ${state.status}`);
  assert.deepEqual(statuses, [
    'outer/x failed',
    'outer succeeded',
    'outer/x_2 succeeded',
    'outer/y succeeded',
  ]);
});

test('a call starts early only when the effects of all before it are named', async () => {
  const named = Promise.withResolvers<Effects>();
  const slow = tool('slow', () => done(), { effects: () => named.promise });
  const test = await startTestBatch({
    tools: [slow, readA],
    calls: [call('slow', 'slow', { input }), call('readA', 'readA', { input })],
    early: true,
  });
  await settleDown();
  assert.deepEqual(started(test), []);
  named.resolve(writes('file:/w/a'));
  await test.batch.start();
  assert.deepEqual(started(test), ['slow', 'readA']);
});

test('an input that is no object is as good as empty: its call waits for the start', async () => {
  const calls = [null, 7].map((value, index) =>
    call(`c${index}`, 'good', { input: { kind: 'parsed', value } }),
  );
  const test = await startTestBatch({ tools: [good], calls, early: true });
  await settleDown();
  assert.deepEqual(started(test), []);
  await test.batch.start();
  assert.equal(test.outcomes(), 'c0 succeeded\nc1 succeeded');
});

test('a call that waits for nobody any more is not shown as blocked', async () => {
  const test = await startTestBatch({
    tools: [readA, writeA],
    calls: [call('readA', 'readA', { input }), call('writeA', 'writeA', { input })],
    early: true,
  });
  await settleDown();
  await test.batch.start();
  assert.equal(test.outcomes(), 'readA succeeded\nwriteA succeeded');
  assert.doesNotMatch(test.session.story(), /call\.blocked/);
});

test('where a batch can not be planned each call has an outcome, and what started early keeps its own', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const readB = tool('readB', () => gate.promise, { effectsAre: reads('file:/w/b') });
  const test = await startTestBatch({
    tools: [readA, readB, good, nameless],
    calls: [call('readA', 'readA', { input }), call('readB', 'readB', { input })],
    early: true,
  });
  await settleDown();
  ['nameless', 'good'].forEach((name, index) => test.batch.add({ ...call(name), index: index + 2 }));
  const ended = test.batch.start();
  await settleDown();
  gate.resolve(done());
  await ended;
  assert.match(test.outcomes(), /^readA succeeded\nreadB succeeded\nnameless failed\n/);
});

test('a call that started early and failed keeps the rest from starting, where the batch is fail-fast', async () => {
  const readBad = tool('readBad', () => failed(), { effectsAre: reads('file:/w/b') });
  const test = await startTestBatch({
    tools: [readBad, writeA],
    calls: [call('readBad', 'readBad', { input }), call('writeA', 'writeA', { input })],
    early: true,
    failFast: true,
  });
  await settleDown();
  await test.batch.start();
  assert.equal(test.outcomes(), 'readBad failed\nwriteA skipped');
});

test('a fail-fast batch goes on behind a call that succeeded', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: [good],
    calls: [call('one', 'good'), call('two', 'good', { after: [{ id: 'one', when: 'settled' }] })],
    failFast: true,
  });
  await batch.ended;
  assert.equal(outcomes(), 'one succeeded\ntwo succeeded');
});

test('a container holds no lock that its own calls want', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: [writeA, createRunBatch([writeA])],
    calls: [
      call('outer', 'run_batch', {
        input: { kind: 'parsed', value: { calls: [{ id: 'a', tool: 'writeA', input: {} }] } },
      }),
    ],
  });
  await batch.ended;
  assert.equal(outcomes(), 'outer succeeded');
});

/** A disk that takes a while for each durable event. */
function slowDisk(): { readonly holdDurable: Promise<void>; readonly writeNext: () => Promise<void> } {
  const writing: (() => void)[] = [];
  const write = { then: (written: () => void) => void writing.push(written) };
  const writeNext = async (): Promise<void> => {
    writing.shift()?.();
    await settleDown();
  };
  return { holdDurable: write as unknown as Promise<void>, writeNext };
}

test('a question is on disk before it is asked, and its answer before the call starts', async () => {
  const { holdDurable, writeNext } = slowDisk();
  const seen: string[] = [];
  const careful = tool('careful', () => (seen.push('runs'), done()));
  const { batch } = await startTestBatch({
    tools: [careful],
    calls: [call('careful')],
    holdDurable,
    judge: () => ({ kind: 'ask' }),
    ask: () => (seen.push('asked'), Promise.resolve('allowOnce')),
  });
  await settleDown();
  assert.deepEqual(seen, []);
  await writeNext();
  assert.deepEqual(seen, ['asked']);
  await writeNext();
  assert.deepEqual(seen, ['asked', 'runs']);
  await writeNext();
  await batch.ended;
});

test('an outcome is on disk before anybody goes on because of it', async () => {
  const { holdDurable, writeNext } = slowDisk();
  const test = await startTestBatch({
    tools: [good],
    calls: [call('first', 'good'), call('second', 'good', { after: [{ id: 'first', when: 'succeeded' }] })],
    holdDurable,
  });
  await settleDown();
  assert.deepEqual(started(test), ['first']);
  await writeNext();
  assert.deepEqual(started(test), ['first', 'second']);
  await writeNext();
  await test.batch.ended;
});

test('the keys of a call are free only when its outcome is on disk', async () => {
  const { holdDurable, writeNext } = slowDisk();
  const locks = new Locks();
  const one = await startTestBatch({ tools: [readA], calls: [call('readA')], locks, holdDurable });
  await settleDown();
  const two = await startTestBatch({ tools: [writeA], calls: [call('writeA')], locks });
  await settleDown();
  assert.deepEqual(started(two), []);
  await writeNext();
  await Promise.allSettled([one.batch.ended, two.batch.ended]);
  assert.deepEqual(started(two), ['writeA']);
});

for (const [when, calls] of [
  [
    'has ended before it began',
    [call('command'), call('good'), call('readA', 'readA', { after: [{ id: 'command', when: 'settled' }] })],
  ],
  [
    'was never started',
    [call('command', 'command', { after: [{ id: 'bad', when: 'succeeded' }] }), call('bad'), call('readA')],
  ],
] as const)
  test(`a read does not name a command that ${when}`, async () => {
    const command = tool('command', () => done(), { effectsAre: unknownEffects });
    const { batch, outcome } = await startTestBatch({ tools: [command, good, bad, readA], calls });
    await batch.ended;
    const state = outcome('readA');
    assert.equal(state.status === 'succeeded' && state.output.text, 'done');
  });

test('commands that run at the same time name each other in no result: nobody knows that one disturbed the other', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const command = tool('command', () => gate.promise, { effectsAre: unknownEffects });
  const { batch, outcome } = await startTestBatch({
    tools: [command],
    calls: [call('one', 'command'), call('two', 'command')],
  });
  gate.resolve(done());
  await batch.ended;
  const texts = ['one', 'two'].map((id) => {
    const state = outcome(id);
    return state.status === 'succeeded' && state.output.text;
  });
  assert.deepEqual(texts, ['done', 'done']);
});

test('a call that was renamed stays so: a third one of the same id gets a number of its own', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: [good],
    calls: ['a', 'a', 'a_2', 'a', 'a'].map((id) => call(id, 'good')),
  });
  await batch.ended;
  assert.deepEqual(batch.callIds, ['a', 'a_2', 'a_2_2', 'a_3', 'a_4']);
  assert.equal(outcomes().match(/succeeded/g)?.length, 5);
});

for (const [what, result] of [
  ['whose error has no message', { ok: false, error: { kind: 'io' } }],
  [
    'whose partial output has no text',
    { ok: false, error: { kind: 'io', message: 'no' }, output: { bytes: 1 } },
  ],
  ['whose output has no size', { ok: true, output: { text: 'x' } }],
] as const)
  test(`a result ${what} is no result`, async () => {
    const odd = tool('odd', () => result as unknown as ToolResult);
    const { batch, outcome } = await startTestBatch({ tools: [odd], calls: [call('odd')] });
    await batch.ended;
    const state = outcome('odd');
    assert.equal(state.status === 'failed' && state.error.kind, 'badResult');
  });
