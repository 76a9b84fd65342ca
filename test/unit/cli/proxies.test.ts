/** The proxy of the environment, asked by a process of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { heedProxies } from '../../../src/cli/proxies.ts';

const main = path.join(import.meta.dirname, '../../../src/cli/proxies.ts');

/** A proxy that denies each tunnel and notes what was asked of it, headers included. */
async function denyingProxy(t: TestContext) {
  const asked: string[] = [];
  const note = (method = '', url = '', headers: object = {}): void =>
    void asked.push(`${method} ${url} ${JSON.stringify(headers)}`);
  const server = createServer((request, response) => {
    note(request.method, request.url, request.headers);
    response.end();
  });
  server.on('connect', (request, socket) => {
    note(request.method, request.url, request.headers);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function ask(url: string, env: Readonly<Record<string, string>>): Promise<string> {
  const script = `const { heedProxies } = await import(${JSON.stringify(main)});
    process.stdout.write(String(heedProxies(process.env, ${JSON.stringify(url)})));
    await fetch(${JSON.stringify(url)}, { headers: { 'x-api-key': 'secret' } }).catch(() => undefined);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { PATH: '', ...env } });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  await once(child, 'close');
  return out;
}

for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])
  test(`${name} is asked for a tunnel to an https address, and is told no key`, async (t) => {
    const proxy = await denyingProxy(t);
    assert.equal(await ask('https://api.invalid/v1', { [name]: proxy.url }), 'undefined');
    assert.equal(proxy.asked.length, 1);
    assert.match(proxy.asked[0] ?? '', /^CONNECT api\.invalid:443 /);
    assert.doesNotMatch(proxy.asked[0] ?? '', /secret/);
  });

test('a proxy gets nothing of an http address, nor of what NO_PROXY excepts', async (t) => {
  const proxy = await denyingProxy(t);
  const target = await denyingProxy(t);
  await ask(target.url, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
  await ask('https://api.invalid/', { HTTPS_PROXY: proxy.url, NO_PROXY: 'api.invalid' });
  assert.deepEqual([proxy.asked.length, target.asked.length], [0, 1]);
});

test('where Node.js can’t use it, a person is told, without its address', () => {
  const proxy = { https_proxy: 'http://user:secret@proxy:1' };
  assert.match(
    heedProxies(proxy, undefined, {}) ?? '',
    /^The proxy that the environment names is not used: Node\.js v/,
  );
  const socks = heedProxies({ ALL_PROXY: 'socks5://user:secret@proxy:1' }, undefined, {});
  assert.match(socks ?? '', /no http or https address/);
  assert.doesNotMatch(`${socks}`, /secret/);
  assert.equal(heedProxies({}, undefined, {}), undefined);
});
