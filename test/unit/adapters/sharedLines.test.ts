import assert from 'node:assert/strict';
import { appendFile, open, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { SharedLines, type ReadLines } from '../../../src/adapters/node/sharedLines.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const large = 'one line\n'.repeat(20_000);

/** Reads files through one store, and counts how often their content was loaded. */
async function reader(t: TestContext, shared = new SharedLines()) {
  const folder = await temporaryFolder(t);
  const loads: string[] = [];
  const read = async (name: string, stopping = signal): Promise<ReadLines> => {
    const file = path.join(folder, name);
    const handle = await open(file);
    const load = (): Promise<Buffer> => {
      loads.push(name);
      return readFile(file);
    };
    try {
      return await shared.linesOf({ handle, stats: await handle.stat() }, load, stopping);
    } finally {
      await handle.close();
    }
  };
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text);
  return { read, write, loads };
}

test('d: reads of one large file share the look for its lines, also those that come together', async (t) => {
  const { read, write, loads } = await reader(t);
  await write('a', large);
  const together = await Promise.allSettled(Array.from({ length: 20 }, () => read('a')));
  const later = await read('a');
  assert.deepEqual(loads, ['a']);
  for (const one of together) assert.ok(one.status === 'fulfilled' && one.value.found === later.found);
});

test('d: the one who looks may be stopped, and the others get their lines', async (t) => {
  const { read, write, loads } = await reader(t);
  await write('a', large);
  const stopping = new AbortController();
  const first = read('a', stopping.signal);
  const others = [read('a'), read('a')];
  stopping.abort(new Error('stopped'));
  await assert.rejects(first, { message: 'stopped' });
  for (const other of others) assert.equal((await other).found.total, 20_000);
  assert.ok(loads.length <= 2);
});

test('d: what is kept is bounded by its bytes, and the oldest goes first', async (t) => {
  const { read, write, loads } = await reader(t, new SharedLines(2 * large.length));
  for (const name of ['a', 'b', 'c']) {
    await write(name, large);
    await read(name);
  }
  for (const name of ['c', 'b', 'a']) await read(name);
  assert.deepEqual(loads, ['a', 'b', 'c', 'a']);
});

const changed = `${large.slice(0, -9)}one LINE\n`;
const changes: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'to as many other bytes': (file) => writeFile(file, changed),
  'to as many other bytes, with its times set back': async (file) => {
    const { atime, mtime } = await stat(file);
    await writeFile(file, changed);
    await utimes(file, atime, mtime);
  },
  'by what is added': (file) => appendFile(file, 'more\n'),
  'by what is cut off': (file) => truncate(file, large.length - 9),
};

for (const [how, change] of Object.entries(changes)) {
  test(`d: a file that changes between two reads ${how} is read as it is`, async (t) => {
    const file = path.join(await temporaryFolder(t), 'a.txt');
    await writeFile(file, large);
    const files = createFiles();
    const linesNow = async (): Promise<readonly string[]> => {
      const read = await files.readLines(file, 1e9, signal);
      assert.ok(read.ok);
      return [...read.lines.from(1)];
    };
    assert.equal((await linesNow()).length, 20_000);
    await change(file);
    assert.deepEqual(await linesNow(), (await readFile(file, 'utf8')).split('\n').slice(0, -1));
  });
}
