import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { OutputFile } from '../../../src/adapters/node/outputFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('a source waits while its file is behind, and flows again after', async (t) => {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  const output = new OutputFile(file, Infinity);
  const source = new PassThrough();
  source.resume();
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  output.write('stdout', chunk, source);
  assert.equal(source.isPaused(), true);
  await once(source, 'resume');
  assert.deepEqual(await output.finish(), { file, notKeptBytes: 0, stderrLine: 3 });
  assert.equal((await readFile(file)).length, chunk.length);
});

test('stderr alone stands below its heading', async (t) => {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  const output = new OutputFile(file, Infinity);
  output.write('stderr', Buffer.from('err'), new PassThrough());
  await output.finish();
  assert.equal(await readFile(file, 'utf8'), '--- stderr ---\nerr');
});
