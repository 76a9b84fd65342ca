/** What goes to the API, and where. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import type { Message, ModelRequest } from '../../../src/core/models.ts';
import type { AnthropicModelOptions } from '../../../src/models/anthropic.ts';
import { listModels } from '../../../src/models/modelList.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import type { MessagesBody, RecordedRequest } from '../../fixtures/sseServer.ts';
import { collect, hello, modelAt, never, serve } from './asking.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const cached = { cache_control: { type: 'ephemeral' } };

async function sent(
  t: TestContext,
  request: Partial<ModelRequest>,
  options: Partial<AnthropicModelOptions> = {},
): Promise<RecordedRequest> {
  const server = await serve(t, () => ({ events: sse.wholeMessage('end_turn') }));
  await collect(modelAt(server.url, options), { ...hello, ...request });
  const [recorded] = server.requests;
  assert.ok(recorded);
  return recorded;
}

async function sentMessages(t: TestContext, messages: readonly Message[]): Promise<MessagesBody['messages']> {
  return (await sent(t, { messages })).body.messages;
}

void suite('a request', () => {
  test('holds the model, its limit, the system prompt, the tools and the messages', async (t) => {
    const tools = [
      { name: 'read_file', description: 'Reads.', inputSchema: { type: 'object', properties: {} } },
    ];
    assert.deepEqual((await sent(t, { tools })).body, {
      model: 'test-model',
      max_tokens: 1000,
      stream: true,
      system: [{ type: 'text', text: 'Be brief.', ...cached }],
      tools: [{ name: 'read_file', description: 'Reads.', input_schema: { type: 'object', properties: {} } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello', ...cached }] }],
    });
  });

  test('without a system prompt has its breakpoint on the last tool', async (t) => {
    const tools = ['a', 'b'].map((name) => ({ name, description: name, inputSchema: { type: 'object' } }));
    const { body } = await sent(t, { system: '', tools });
    assert.equal(body.system, undefined);
    assert.deepEqual(
      body.tools?.map((tool) => 'cache_control' in tool),
      [false, true],
    );
  });

  test('asks for thinking only where the settings say so', async (t) => {
    assert.equal((await sent(t, {})).body.thinking, undefined);
    assert.equal((await sent(t, {}, { thinking: () => 'off' })).body.thinking, undefined);
    assert.deepEqual((await sent(t, {}, { thinking: () => 'adaptive' })).body.thinking, { type: 'adaptive' });
  });

  test('has at most four breakpoints', async (t) => {
    const content = Array.from({ length: 90 }, (_, number) => ({ type: 'text', text: `${number}` }) as const);
    const tools = [{ name: 'read_file', description: 'Reads.', inputSchema: { type: 'object' } }];
    const { body } = await sent(t, { tools, messages: [{ role: 'user', content }] });
    assert.equal(JSON.stringify(body).split('"cache_control"').length - 1, 4);
  });

  test('asks for as many tokens as the turn wants, else for the setting’s number', async (t) => {
    const maxTokens = (): number => 1000;
    assert.equal((await sent(t, {}, { maxTokens })).body.max_tokens, 1000);
    assert.equal((await sent(t, { maxTokens: 2000 }, { maxTokens })).body.max_tokens, 2000);
  });

  test('sends ids and names only as the API takes them, each call with its own', async (t) => {
    const call = (id: string, name = 'look') =>
      ({ type: 'tool_use', id, name, input: { kind: 'parsed', value: {} } }) as const;
    const ids = ['a.b', 'a_b', 'a:b', 'toolu_01'];
    const [, assistant, user] = await sentMessages(t, [
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      {
        role: 'assistant',
        content: [...ids.map((id) => call(id)), call('n', 'functions.look'), call('', 'x'.repeat(200))],
      },
      {
        role: 'user',
        content: [...ids, 'n', ''].map((id) => ({
          type: 'tool_result',
          toolUseId: id,
          text: id,
          isError: false,
        })),
      },
    ]);
    const wireIds = ['a_b', 'a_b_2', 'a_b_3', 'toolu_01', 'n', '_'];
    assert.deepEqual(
      assistant?.content.map(({ id }) => id),
      wireIds,
    );
    assert.deepEqual(
      user?.content.map((block) => block['tool_use_id']),
      wireIds,
    );
    assert.deepEqual(
      assistant?.content.slice(-2).map(({ name }) => name),
      ['functions_look', 'x'.repeat(128)],
    );
  });

  test('sends thinking back as it came', async (t) => {
    const [, assistant] = await sentMessages(t, [
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'signed' },
          { type: 'redacted_thinking', data: 'opaque' },
          { type: 'text', text: 'done' },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'more' }] },
    ]);
    assert.deepEqual(assistant?.content, [
      { type: 'thinking', thinking: 'hm', signature: 'signed' },
      { type: 'redacted_thinking', data: 'opaque' },
      { type: 'text', text: 'done' },
    ]);
  });

  test('echoes an input that is no object as one that holds it', async (t) => {
    const call = (id: string) => ({ type: 'tool_use', id, name: 'read_file' }) as const;
    const [, assistant] = await sentMessages(t, [
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      {
        role: 'assistant',
        content: [
          { ...call('a'), input: { kind: 'parsed', value: { path: 'x' } } },
          { ...call('b'), input: { kind: 'unparsable', raw: '{"path', problem: 'cut' } },
          { ...call('c'), input: { kind: 'parsed', value: [1] } },
          { ...call('d'), input: { kind: 'parsed', value: null } },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'more' }] },
    ]);
    assert.deepEqual(
      assistant?.content.map((block) => block.input),
      [
        { path: 'x' },
        { unparsable_input: '{"path' },
        { unparsable_input: '[1]' },
        { unparsable_input: 'null' },
      ],
    );
  });

  test('marks failed results, and has no content where a result is blank', async (t) => {
    const [user] = await sentMessages(t, [
      {
        role: 'user',
        content: [
          { type: 'tool_result', toolUseId: 'a', text: '', isError: false },
          { type: 'tool_result', toolUseId: 'b', text: ' ', isError: true },
          { type: 'tool_result', toolUseId: 'c', text: 'exit 3', isError: true },
        ],
      },
    ]);
    assert.deepEqual(user?.content, [
      { type: 'tool_result', tool_use_id: 'a', is_error: false },
      // The API refuses an error without a text.
      { type: 'tool_result', tool_use_id: 'b', is_error: true, content: 'failed without a message' },
      { type: 'tool_result', tool_use_id: 'c', is_error: true, content: 'exit 3', ...cached },
    ]);
  });

  test('holds no blank text, and no message that has nothing else', async (t) => {
    const messages = await sentMessages(t, [
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      { role: 'assistant', content: [{ type: 'text', text: ' \n' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: '' },
          { type: 'text', text: 'on' },
        ],
      },
    ]);
    assert.deepEqual(messages, [
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      { role: 'user', content: [{ type: 'text', text: 'on', ...cached }] },
    ]);
  });
});

void suite('the environment', () => {
  const hostile = {
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    ANTHROPIC_API_KEY: 'environment-key',
    ANTHROPIC_AUTH_TOKEN: 'environment-token',
    ANTHROPIC_CUSTOM_HEADERS:
      'x-from-environment: 1\nauthorization: Bearer environment\nx-api-key: environment',
    ANTHROPIC_LOG: 'debug',
  };

  function withHostileEnvironment(t: TestContext): void {
    const before = { ...process.env };
    Object.assign(process.env, hostile);
    t.after(() => {
      for (const name of Object.keys(hostile)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    });
  }

  test('decides neither where a request goes nor what it carries', async (t) => {
    withHostileEnvironment(t);
    const logged = ['log', 'debug', 'info', 'warn', 'error'].map((level) => {
      return t.mock.method(console, level as 'log', () => undefined);
    });
    const { headers } = await sent(t, {});
    assert.equal(headers['x-from-environment'], undefined);
    assert.doesNotMatch(JSON.stringify(headers), /environment/);
    assert.match(`${headers.authorization} ${String(headers['x-api-key'])}`, /test-key/);
    assert.deepEqual(
      logged.map((method) => method.mock.callCount()),
      [0, 0, 0, 0, 0],
    );
  });

  test('is no source of a key', async (t) => {
    withHostileEnvironment(t);
    const model = modelAt('http://127.0.0.1:1', { apiKey: () => Promise.resolve(undefined) });
    await assert.rejects(collect(model), { kind: 'noKey' });
  });

  test('is no source of a base URL', async (t) => {
    withHostileEnvironment(t);
    const asked: string[] = [];
    t.mock.method(globalThis, 'fetch', (url: string | URL | Request) => {
      asked.push(url instanceof Request ? url.url : String(url));
      return Promise.resolve(new Response('{}', { status: 500 }));
    });
    const model = modelAt('unused', { baseUrl: () => undefined });
    await assert.rejects(collect(model), { kind: 'server' });
    assert.deepEqual(asked, ['https://api.anthropic.com/v1/messages']);
  });
});

void suite('the list of models', () => {
  const access = (url: string) => ({
    apiKey: () => Promise.resolve('test-key'),
    baseUrl: () => url,
    clock: new TestClock(),
  });
  const page = (ids: readonly string[], hasMore: boolean) => ({
    status: 200,
    body: {
      data: ids.map((id) => ({ type: 'model', id, display_name: id.toUpperCase() })),
      has_more: hasMore,
      first_id: ids[0],
      last_id: ids.at(-1),
    },
  });

  test('has the models of all pages in their order', async (t) => {
    const server = await serve(t, (_body, { path }) =>
      path.includes('after_id=b') ? page(['c'], false) : page(['a', 'b'], true),
    );
    assert.deepEqual(await listModels(access(server.url), never), [
      { id: 'a', displayName: 'A' },
      { id: 'b', displayName: 'B' },
      { id: 'c', displayName: 'C' },
    ]);
    assert.equal(server.requests.length, 2);
  });

  test('fails as a turn does', async (t) => {
    const body = sse.errorBody('authentication_error', 'invalid key');
    const server = await serve(t, () => ({ status: 401, body }));
    await assert.rejects(listModels(access(server.url), never), {
      kind: 'authentication',
      message: /Set API Key/,
    });
    const noKey = { ...access(server.url), apiKey: () => Promise.resolve(undefined) };
    await assert.rejects(listModels(noKey, never), { kind: 'noKey' });
  });

  test('throws the reason of an abort', async (t) => {
    const controller = new AbortController();
    const reason = new Error('closed');
    const server = await serve(t, () => {
      controller.abort(reason);
      return { events: [], then: 'stall' };
    });
    await assert.rejects(listModels(access(server.url), controller.signal), reason);
  });
});
