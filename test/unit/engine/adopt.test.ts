/** A batch whose host died goes on: what has settled stands, the rest runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventBody } from '../../../src/core/events.ts';
import { writes } from '../../../src/core/effects.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

const batchStarted: EventBody = {
  type: 'batch.started',
  batchId: 'batch-1',
  source: { kind: 'api' },
  permission: 'workspace-write',
  cwd: '/w',
  failFast: false,
};

function queued(callId: string, index: number, rest: object = {}): EventBody {
  const input = { kind: 'parsed', value: {} } as const;
  return { type: 'call.queued', callId, batchId: 'batch-1', index, tool: 'tool', input, ...rest };
}

const succeeded: EventBody = {
  type: 'call.settled',
  callId: 'a',
  outcome: { status: 'succeeded', output: { text: 'first', bytes: 5 } },
  times: { startedAt: 1, durationMs: 5, attempts: 1 },
};

const cutOff = { status: 'interrupted', error: { kind: 'hostExit', message: '' } } as const;

function adoptAll({ batch, session }: TestBatch): void {
  for (const call of [...session.log.state.calls.values()]) batch.adopt(call);
}

test('what has settled is not run again, the rest keeps its ids and runs, and no call is journalled twice', async () => {
  const ran: string[] = [];
  const left = await startTestBatch({
    tools: [tool('tool', (_, { callId }) => (ran.push(callId), done(callId)))],
    calls: [],
    early: true,
    before: [batchStarted, queued('a', 0), succeeded, queued('b', 1), queued('c', 2)],
  });
  const eventsBefore = left.session.events.length;
  adoptAll(left);
  await left.batch.start();
  assert.deepEqual(ran, ['b', 'c']);
  assert.equal(left.outcomes(), 'a succeeded\nb succeeded\nc succeeded');
  assert.deepEqual(
    left.session.events.slice(eventsBefore).map(({ type }) => type),
    ['call.started', 'call.started', 'call.settled', 'call.settled'],
  );
  assert.equal(left.session.events.filter(({ type }) => type === 'batch.started').length, 1);
});

test('a dependency on a call that failed before the host died skips the dependent, by the id that was asked for', async () => {
  const left = await startTestBatch({
    tools: [tool('tool', () => done())],
    calls: [],
    early: true,
    before: [
      batchStarted,
      queued('a', 0, { renamedFrom: 'wanted' }),
      { ...succeeded, outcome: { status: 'failed', error: { kind: 'io', message: 'no' } } },
      queued('b', 1, { policy: { after: [{ id: 'wanted', when: 'succeeded' }] } }),
    ],
  });
  adoptAll(left);
  await left.batch.start();
  const b = left.outcome('b');
  assert.equal(b.status === 'skipped' && b.because, 'a');
});

test('the attempts of the life before are counted on', async () => {
  const left = await startTestBatch({
    tools: [tool('tool', () => failed())],
    calls: [],
    early: true,
    before: [
      batchStarted,
      queued('a', 0),
      { type: 'call.started', callId: 'a', attempt: 3 },
      { type: 'call.settled', callId: 'a', outcome: cutOff, times: { durationMs: 0, attempts: 3 } },
      { type: 'call.requeued', callId: 'a' },
    ],
  });
  adoptAll(left);
  await left.batch.start();
  const state = left.session.log.state.calls.get('a')?.state;
  assert.equal(state && 'attempts' in state && state.attempts, 4);
});

test("the host's end interrupts what runs, and leaves open what had not started", async () => {
  const started = Promise.withResolvers<undefined>();
  const slow = tool(
    'tool',
    (_, { signal }) =>
      new Promise((resolve) => {
        started.resolve(undefined);
        signal.addEventListener('abort', () => resolve(failed('stopped')));
      }),
    { effectsAre: writes('file:/x') },
  );
  const left = await startTestBatch({
    tools: [slow],
    calls: [
      { id: 'a', tool: 'tool', input: { kind: 'parsed', value: {} } },
      { id: 'b', tool: 'tool', input: { kind: 'parsed', value: {} } },
    ],
  });
  await started.promise;
  await settleDown();
  left.batch.cancel('host');
  await left.batch.ended;
  const statuses = [...left.session.log.state.calls.values()].map(({ state }) => state.status);
  assert.deepEqual(statuses, ['interrupted', 'blocked']);
});

for (const [by, status, attempts] of [
  ['person', 'cancelled', 3],
  ['host', 'queued', undefined],
] as const)
  test(`a call with attempts of a life before, that the ${by} keeps from starting, is ${status}`, async () => {
    const lanes = new Lanes({ io: 1, process: 1, model: 1 });
    const work = Promise.withResolvers<undefined>();
    void lanes.run('io', new AbortController().signal, () => work.promise);
    const { batch, session } = await startTestBatch({
      tools: [tool('tool', () => done())],
      calls: [],
      early: true,
      lanes,
      before: [
        batchStarted,
        queued('a', 0),
        { type: 'call.started', callId: 'a', attempt: 3 },
        { type: 'call.settled', callId: 'a', outcome: cutOff, times: { durationMs: 0, attempts: 3 } },
        { type: 'call.requeued', callId: 'a' },
      ],
    });
    for (const call of [...session.log.state.calls.values()]) batch.adopt(call);
    if (by === 'person') batch.cancel(by);
    void batch.start();
    await settleDown();
    batch.cancel(by);
    await batch.ended;
    work.resolve(undefined);
    const state = session.log.state.calls.get('a')?.state;
    assert.equal(state?.status, status);
    assert.equal('attempts' in state ? state.attempts : undefined, attempts);
  });
