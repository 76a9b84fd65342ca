/** Interrupted calls after their host died: what only reads runs again, and nothing else does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventBody } from '../../../src/core/events.ts';
import { reads, unknownEffects, writes } from '../../../src/core/effects.ts';
import { requeueReads } from '../../../src/engine/requeueReads.ts';
import { call, done, startTestBatch, tool } from './testBatch.ts';

const batchId = 'batch-1';

function interrupted(callId: string, toolName: string, index: number): readonly EventBody[] {
  const input = { kind: 'parsed', value: {} } as const;
  const error = { kind: 'hostExit', message: 'unknown' } as const;
  return [
    { type: 'call.queued', callId, batchId, index, tool: toolName, input },
    { type: 'call.started', callId, attempt: 1 },
    {
      type: 'call.settled',
      callId,
      outcome: { status: 'interrupted', error },
      times: { startedAt: 1, durationMs: 1, attempts: 1 },
    },
  ];
}

test('reads are queued again; writes, commands and tools that are gone or denied stay interrupted', async () => {
  const { request, ports, session } = await startTestBatch({
    tools: [
      tool('reader', () => done(), { effectsAre: reads('file:/a') }),
      tool('denied', () => done(), { effectsAre: reads('file:/a') }),
      tool('writer', () => done(), { effectsAre: writes('file:/a') }),
      tool('shell', () => done(), { effectsAre: unknownEffects }),
      tool('spawner', () => done(), { lane: 'none' }),
      tool('container', () => done(), { lane: 'none', goesOn: true, effectsAre: unknownEffects }),
    ],
    calls: [],
    early: true,
    judge: (name) => (name === 'denied' ? { kind: 'deny', message: 'no' } : { kind: 'allow' }),
    before: [
      {
        type: 'batch.started',
        batchId,
        source: { kind: 'api' },
        permission: 'read-only',
        cwd: '/w',
        failFast: false,
      },
      ...['reader', 'denied', 'writer', 'shell', 'spawner', 'container', 'gone'].flatMap((name, index) =>
        interrupted(`${name}-1`, name, index),
      ),
    ],
  });
  await requeueReads([...session.log.state.calls.values()], request, ports);
  const states = [...session.log.state.calls.values()].map(({ id, state }) => `${id} ${state.status}`);
  assert.deepEqual(states, [
    'reader-1 queued',
    'denied-1 interrupted',
    'writer-1 interrupted',
    'shell-1 interrupted',
    'spawner-1 interrupted',
    'container-1 queued',
    'gone-1 interrupted',
  ]);
});

test('a container that runs again keeps what its calls came to, runs the rest, and renames none', async () => {
  const ran: string[] = [];
  const inner = (id: string) => call(id, 'reader');
  const container = tool(
    'container',
    async (_, { runCalls }) => {
      const settled = await runCalls([inner('x'), inner('y'), inner('z')], false);
      return done(settled.map(({ id, state }) => `${id} ${state.status}`).join(', '));
    },
    { lane: 'none', goesOn: true, timeoutMs: Infinity },
  );
  const { batch, session, outcome } = await startTestBatch({
    tools: [container, tool('reader', (_, { callId }) => (ran.push(callId), done()))],
    calls: [],
    early: true,
    before: [
      {
        type: 'batch.started',
        batchId,
        source: { kind: 'api' },
        permission: 'read-only',
        cwd: '/w',
        failFast: false,
      },
      ...interrupted('c', 'container', 0),
      { type: 'call.requeued', callId: 'c' },
      {
        type: 'batch.started',
        batchId: 'c-batch',
        source: { kind: 'call', callId: 'c' },
        permission: 'read-only',
        cwd: '/w',
        failFast: false,
      },
      ...innerCall('c/x', 0, 'succeeded'),
      ...innerCall('c/y', 1, 'interrupted'),
    ],
  });
  for (const left of [...session.log.state.calls.values()].slice(0, 1)) batch.adopt(left);
  await batch.start();
  assert.deepEqual(ran, ['c/y', 'c/z']);
  const end = outcome('c');
  assert.equal(end.status === 'succeeded' && end.output.text, 'c/x succeeded, c/y succeeded, c/z succeeded');
});

function innerCall(callId: string, index: number, status: 'succeeded' | 'interrupted'): readonly EventBody[] {
  const [queued, started] = interrupted(callId, 'reader', index);
  const outcome =
    status === 'succeeded'
      ? ({ status, output: { text: 'kept', bytes: 4 } } as const)
      : ({ status, error: { kind: 'hostExit', message: '' } } as const);
  return [
    { ...(queued as EventBody & { type: 'call.queued' }), batchId: 'c-batch' },
    started as EventBody,
    { type: 'call.settled', callId, outcome, times: { startedAt: 1, durationMs: 1, attempts: 1 } },
  ];
}
