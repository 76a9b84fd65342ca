/** What a person reads, and the loop decides by, when a request fails. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ModelError, type ModelErrorKind } from '../../../src/core/models.ts';
import { describeConnectionError } from '../../../src/models/connectionErrors.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { collect, collectUntilError, modelAt, serve } from './asking.ts';
import { TestClock } from '../../fixtures/testClock.ts';

interface Case {
  readonly status: number;
  readonly type: string;
  readonly said: string;
  readonly kind: ModelErrorKind;
  readonly next: RegExp;
}

const cases: readonly Case[] = [
  {
    status: 401,
    type: 'authentication_error',
    said: 'invalid key',
    kind: 'authentication',
    next: /Set API Key/,
  },
  { status: 403, type: 'permission_error', said: 'not you', kind: 'authentication', next: /rights/ },
  { status: 402, type: 'billing_error', said: 'pay', kind: 'invalidRequest', next: /billing/ },
  {
    status: 404,
    type: 'not_found_error',
    said: 'model: test-model',
    kind: 'unusableModel',
    next: /"test-model".*Choose/,
  },
  {
    status: 400,
    type: 'invalid_request_error',
    said: 'bad',
    kind: 'invalidRequest',
    next: /Check the model and the limit of tokens\.$/,
  },
  {
    status: 400,
    type: 'invalid_request_error',
    said: 'prompt is too long: 9 tokens > 8 maximum',
    kind: 'contextWindow',
    next: /new session/,
  },
  { status: 413, type: 'request_too_large', said: 'too big', kind: 'contextWindow', next: /new session/ },
  { status: 429, type: 'rate_limit_error', said: 'slow down', kind: 'rateLimit', next: /Wait/ },
  { status: 500, type: 'api_error', said: 'oops', kind: 'server', next: /later/ },
  { status: 503, type: 'api_error', said: 'oops', kind: 'server', next: /later/ },
  { status: 500, type: 'overloaded_error', said: 'busy', kind: 'overloaded', next: /later/ },
  { status: 529, type: 'overloaded_error', said: 'busy', kind: 'overloaded', next: /later/ },
];

void suite('an error of the API before the stream', () => {
  for (const { status, type, said, kind, next } of cases)
    test(`${status} "${said}" is ${kind} and says what to do next`, async (t) => {
      const server = await serve(t, () => ({ status, body: sse.errorBody(type, said) }));
      const { error } = await collectUntilError(modelAt(server.url));
      assert.ok(error instanceof ModelError);
      assert.equal(error.kind, kind);
      assert.match(error.message, next);
      assert.ok(error.message.includes(said), error.message);
      assert.ok(error.cause instanceof Error);
    });

  test('404 without the API behind it points to the base URL', async (t) => {
    const server = await serve(t, () => ({ status: 404, body: '<h1>Not Found</h1>' }));
    const { error } = await collectUntilError(modelAt(server.url));
    assert.ok(error instanceof ModelError);
    assert.equal(error.kind, 'invalidRequest');
    assert.match(error.message, /base URL/);
  });
});

void suite('how long to wait', () => {
  const clock = new TestClock();
  const date = (aheadMs: number): string => new Date(clock.now() + aheadMs).toUTCString();
  const waits: readonly (readonly [Readonly<Record<string, string>>, number | undefined])[] = [
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': date(60_000), date: date(0) }, 60_000],
    [{ 'retry-after': date(60_000), date: 'today' }, 60_000],
    // 23: the server's clock is an hour ahead of this machine's.
    [{ 'retry-after': date(3_660_000), date: date(3_600_000) }, 60_000],
    [{ 'retry-after': date(-60_000), date: date(0) }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '9'.repeat(30) }, 365 * 24 * 60 * 60 * 1000],
    [{}, undefined],
  ];
  for (const [headers, expected] of waits)
    test(`${JSON.stringify(headers)} is ${expected}`, async (t) => {
      const body = sse.errorBody('rate_limit_error', 'slow down');
      const server = await serve(t, () => ({ status: 429, headers, body }));
      const { error } = await collectUntilError(modelAt(server.url, { clock }));
      assert.ok(error instanceof ModelError);
      assert.equal(error.retryAfterMs, expected);
    });
});

void suite('an error of the API inside the stream', () => {
  const kinds: readonly (readonly [string, ModelErrorKind])[] = [
    ['overloaded_error', 'overloaded'],
    ['rate_limit_error', 'rateLimit'],
    ['api_error', 'server'],
    ['authentication_error', 'authentication'],
    ['invalid_request_error', 'invalidRequest'],
    ['error_of_tomorrow', 'server'],
  ];
  for (const [type, kind] of kinds)
    test(`${type} is ${kind}, after what came before it`, async (t) => {
      const server = await serve(t, () => ({
        events: [sse.messageStart(), ...sse.textBlock(0, 'hi'), sse.errorEvent(type, 'so it goes')],
      }));
      const { events, error } = await collectUntilError(modelAt(server.url));
      assert.deepEqual(
        events.map((event) => event.type),
        ['delta', 'block'],
      );
      assert.ok(error instanceof ModelError);
      assert.equal(error.kind, kind);
      assert.match(error.message, /so it goes/);
    });
});

void suite('a server that is not the API', () => {
  test('that refuses the connection is named, with what to check', async () => {
    const server = await startMessagesServer(() => ({ status: 200 }));
    await server.close();
    const { error } = await collectUntilError(modelAt(server.url));
    assert.ok(error instanceof ModelError);
    assert.equal(error.kind, 'connection');
    assert.match(error.message, /127\.0\.0\.1:\d+ refused the connection.*base URL/);
  });

  const codes: readonly (readonly [string, RegExp])[] = [
    ['ENOTFOUND', /^The name api\.test could not be resolved.*network connection and the base URL/],
    ['EAI_AGAIN', /^The name api\.test could not be resolved.*network connection and the base URL/],
    ['ETIMEDOUT', /^api\.test could not be reached \(ETIMEDOUT\).*network connection and the base URL/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /^The certificate of api\.test was not accepted.*proxy/],
  ];
  for (const [code, expected] of codes)
    test(`that fails with ${code} is named, with what to check`, () => {
      const system = Object.assign(new Error('system'), { code });
      const error = new Error('Connection error.', {
        cause: new TypeError('fetch failed', { cause: system }),
      });
      assert.match(describeConnectionError(error, 'api.test'), expected);
    });

  test('that answers with a page points to the base URL', async (t) => {
    const server = await serve(t, () => ({ status: 200, body: '<h1>Please sign in</h1>' }));
    const { error } = await collectUntilError(modelAt(server.url));
    assert.ok(error instanceof ModelError);
    assert.equal(error.kind, 'connection');
    assert.match(error.message, /Check the base URL/);
  });

  test('whose events are no JSON points to the base URL', async (t) => {
    const server = await serve(t, () => ({ events: ['event: message_start\ndata: {"type":\n\n'] }));
    const { error } = await collectUntilError(modelAt(server.url));
    assert.ok(error instanceof ModelError);
    assert.match(error.message, /Check the base URL/);
  });
});

void suite('a request that can not be sent', () => {
  test('has no key, and says how to set one', async (t) => {
    const server = await serve(t, () => ({ events: [] }));
    for (const key of [undefined, '', '  '])
      await assert.rejects(collect(modelAt(server.url, { apiKey: () => Promise.resolve(key) })), {
        kind: 'noKey',
        message: /Set API Key/,
      });
    assert.equal(server.requests.length, 0);
  });

  test('has a key that no header can hold, and does not show it', async (t) => {
    const server = await serve(t, () => ({ events: [] }));
    const model = modelAt(server.url, { apiKey: () => Promise.resolve('sk-••••secret') });
    const { error } = await collectUntilError(model);
    assert.ok(error instanceof ModelError);
    assert.equal(error.kind, 'authentication');
    assert.doesNotMatch(error.message, /secret/);
    assert.equal(server.requests.length, 0);
  });

  test('has a base URL that is none, and does not show a password in it', async () => {
    for (const url of ['localhost', 'ftp://host', 'http://me:secret@host'])
      await assert.rejects(collect(modelAt(url)), (error: ModelError) => {
        assert.equal(error.kind, 'invalidRequest');
        assert.match(error.message, /base URL/);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
  });
});
