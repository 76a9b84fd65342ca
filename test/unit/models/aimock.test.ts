/** The model against another's idea of the Messages API, over real HTTP. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { collect, collectUntilError, hello, modelAt } from './asking.ts';

async function start(t: TestContext): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent', chunkSize: 5 });
  await mock.start();
  t.after(() => mock.stop());
  return mock;
}

void suite('against aimock', () => {
  test('text streams in pieces and adds up', async (t) => {
    const mock = await start(t);
    mock.onMessage('hello', { content: 'Hello from the other side.' });
    const events = await collect(modelAt(mock.url));
    const deltas = events.flatMap((event) => (event.type === 'delta' ? [event.delta] : []));
    assert.ok(deltas.length > 1);
    assert.equal(deltas.join(''), 'Hello from the other side.');
    const [block] = events.filter((event) => event.type === 'block');
    assert.deepEqual(block?.block, { type: 'text', text: 'Hello from the other side.' });
    const last = events.at(-1);
    assert.equal(last?.type === 'ended' && last.stopReason, 'end_turn');
  });

  test('several calls come with their own inputs, in order', async (t) => {
    const mock = await start(t);
    const toolCalls = ['a', 'b', 'c'].map((id) => ({
      id: `toolu_${id}`,
      name: 'read_file',
      arguments: JSON.stringify({ path: `${id}.ts` }),
    }));
    mock.onMessage('hello', { toolCalls });
    const tools = [{ name: 'read_file', description: 'Reads.', inputSchema: { type: 'object' } }];
    const events = await collect(modelAt(mock.url), { ...hello, tools });
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'block' ? [event.block] : [])),
      ['a', 'b', 'c'].map((id) => ({
        type: 'tool_use',
        id: `toolu_${id}`,
        name: 'read_file',
        input: { kind: 'parsed', value: { path: `${id}.ts` } },
      })),
    );
    const last = events.at(-1);
    assert.equal(last?.type === 'ended' && last.stopReason, 'tool_use');
  });

  const errors = [
    { status: 429, type: 'rate_limit_error', kind: 'rateLimit' },
    { status: 500, type: 'api_error', kind: 'server' },
    { status: 529, type: 'overloaded_error', kind: 'overloaded' },
  ];
  for (const { status, type, kind } of errors)
    test(`${status} is ${kind}, and is asked once`, async (t) => {
      const mock = await start(t);
      mock.onMessage('hello', { error: { message: 'not now', type }, status, retryAfter: 3 });
      const { error } = await collectUntilError(modelAt(mock.url));
      assert.equal((error as { kind?: string }).kind, kind);
      if (status === 429) assert.equal((error as { retryAfterMs?: number }).retryAfterMs, 3000);
      assert.equal(mock.getRequests().length, 1);
    });
});
