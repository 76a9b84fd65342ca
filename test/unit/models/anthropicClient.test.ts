import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propagation, trace, type Span } from '@opentelemetry/api';
import { AnthropicConnector, defaultBaseUrl } from '../../../src/models/anthropicClient.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { collect, modelAt, serve } from './asking.ts';

function connectorOf(access: { key: string; url: string | undefined }): AnthropicConnector {
  return new AnthropicConnector({ apiKey: () => Promise.resolve(access.key), baseUrl: () => access.url });
}

test('a client is made once, and anew for another key or address', async () => {
  const access = { key: 'key', url: 'http://127.0.0.1:1' };
  const connector = connectorOf(access);
  const { client } = await connector.connect();
  assert.equal((await connector.connect()).client, client);
  access.key = 'other-key';
  const second = (await connector.connect()).client;
  assert.notEqual(second, client);
  access.url = 'http://127.0.0.1:2';
  assert.notEqual((await connector.connect()).client, second);
});

test('a base URL of blanks is none, and blanks around one are no part of it', async () => {
  const access = { key: 'key', url: '  ' };
  assert.equal((await connectorOf(access).connect()).baseUrl, defaultBaseUrl);
  access.url = ' http://127.0.0.1:1 ';
  assert.equal((await connectorOf(access).connect()).client.baseURL, 'http://127.0.0.1:1');
});

test('the tracing of another extension in the same host sees no request, and adds nothing to one', async (t) => {
  const spans: string[] = [];
  const startSpan = (name: string): Span => {
    spans.push(name);
    return trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
  };
  const startActiveSpan = (): never => assert.fail('no span is asked for in this way');
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan }) });
  propagation.setGlobalPropagator({
    inject: (_context, carrier, setter) => setter.set(carrier, 'traceparent', 'of-another'),
    extract: (context) => context,
    fields: () => ['traceparent'],
  });
  t.after(() => {
    trace.disable();
    propagation.disable();
  });
  const server = await serve(t, () => ({ events: sse.wholeMessage('end_turn', sse.textBlock(0, 'hi')) }));
  await collect(modelAt(server.url));
  assert.deepEqual(spans, []);
  assert.equal(server.requests[0]?.headers['traceparent'], undefined);
});
