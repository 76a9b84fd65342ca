import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, unknownEffects, writes } from '../../../src/core/effects.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { call, done, failed, settleDown, startTestBatch, tool } from './testBatch.ts';

const good = tool('good', () => done('fine'));

function goodCalls(count: number): ReturnType<typeof call>[] {
  return Array.from({ length: count }, (_, index) => call(`good-${index}`, 'good'));
}

test('a call that fails leaves its neighbours their results', async () => {
  const bad = tool('bad', () => failed('exit 3'));
  const { batch, outcomes } = await startTestBatch({
    tools: [good, bad],
    calls: [call('a', 'good'), call('b', 'bad'), call('c', 'good')],
  });
  await batch.ended;
  assert.equal(outcomes(), 'a succeeded\nb failed\nc succeeded');
});

const nasty: Readonly<Record<string, () => Promise<ToolResult> | ToolResult>> = {
  'throws at once': () => {
    throw new Error('now');
  },
  'rejects later': () => settleDown().then(() => Promise.reject(new Error('later'))),
  'rejects with undefined': () => Promise.reject(undefined),
  'throws a string': () => Promise.reject('a string'),
  'throws an object without a JSON form': () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    return Promise.reject(cycle);
  },
  'returns nothing': () => undefined as unknown as ToolResult,
  'returns a number': () => 42 as unknown as ToolResult,
  'returns an output without text': () => ({ ok: true, output: {} }) as unknown as ToolResult,
};

for (const [behaviour, run] of Object.entries(nasty))
  test(`a tool that ${behaviour} is one failed call among 14`, async () => {
    const { batch, outcomes } = await startTestBatch({
      tools: [good, tool('nasty', run)],
      calls: [...goodCalls(13), call('nasty')],
    });
    await batch.ended;
    assert.equal(outcomes().match(/succeeded/g)?.length, 13);
    assert.match(outcomes(), /nasty failed$/);
  });

test('a tool whose checks or effects throw is a failed call, and so are an unknown tool and bad input', async () => {
  const throwing = (): never => {
    throw new Error('no');
  };
  const { batch, outcomes, outcome } = await startTestBatch({
    tools: [
      good,
      tool('check', () => done(), { check: throwing }),
      tool('effects', () => done(), { effects: throwing }),
      tool('subject', () => done(), { subject: throwing }),
      tool('picky', () => done(), {
        check: () => ({ ok: false, problems: [{ path: ['path'], message: 'is missing' }] }),
      }),
    ],
    calls: [
      call('check'),
      call('effects'),
      call('subject'),
      call('picky'),
      call('nobody'),
      call('garbled', 'good', {
        input: { kind: 'unparsable', raw: '{"path": "a', problem: 'it ends too soon' },
      }),
      call('good'),
    ],
    judge: (name) => ({ kind: name === 'subject' ? 'ask' : 'allow' }),
  });
  await batch.ended;
  assert.equal(
    outcomes(),
    'check failed\neffects failed\nsubject failed\npicky failed\nnobody failed\ngarbled failed\ngood succeeded',
  );
  const messages = ['picky', 'nobody', 'garbled'].map((id) => {
    const state = outcome(id);
    return state.status === 'failed' ? `${state.error.kind}: ${state.error.message}` : '';
  });
  assert.match(messages[0] ?? '', /^invalidInput: .*path: is missing/);
  assert.match(messages[1] ?? '', /^unknownTool: There is no tool "nobody"\. The tools are: good/);
  assert.match(messages[2] ?? '', /^unparsableInput: .*it ends too soon.*\{"path": "a/);
});

test('a repeated id is renamed, says so, and has an outcome of its own', async () => {
  const { batch, outcomes, session } = await startTestBatch({
    tools: [good],
    calls: [
      call('a', 'good'),
      call('a', 'good'),
      call('b', 'good', { after: [{ id: 'a', when: 'succeeded' }] }),
    ],
  });
  await batch.ended;
  assert.equal(outcomes(), 'a succeeded\na_2 succeeded\nb succeeded');
  assert.equal(session.log.state.calls.get('a_2')?.renamedFrom, 'a');
});

test('part 2 j: calls without an id get one each, and say that they had none', async () => {
  const { batch, outcomes, session } = await startTestBatch({
    tools: [good],
    calls: [call('', 'good'), call('', 'good'), call('call_3', 'good')],
  });
  await batch.ended;
  assert.equal(outcomes(), 'call succeeded\ncall_2 succeeded\ncall_3 succeeded');
  assert.deepEqual(
    [...session.log.state.calls.values()].map(({ renamedFrom }) => renamedFrom),
    ['', '', undefined],
  );
});

test('calls run at the same time, as many as the lane is wide', async () => {
  const gates = new Map<string, PromiseWithResolvers<ToolResult>>();
  const slow = tool('slow', (_input, { callId }) => {
    const gate = Promise.withResolvers<ToolResult>();
    gates.set(callId, gate);
    return gate.promise;
  });
  const { batch } = await startTestBatch({
    tools: [slow],
    calls: ['a', 'b', 'c', 'd'].map((id) => call(id, 'slow')),
    lanes: { io: 3 },
  });
  await settleDown();
  assert.deepEqual([...gates.keys()], ['a', 'b', 'c']);
  gates.get('b')?.resolve(done());
  await settleDown();
  assert.deepEqual([...gates.keys()], ['a', 'b', 'c', 'd']);
  for (const gate of gates.values()) gate.resolve(done());
  await batch.ended;
});

test('a dependent waits, and is skipped with the cause where its dependency does not succeed', async () => {
  const bad = tool('bad', () => failed());
  const { batch, outcomes, outcome, session } = await startTestBatch({
    tools: [good, bad],
    calls: [
      call('last', 'good', { after: [{ id: 'middle', when: 'succeeded' }] }),
      call('middle', 'good', { after: [{ id: 'first', when: 'succeeded' }] }),
      call('cleanUp', 'good', { after: [{ id: 'first', when: 'settled' }] }),
      call('first', 'bad'),
    ],
  });
  await batch.ended;
  assert.equal(outcomes(), 'last skipped\nmiddle skipped\ncleanUp succeeded\nfirst failed');
  assert.deepEqual(
    ['last', 'middle'].map((id) => {
      const state = outcome(id);
      return state.status === 'skipped' ? state.because : undefined;
    }),
    ['middle', 'first'],
  );
  assert.match(session.story(), /last call\.blocked/);
  assert.ok(session.story().indexOf('first failed') < session.story().indexOf('cleanUp call.started'));
});

test('an unknown dependency and a cycle are failures of those calls alone', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: [good],
    calls: [
      call('lost', 'good', { after: [{ id: 'nowhere', when: 'succeeded' }] }),
      call('a', 'good', { after: [{ id: 'b', when: 'succeeded' }] }),
      call('b', 'good', { after: [{ id: 'a', when: 'succeeded' }] }),
      call('behind', 'good', { after: [{ id: 'b', when: 'succeeded' }] }),
      call('c', 'good'),
    ],
  });
  await batch.ended;
  assert.equal(outcomes(), 'lost failed\na failed\nb failed\nbehind skipped\nc succeeded');
});

test('calls that write the same file run one after the other in order, also after a failure', async () => {
  const order: string[] = [];
  const write = tool(
    'write',
    async (_input, { callId }) => {
      order.push(`${callId} starts`);
      await settleDown();
      order.push(`${callId} ends`);
      return callId === 'one' ? failed() : done();
    },
    { effectsAre: writes('file:/w/a') },
  );
  const { batch, outcomes } = await startTestBatch({
    tools: [write],
    calls: [call('one', 'write'), call('two', 'write')],
  });
  await batch.ended;
  assert.equal(outcomes(), 'one failed\ntwo succeeded');
  assert.deepEqual(order, ['one starts', 'one ends', 'two starts', 'two ends']);
});

test('a read beside a command that is not provably read-only does not wait for it', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const { batch, session } = await startTestBatch({
    tools: [
      tool('command', () => gate.promise, { effectsAre: unknownEffects }),
      tool('read', () => done(), { effectsAre: reads('file:/w/a') }),
    ],
    calls: [call('command'), call('read')],
  });
  await settleDown();
  assert.match(session.story(), /read succeeded/);
  gate.resolve(done());
  await batch.ended;
});

test('fail-fast lets running calls finish and skips the others, naming the cause', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const { batch, outcomes, outcome } = await startTestBatch({
    tools: [good, tool('slow', () => gate.promise), tool('bad', () => failed())],
    calls: [call('slow'), call('bad'), call('queued', 'good')],
    lanes: { io: 2 },
    failFast: true,
  });
  await settleDown();
  gate.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'slow succeeded\nbad failed\nqueued skipped');
  const state = outcome('queued');
  assert.equal(state.status === 'skipped' && state.because, 'bad');
});

test('fail-fast does not stop what runs, even where it would heed its signal', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const heeds = tool('heeds', (_input, { signal }) => {
    signal.addEventListener('abort', () => gate.resolve(failed('stopped')));
    return gate.promise;
  });
  const { batch, outcomes } = await startTestBatch({
    tools: [heeds, tool('bad', () => failed())],
    calls: [call('heeds'), call('bad')],
    failFast: true,
  });
  await settleDown();
  gate.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'heeds succeeded\nbad failed');
});

test('onFailure abort of one call works as fail-fast does, and only when that call fails', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: [good, tool('bad', () => failed())],
    calls: [call('bad'), call('guard', 'bad', { onFailure: 'abort' }), call('queued', 'good')],
    lanes: { io: 1 },
  });
  await batch.ended;
  assert.equal(outcomes(), 'bad failed\nguard failed\nqueued skipped');
});

test('a deadline ends a call that never settles, says that it may still run, and the batch goes on', async () => {
  const { batch, clock, outcomes, outcome } = await startTestBatch({
    tools: [good, tool('stuck', () => new Promise<ToolResult>(() => undefined))],
    calls: [call('stuck', 'stuck', { timeoutMs: 500 }), call('good')],
  });
  await settleDown();
  clock.advance(499);
  await settleDown();
  clock.advance(1);
  await settleDown();
  clock.advance(10);
  await batch.ended;
  assert.equal(outcomes(), 'stuck timedOut\ngood succeeded');
  const state = outcome('stuck');
  assert.equal(state.status === 'timedOut' && state.mayStillRun, true);
});

test('a tool that heeds its signal keeps its partial output when the deadline passes', async () => {
  const heeds = tool('heeds', (_input, { signal }) => {
    const { promise, resolve } = Promise.withResolvers<ToolResult>();
    const output = { text: 'half', bytes: 4 };
    signal.addEventListener('abort', () =>
      resolve({ ok: false, error: { kind: 'cancelled', message: '' }, output }),
    );
    return promise;
  });
  const { batch, clock, outcome } = await startTestBatch({ tools: [heeds], calls: [call('heeds')] });
  await settleDown();
  clock.advance(1000);
  await batch.ended;
  const state = outcome('heeds');
  assert.equal(state.status, 'timedOut');
  assert.equal(state.status === 'timedOut' && state.output?.text, 'half');
  assert.equal(state.status === 'timedOut' && state.mayStillRun, undefined);
});

test('waiting for a slot does not count against the deadline', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const { batch, clock, outcomes } = await startTestBatch({
    tools: [good, tool('slow', () => gate.promise, { timeoutMs: 10_000 })],
    calls: [call('slow'), call('good')],
    lanes: { io: 1 },
  });
  await settleDown();
  clock.advance(5000);
  gate.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'slow succeeded\ngood succeeded');
});

test('retries that the author asked for are made, each attempt is on record, and the slot is free between them', async () => {
  let attempts = 0;
  const flaky = tool('flaky', () => (++attempts < 3 ? failed('busy') : done()));
  const { batch, clock, outcomes, session } = await startTestBatch({
    tools: [flaky, good],
    calls: [call('flaky', 'flaky', { retries: 2 }), call('good')],
    lanes: { io: 1 },
  });
  await settleDown();
  assert.match(session.story(), /good succeeded/);
  clock.advance(250);
  await settleDown();
  clock.advance(500);
  await batch.ended;
  assert.equal(outcomes(), 'flaky succeeded\ngood succeeded');
  assert.equal(session.log.state.calls.get('flaky')?.failedAttempts.length, 2);
});

test('cancelling keeps finished outcomes and starts nothing more', async () => {
  const started: string[] = [];
  const slow = tool('slow', (_input, { callId, signal }) => {
    started.push(callId);
    if (callId === 'a') return done('kept');
    const { promise, resolve } = Promise.withResolvers<ToolResult>();
    signal.addEventListener('abort', () => resolve(failed()));
    return promise;
  });
  const { batch, outcomes } = await startTestBatch({
    tools: [slow],
    calls: ['a', 'b', 'c'].map((id) => call(id, 'slow')),
    lanes: { io: 1 },
  });
  await settleDown();
  batch.cancel('person');
  await batch.ended;
  assert.equal(outcomes(), 'a succeeded\nb cancelled\nc cancelled');
  assert.deepEqual(started, ['a', 'b']);
});

test('cancelling at once starts nothing', async () => {
  const { batch, outcomes, session } = await startTestBatch({ tools: [good], calls: goodCalls(2) });
  batch.cancel('parent');
  await batch.ended;
  assert.equal(outcomes(), 'good-0 cancelled\ngood-1 cancelled');
  assert.doesNotMatch(session.story(), /call\.started/);
});

test('cancelling one call leaves the others', async () => {
  const gates = new Map<string, PromiseWithResolvers<ToolResult>>();
  const slow = tool('slow', (_input, { callId }) => {
    const gate = Promise.withResolvers<ToolResult>();
    gates.set(callId, gate);
    return gate.promise;
  });
  const { batch, clock, outcomes } = await startTestBatch({
    tools: [slow],
    calls: [call('a', 'slow'), call('b', 'slow')],
  });
  await settleDown();
  batch.cancelCall('a', 'person');
  await settleDown();
  clock.advance(10);
  gates.get('b')?.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'a cancelled\nb succeeded');
});

test('an outcome is final: what comes after it changes nothing', async () => {
  const { batch, outcomes, session } = await startTestBatch({ tools: [good], calls: goodCalls(1) });
  await batch.ended;
  batch.cancel('person');
  batch.cancelCall('good-0', 'person');
  await settleDown();
  assert.equal(outcomes(), 'good-0 succeeded');
  assert.equal(session.story().match(/good-0 (succeeded|cancelled)/g)?.length, 1);
});

test('every call is queued, in order, before any of them starts', async () => {
  const { batch, session } = await startTestBatch({ tools: [good], calls: goodCalls(3) });
  await batch.ended;
  assert.deepEqual(session.story().split('\n').slice(0, 5), [
    'batch.started',
    'good-0 call.queued',
    'good-1 call.queued',
    'good-2 call.queued',
    'good-0 call.started',
  ]);
});

test('output beyond what a model can take is shortened, and kept whole in a file', async () => {
  const huge = tool('huge', () => done('x'.repeat(5_000_000)));
  const { batch, outcome } = await startTestBatch({ tools: [huge], calls: [call('huge')] });
  await batch.ended;
  const state = outcome('huge');
  assert.ok(state.status === 'succeeded');
  assert.ok(state.output.text.length < 400_000);
  assert.match(
    state.output.text,
    /bytes \(0 lines\) left out; read_output {"callId":"huge","startLine":1} reads on/,
  );
  assert.equal(state.output.file, '/kept');
  assert.equal(state.output.bytes, 5_000_000);
});

test('a chain of 10,000 calls that are written backwards runs in its order', async () => {
  const count = 10_000;
  const chain = Array.from({ length: count }, (_, place) =>
    call(
      `c${place}`,
      'good',
      place + 1 < count ? { after: [{ id: `c${place + 1}`, when: 'succeeded' }] } : {},
    ),
  );
  const { batch, session } = await startTestBatch({ tools: [good], calls: chain });
  await batch.ended;
  const order = session.events.flatMap((event) => (event.type === 'call.settled' ? [event.callId] : []));
  assert.equal(order.length, count);
  assert.deepEqual(order, chain.map(({ id }) => id).reverse());
});

test('the intent of a call with effects is on record before its tool begins', async () => {
  const seen: boolean[] = [];
  const gate = Promise.withResolvers<void>();
  const write = tool('write', () => done(), { effectsAre: writes('file:/w/a') });
  const test = await startTestBatch({
    tools: [{ ...write, run: (input, context) => (seen.push(true), write.run(input, context)) }],
    calls: [call('write')],
    holdDurable: gate.promise,
  });
  await settleDown();
  assert.deepEqual(seen, []);
  gate.resolve();
  await test.batch.ended;
  assert.deepEqual(seen, [true]);
});

test('a tool that ended well in spite of its stop has succeeded: its effect is there', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const { batch, clock, outcomes } = await startTestBatch({
    tools: [tool('slow', () => gate.promise)],
    calls: [call('slow')],
  });
  await settleDown();
  clock.advance(1000);
  gate.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'slow succeeded');
});

test('a call whose effects can not be named in time counts as one of unknown effects, and holds up nobody for ever', async () => {
  const slow = tool('slow', () => done(), { effects: () => new Promise(() => undefined) });
  const { batch, clock, outcomes } = await startTestBatch({
    tools: [slow, good],
    calls: [call('slow'), call('good')],
  });
  await settleDown();
  clock.advance(5000);
  await batch.ended;
  assert.equal(outcomes(), 'slow succeeded\ngood succeeded');
});
