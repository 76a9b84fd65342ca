/** What follows a failed attempt, and what a call that can't be stopped does to others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, writes, type Effects } from '../../../src/core/effects.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

const busy: ToolResult = { ok: false, error: { kind: 'busy', message: 'EMFILE' } };

async function letRetriesPass({ clock }: TestBatch, pauses: number): Promise<void> {
  for (let count = 0; count < pauses; count += 1) {
    await settleDown();
    clock.advance(10_000);
  }
  await settleDown();
}

test('a passing failure of a call that changes nothing is repeated unasked, twice', async () => {
  let attempts = 0;
  const flaky = tool('flaky', () => (++attempts < 3 ? busy : done()), { effectsAre: reads('file:/w/a') });
  const test = await startTestBatch({ tools: [flaky], calls: [call('flaky')] });
  await letRetriesPass(test, 2);
  assert.equal(test.outcomes(), 'flaky succeeded');
  assert.deepEqual(
    test.session.log.state.calls.get('flaky')?.failedAttempts.map(({ error }) => error.kind),
    ['busy', 'busy'],
  );
});

test('a passing failure of a call that writes is repeated unasked where its tool says that it may be', async () => {
  let attempts = 0;
  const flaky = tool('flaky', () => (++attempts < 2 ? busy : done()), {
    effectsAre: writes('git:/w/.git:index'),
    mayBeRepeated: () => true,
  });
  const test = await startTestBatch({ tools: [flaky], calls: [call('flaky')] });
  await letRetriesPass(test, 1);
  assert.equal(test.outcomes(), 'flaky succeeded');
});

for (const named of [undefined, null, 'reads', { kind: 'known' }, { kind: 'known', reads: [] }])
  test(`a tool whose effects are ${JSON.stringify(named)} fails its own calls alone`, async () => {
    const tools = [
      tool('odd', () => done(), { effects: () => named as unknown as Effects }),
      tool('late', () => done(), { effects: () => Promise.resolve(named as unknown as Effects) }),
      tool('good', () => done(), { effectsAre: reads('file:/w/a') }),
    ];
    const calls = [call('odd'), call('late'), call('good')];
    const { batch, outcomes } = await startTestBatch({ tools, calls });
    await batch.ended;
    assert.equal(outcomes(), 'odd failed\nlate failed\ngood succeeded');
  });

for (const [name, result, effects] of [
  ['a lasting failure', failed('no such thing'), reads('file:/w/a')],
  ['a passing failure of a call that writes', busy, writes('file:/w/a')],
] as const)
  test(`${name} is not repeated unasked`, async () => {
    let attempts = 0;
    const once = tool(
      'once',
      () => {
        attempts += 1;
        return result;
      },
      { effectsAre: effects },
    );
    const { batch } = await startTestBatch({ tools: [once], calls: [call('once')] });
    await batch.ended;
    assert.equal(attempts, 1);
  });

test('retries that were asked for repeat a call that writes, and none after bad input', async () => {
  let attempts = 0;
  const write = tool('write', () => (++attempts < 2 ? failed() : done()), {
    effectsAre: writes('file:/w/a'),
  });
  const refuses = tool('refuses', () => ({ ok: false, error: { kind: 'invalidInput', message: 'no' } }));
  const test = await startTestBatch({
    tools: [write, refuses],
    calls: [call('write', 'write', { retries: 1 }), call('refuses', 'refuses', { retries: 5 })],
  });
  await letRetriesPass(test, 1);
  assert.equal(test.outcomes(), 'write succeeded\nrefuses failed');
  assert.equal(test.session.log.state.calls.get('refuses')?.failedAttempts.length, 0);
});

/** A tool that ignores its signal, until the test lets it end. */
function stubborn(effects = writes('file:/w/a')): {
  readonly tool: ReturnType<typeof tool>;
  readonly end: () => void;
} {
  const gate = Promise.withResolvers<ToolResult>();
  const stuck = tool('stuck', () => gate.promise, { effectsAre: effects, timeoutMs: 100 });
  return { tool: stuck, end: () => gate.resolve(done()) };
}

async function untilTimedOut({ clock }: TestBatch): Promise<void> {
  await settleDown();
  clock.advance(100);
  await settleDown();
  clock.advance(10);
  await settleDown();
}

test('the keys of a call that may still run stay taken: calls that want them fail and name it', async () => {
  const { tool: stuck, end } = stubborn();
  const locks = new Locks();
  const tools = [stuck, tool('read', () => done(), { effectsAre: reads('file:/w/a') })];
  const first = await startTestBatch({ tools, calls: [call('stuck'), call('read')], locks });
  await untilTimedOut(first);
  await first.batch.ended;
  assert.equal(first.outcomes(), 'stuck timedOut\nread failed');
  const state = first.outcome('read');
  assert.match(
    state.status === 'failed' ? `${state.error.kind} ${state.error.message}` : '',
    /^busy Call stuck was/,
  );
  end();
  await settleDown();
  const second = await startTestBatch({ tools, calls: [call('read')], locks });
  await second.batch.ended;
  assert.equal(second.outcomes(), 'read succeeded');
});

test('calls that may still run are counted beside their lane, two at least; then nothing more starts', async () => {
  const { tool: stuck, end } = stubborn(reads('file:/w/a'));
  const good = tool('good', () => done());
  const calls = [call('s1', 'stuck'), call('s2', 'stuck'), call('good'), call('good2', 'good')];
  const test = await startTestBatch({ tools: [stuck, good], calls, lanes: { io: 1 } });
  await untilTimedOut(test);
  await untilTimedOut(test);
  await test.batch.ended;
  assert.equal(test.outcomes(), 's1 timedOut\ns2 timedOut\ngood failed\ngood2 failed');
  end();
  await settleDown();
  const later = await startTestBatch({ tools: [good], calls: [call('good')], lanes: test.lanes });
  await later.batch.ended;
  assert.equal(later.outcomes(), 'good succeeded');
});

test('two batches that write the same file take turns', async () => {
  const order: string[] = [];
  const locks = new Locks();
  const write = tool(
    'write',
    async (_input, { callId }) => {
      order.push(`${callId} starts`);
      await settleDown();
      order.push(`${callId} ends`);
      return done();
    },
    { effectsAre: writes('file:/w/a') },
  );
  const one = await startTestBatch({ tools: [write], calls: [call('one', 'write')], locks });
  const two = await startTestBatch({ tools: [write], calls: [call('two', 'write')], locks });
  await Promise.allSettled([one.batch.ended, two.batch.ended]);
  assert.deepEqual(order, ['one starts', 'one ends', 'two starts', 'two ends']);
});

test('a call that may still run is not repeated, whatever was asked', async () => {
  const { tool: stuck } = stubborn(reads('file:/w/a'));
  const test = await startTestBatch({ tools: [stuck], calls: [call('stuck', 'stuck', { retries: 3 })] });
  await untilTimedOut(test);
  await test.batch.ended;
  assert.equal(test.outcomes(), 'stuck timedOut');
  assert.equal(test.session.log.state.calls.get('stuck')?.failedAttempts.length, 0);
});
