import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { OutputFile } from '../../../src/adapters/node/outputFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('a source waits while its file is behind, and flows again after', async (t) => {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  const output = new OutputFile(file, Infinity);
  const source = new PassThrough();
  await once(source.resume(), 'resume');
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

test('of a file that could not be written to its end, the bytes that it lacks are told', async (t) => {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  // The file that stderr waits in.
  await mkdir(`${file}.stderr`);
  const output = new OutputFile(file, Infinity);
  output.write('stdout', Buffer.from('out'), new PassThrough());
  output.write('stderr', Buffer.from('error'), new PassThrough());
  const { problem = '', ...kept } = await output.finish();
  assert.match(problem, /EISDIR/);
  assert.deepEqual(kept, { file, notKeptBytes: 5, stderrLine: 3 });
});

test('a file that nothing could be written to is not named', async (t) => {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  await symlink('/dev/full', file);
  const output = new OutputFile(file, Infinity);
  output.write('stdout', Buffer.from('out'), new PassThrough());
  const { problem = '', ...kept } = await output.finish();
  assert.match(problem, /ENOSPC/);
  assert.deepEqual(kept, { notKeptBytes: 3, stderrLine: 3 });
});

test('a source that waits for a file flows on when the file breaks', async (t) => {
  const file = path.join(await temporaryFolder(t), 'output.txt');
  await symlink('/dev/full', file);
  const output = new OutputFile(file, Infinity);
  const source = new PassThrough();
  await once(source.resume(), 'resume');
  output.write('stdout', Buffer.alloc(1024 * 1024, 'x'), source);
  assert.equal(source.isPaused(), true);
  await once(source, 'resume');
  await output.finish();
});

test('beside a file that broke no other is left', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'output.txt');
  await symlink('/dev/full', file);
  const output = new OutputFile(file, Infinity);
  output.write('stdout', Buffer.from('out'), new PassThrough());
  output.write('stderr', Buffer.from('error'), new PassThrough());
  assert.match((await output.finish()).problem ?? '', /ENOSPC/);
  assert.deepEqual(await readdir(folder), ['output.txt']);
});
