/** A redirect would send the key wherever an answer points to. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { ModelError } from '../../../src/core/models.ts';
import { createAnthropicModel } from '../../../src/models/anthropic.ts';
import { listModels } from '../../../src/models/modelList.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const key = 'sk-ant-api03-redirected-key';

/** A server on loopback that redirects everything, or answers what it is asked. */
async function serve(
  t: TestContext,
  answer: { readonly status: number; readonly location?: string; readonly body?: string },
): Promise<{ readonly url: string; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    request.resume();
    const headers = {
      'content-type': 'application/json',
      ...(answer.location && { location: answer.location }),
    };
    response.writeHead(answer.status, headers).end(answer.body ?? '{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function access(baseUrl: string) {
  return { apiKey: () => Promise.resolve(key), baseUrl: () => baseUrl, clock: new TestClock() };
}

async function errorOf(work: () => Promise<unknown>): Promise<ModelError> {
  const error: unknown = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ModelError, String(error));
  return error;
}

async function turn(baseUrl: string): Promise<void> {
  const model = createAnthropicModel({ ...access(baseUrl), maxTokens: () => 100 });
  const request = { agentId: 'agent-1', model: 'm', system: '', tools: [], messages: [] };
  for await (const event of model.turn(request, new AbortController().signal)) void event;
}

const never = new AbortController().signal;
const ways: readonly (readonly [string, (url: string) => Promise<unknown>])[] = [
  ['a turn', turn],
  ['the list of models', (url) => listModels(access(url), never)],
];

for (const status of [301, 302, 303, 307, 308])
  for (const [what, ask] of ways)
    test(`${what} does not follow a redirect with status ${status}: the key stays where it was meant to go`, async (t) => {
      const thief = await serve(t, { status: 200 });
      const first = await serve(t, { status, location: `${thief.url}/v1/messages` });
      const { kind, message } = await errorOf(() => ask(first.url));
      assert.equal(kind, 'invalidRequest');
      assert.equal(
        message,
        `${new URL(first.url).host} redirects the request to ${new URL(thief.url).host} (${status}), which is not followed, ` +
          'because your API key would go there. Check the base URL, and set the address that is meant.',
      );
      assert.equal(first.asked.length, 1);
      assert.equal(first.asked[0]?.headers.authorization, `Bearer ${key}`);
      assert.equal(thief.asked.length, 0);
    });

test('a redirect without an address is none that is followed, either', async (t) => {
  const first = await serve(t, { status: 302 });
  const { message } = await errorOf(() => turn(first.url));
  assert.match(message, /redirects the request \(302\), which is not followed/);
});

test('neither token nor address nor headers of the environment go with a request', async (t) => {
  const thief = await serve(t, { status: 200 });
  const first = await serve(t, {
    status: 401,
    body: '{"type":"error","error":{"type":"authentication_error"}}',
  });
  const variables = {
    ANTHROPIC_BASE_URL: thief.url,
    ANTHROPIC_AUTH_TOKEN: 'token-of-the-environment',
    ANTHROPIC_CUSTOM_HEADERS: 'x-of-the-environment: yes',
    ANTHROPIC_API_KEY: 'key-of-the-environment',
  };
  Object.assign(process.env, variables);
  t.after(() => Object.keys(variables).forEach((name) => delete process.env[name]));
  for (const [, ask] of ways) await errorOf(() => ask(first.url));
  assert.equal(thief.asked.length, 0);
  for (const { headers } of first.asked) {
    assert.equal(headers.authorization, `Bearer ${key}`);
    assert.doesNotMatch(JSON.stringify(headers), /of-the-environment/);
  }
});

test('a server that quotes the key in an error is not quoted with it', async (t) => {
  const body = JSON.stringify({
    type: 'error',
    error: { type: 'authentication_error', message: `bad key ${key}` },
  });
  const server = await serve(t, { status: 401, body });
  for (const [, ask] of ways) {
    const { message } = await errorOf(() => ask(server.url));
    assert.match(message, /"bad key \[API key\]"/);
    assert.ok(!message.includes(key));
  }
});
