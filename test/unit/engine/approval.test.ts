import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalAnswer, ApprovalRequest } from '../../../src/core/calls.ts';
import { call, done, settleDown, startTestBatch, tool } from './testBatch.ts';

const command = tool('command', () => done(), { access: 'command', lane: 'io' });
const read = tool('read', () => done());
const judge = (name: string): { readonly kind: 'ask' | 'allow' } => ({
  kind: name === 'command' ? 'ask' : 'allow',
});

/** Questions that the test answers one by one. */
function questions(): {
  readonly asked: ApprovalRequest[];
  readonly ask: (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;
  readonly answer: (answer: ApprovalAnswer) => void;
} {
  const asked: ApprovalRequest[] = [];
  const open: ((answer: ApprovalAnswer) => void)[] = [];
  return {
    asked,
    ask: (request) => {
      asked.push(request);
      return new Promise((resolve) => open.push(resolve));
    },
    answer: (answer) => open.shift()?.(answer),
  };
}

test('a call that waits for a person holds no slot: its siblings go on', async () => {
  const { ask, answer } = questions();
  const { batch, session, outcomes } = await startTestBatch({
    tools: [command, read],
    calls: [call('command'), call('read')],
    lanes: { io: 1 },
    judge,
    ask,
  });
  await settleDown();
  assert.equal(session.log.state.calls.get('command')?.state.status, 'awaitingApproval');
  assert.equal(session.log.state.calls.get('read')?.state.status, 'succeeded');
  answer('allowOnce');
  await batch.ended;
  assert.equal(outcomes(), 'command succeeded\nread succeeded');
});

test('a denial in words reaches the model in these words', async () => {
  const { ask, answer } = questions();
  const { batch, outcome, session } = await startTestBatch({
    tools: [command],
    calls: [call('command')],
    judge,
    ask,
  });
  await settleDown();
  const reason = 'Use the test database.';
  await session.log.record({ type: 'approval.explained', callId: 'command', reason }, 'durable');
  answer('deny');
  await batch.ended;
  const state = outcome('command');
  assert.equal(
    state.status === 'denied' && state.error.message,
    'The person denied this call, and says: Use the test database.',
  );
});

test('a denied call never starts, and its outcome says who denied it', async () => {
  const { ask, answer } = questions();
  const { batch, outcome, session } = await startTestBatch({
    tools: [command],
    calls: [call('command')],
    judge,
    ask,
  });
  await settleDown();
  answer('deny');
  await batch.ended;
  const state = outcome('command');
  assert.equal(state.status === 'denied' && state.by, 'person');
  assert.doesNotMatch(session.story(), /call\.started/);
});

test('allowing for the session covers exactly the same bytes, and nothing else', async () => {
  const { ask, answer, asked } = questions();
  const input = (value: string): { readonly kind: 'parsed'; readonly value: unknown } => ({
    kind: 'parsed',
    value,
  });
  const { batch, outcomes } = await startTestBatch({
    tools: [command],
    calls: [
      call('one', 'command', { input: input('ls') }),
      call('two', 'command', { input: input('ls'), after: [{ id: 'one', when: 'settled' }] }),
      call('three', 'command', { input: input('ls -l'), after: [{ id: 'two', when: 'settled' }] }),
    ],
    judge,
    ask,
  });
  await settleDown();
  answer('allowForSession');
  await settleDown();
  answer('deny');
  await batch.ended;
  assert.deepEqual(
    asked.map(({ subject }) => subject),
    ['"ls"', '"ls -l"'],
  );
  assert.equal(outcomes(), 'one succeeded\ntwo succeeded\nthree denied');
});

test('allowing for the session counts in the same folder alone', async () => {
  const { ask, answer, asked } = questions();
  const elsewhere = tool('command', () => done(), {
    folderOf: ({ at }) => String(at),
    subject: () => 'make',
  });
  const inFolder = (at: string, rest: object = {}) => ({
    input: { kind: 'parsed', value: { at } } as const,
    ...rest,
  });
  const { batch, outcomes } = await startTestBatch({
    tools: [elsewhere],
    calls: [
      call('one', 'command', inFolder('a')),
      call('two', 'command', inFolder('b', { after: [{ id: 'one', when: 'settled' }] })),
    ],
    judge,
    ask,
  });
  await settleDown();
  answer('allowForSession');
  await settleDown();
  answer('deny');
  await batch.ended;
  assert.equal(asked.length, 2);
  assert.equal(outcomes(), 'one succeeded\ntwo denied');
});

test('what is asked names the folder that the call would run in', async () => {
  const { ask, answer, asked } = questions();
  const elsewhere = tool('command', () => done(), { folderOf: () => 'packages/a' });
  const { batch } = await startTestBatch({ tools: [elsewhere], calls: [call('command')], judge, ask });
  await settleDown();
  assert.deepEqual(
    asked.map(({ cwd }) => cwd.replaceAll('\\', '/').replace(/^[A-Z]:/, '')),
    ['/w/packages/a'],
  );
  answer('allowOnce');
  await batch.ended;
});

test('cancelling withdraws the question', async () => {
  const signals: AbortSignal[] = [];
  const { batch, outcomes } = await startTestBatch({
    tools: [command],
    calls: [call('command')],
    judge,
    ask: (_request, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    },
  });
  await settleDown();
  batch.cancel('person');
  await batch.ended;
  assert.equal(signals[0]?.aborted, true);
  assert.equal(outcomes(), 'command cancelled');
});

test('what the permission denies is denied without a question', async () => {
  const { batch, outcome } = await startTestBatch({
    tools: [command],
    calls: [call('command')],
    judge: () => ({ kind: 'deny', message: 'not here' }),
  });
  await batch.ended;
  const state = outcome('command');
  assert.equal(state.status === 'denied' && `${state.by}: ${state.error.message}`, 'permission: not here');
});
