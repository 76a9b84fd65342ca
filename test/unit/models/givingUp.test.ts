/** What a request leaves behind when it is given up. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ModelError } from '../../../src/core/models.ts';
import { collect, collectUntilError, hello, modelAt } from './asking.ts';

test('a request that was stopped before it began says so, also where it could not have been sent', async () => {
  const reason = new Error('stopped by a person');
  const model = modelAt('http://127.0.0.1:9', { apiKey: () => Promise.resolve(undefined) });
  await assert.rejects(collect(model, hello, AbortSignal.abort(reason)), reason);
});

test('a page that is not the API’s, and has no end, is not read on', { timeout: 20_000 }, async (t) => {
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    responses.push(response);
    response.writeHead(200, { 'content-type': 'text/html' }).write('<h1>Please sign in</h1>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close().closeAllConnections());
  const { error } = await collectUntilError(
    modelAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  assert.ok(error instanceof ModelError);
  const [response] = responses;
  assert.ok(response);
  if (!response.closed) await once(response, 'close');
});
