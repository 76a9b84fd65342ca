/** The model's client opens connections, and no other part of the program does. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const source = path.join(import.meta.dirname, '../../src');
const opensConnections =
  /\bfetch\(|\b(?:WebSocket|XMLHttpRequest|EventSource)\b|[Tt]elemetryLogger|['"](?:node:)?(?:https?|http2|net|tls|dgram|undici)['"]|['"]@anthropic-ai\/sdk/;

test('nothing but the client of the model opens a connection: there is no telemetry', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  const found = files.filter(
    (file) => file.endsWith('.ts') && opensConnections.test(readFileSync(path.join(source, file), 'utf8')),
  );
  const outside = found.filter((file) => !file.startsWith('models/'));
  // The first reads the pipe of a child process; the second tells Node's client of the person's proxy.
  assert.deepEqual(outside.toSorted(), ['adapters/node/pipeDrain.ts', 'cli/proxies.ts']);
  assert.ok(found.includes('models/anthropicClient.ts'));
});
