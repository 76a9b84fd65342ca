/** What the permission judges: the access of the very input, where that is less than the tool's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access, Tool } from '../../../src/core/tools.ts';
import type { Judgement } from '../../../src/engine/checkCall.ts';
import { call, done, settleDown, startTestBatch, tool } from './testBatch.ts';

/** Asks about commands and writes, and says what it was asked to judge. */
function judging(): {
  readonly judged: Access[];
  readonly judge: (tool: string, access: Access) => Judgement;
} {
  const judged: Access[] = [];
  return {
    judged,
    judge: (_tool, access) => {
      judged.push(access);
      return { kind: access === 'read' || access === 'confined' ? 'allow' : 'ask' };
    },
  };
}

const asked = { ask: () => Promise.resolve('deny' as const) };

async function outcomeWith(access: Access, accessOf: Tool['accessOf']): Promise<string> {
  const command = tool('command', () => done(), { access, ...(accessOf && { accessOf }) });
  const { judge } = judging();
  const { batch, outcomes, clock } = await startTestBatch({
    tools: [command],
    calls: [call('command')],
    judge,
    ...asked,
  });
  await settleDown();
  clock.advance(5000);
  await batch.ended;
  return outcomes();
}

const never = new Promise<Access>(() => undefined);
const rows: readonly (readonly [string, Access, Tool['accessOf'], string])[] = [
  ['a command without a word on its input', 'command', undefined, 'denied'],
  ['a command that reads', 'command', () => 'read', 'succeeded'],
  ['a command that reads, said later', 'command', () => Promise.resolve('read'), 'succeeded'],
  ['a command in a sandbox', 'command', () => 'confined', 'succeeded'],
  ['an edit that reads', 'write', () => 'read', 'succeeded'],
  ['a command that only writes', 'command', () => 'write', 'denied'],
  ['a command that is one', 'command', () => 'command', 'denied'],
  ['an edit that claims a sandbox', 'write', () => 'confined', 'denied'],
  ['an edit that claims to be a command', 'write', () => 'command', 'denied'],
  ['no access at all', 'command', () => undefined as unknown as Access, 'denied'],
  ['an access that nobody knows', 'command', () => 'all' as Access, 'denied'],
  [
    'one that throws',
    'command',
    () => {
      throw new Error('no');
    },
    'denied',
  ],
  ['one that rejects', 'command', () => Promise.reject(new Error('no')), 'denied'],
  ['one that never comes', 'command', () => never, 'denied'],
];

for (const [name, access, accessOf, status] of rows)
  test(`the access of an input counts where it is less: ${name}`, async () => {
    assert.equal(await outcomeWith(access, accessOf), `command ${status}`);
  });

test('a tool that may do all that it ever does is not asked what this input does', async () => {
  let looked = 0;
  const read = tool('read', () => done(), {
    accessOf: () => {
      looked += 1;
      return 'read';
    },
  });
  const { batch, outcomes } = await startTestBatch({ tools: [read], calls: [call('read')] });
  await batch.ended;
  assert.equal(`${outcomes()}, looked ${looked} times`, 'read succeeded, looked 0 times');
});

test('an input that only reads may run where the permission denies its tool', async () => {
  const command = tool('command', () => done(), {
    access: 'command',
    accessOf: (input) => (JSON.stringify(input) === '"ls"' ? 'read' : 'command'),
  });
  const input = (value: string): object => ({ input: { kind: 'parsed', value } });
  const { batch, outcomes } = await startTestBatch({
    tools: [command],
    calls: [call('reads', 'command', input('ls')), call('writes', 'command', input('rm'))],
    judge: (_tool, access) => (access === 'read' ? { kind: 'allow' } : { kind: 'deny', message: 'no' }),
  });
  await batch.ended;
  assert.equal(outcomes(), 'reads succeeded\nwrites denied');
});

test('what is asked says which access it is asked for', async () => {
  const requested: unknown[] = [];
  const tools = (['command', 'write'] as const).map((access) => tool(access, () => done(), { access }));
  const { batch } = await startTestBatch({
    tools,
    calls: [call('command'), call('write')],
    judge: judging().judge,
    ask: ({ access }) => {
      requested.push(access);
      return Promise.resolve('deny');
    },
  });
  await batch.ended;
  assert.deepEqual(requested, ['command', 'write']);
});

test('calls inside of a call are judged by the same access, and asked about as any other', async () => {
  const reads = tool('reads', () => done(), { access: 'command', accessOf: () => Promise.resolve('read') });
  const writes = tool('writes', () => done(), { access: 'command', accessOf: () => 'command' });
  const container = tool(
    'container',
    async (_input, { runCalls }) => {
      const calls = await runCalls([call('reads'), call('writes')], false);
      return done(calls.map(({ state }) => state.status).join(' '));
    },
    { lane: 'none', timeoutMs: Infinity },
  );
  const { batch, session } = await startTestBatch({
    tools: [reads, writes, container],
    calls: [call('container')],
    judge: judging().judge,
    ...asked,
  });
  await batch.ended;
  assert.equal(session.log.state.calls.get('container/reads')?.state.status, 'succeeded');
  assert.equal(session.log.state.calls.get('container/writes')?.state.status, 'denied');
});
