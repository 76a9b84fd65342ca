import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { toolBench } from './toolBench.ts';

const fileLines = new URL('../../../src/adapters/node/fileLines.ts', import.meta.url).href;
const numberedLines = new URL('../../../src/tools/numberedLines.ts', import.meta.url).href;

test('a file comes with the numbers of its lines and how many there are', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one\r\ntwo\r\nthree');
  assert.equal(
    await bench.text('read_file', { path: 'a.txt' }),
    'a.txt: lines 1-3 of 3 (the file has 15 bytes, CRLF line ends, no newline at the end of the file)\n     1\tone\n     2\ttwo\n     3\tthree',
  );
});

test('a range shows its lines; one beyond the end or backwards is an error', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one\ntwo\nthree\n');
  const read = (range: object): Promise<string> => bench.text('read_file', { path: 'a.txt', ...range });
  assert.equal(
    await read({ startLine: 2, endLine: 99 }),
    'a.txt: lines 2-3 of 3 (the file has 14 bytes)\n     2\ttwo\n     3\tthree',
  );
  assert.equal(await read({ endLine: 1 }), 'a.txt: line 1 of 3 (the file has 14 bytes)\n     1\tone');
  assert.match(await read({ startLine: 4 }), /^invalidInput: a\.txt has 3 lines; line 4 is beyond its end/);
  assert.match(await read({ startLine: 3, endLine: 2 }), /^invalidInput: endLine 2 is before startLine 3/);
});

test('an empty file says so', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), '');
  assert.equal(await bench.text('read_file', { path: 'a.txt' }), 'a.txt: empty file (0 bytes)');
});

test('of a large file the first part comes, and how to ask for the rest', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), `${'x'.repeat(99)}\n`.repeat(5000));
  const text = await bench.text('read_file', { path: 'a.txt' });
  const next = Number(/ask for them with startLine (\d+)\]$/.exec(text)?.[1]);
  assert.ok(text.length < 257 * 1024);
  assert.match(text, new RegExp(`^a\\.txt: lines 1-${next - 1} of 5000 `));
  assert.match(text, new RegExp(`\\[lines ${next}-5000 did not fit`));
  assert.match(await bench.text('read_file', { path: 'a.txt', startLine: 4999 }), /lines 4999-5000 of 5000/);
});

test('a line that is too long alone is cut, and says so', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), `${'x'.repeat(300 * 1024)}\nlast`);
  const text = await bench.text('read_file', { path: 'a.txt' });
  assert.match(
    text,
    /\[line 1 has 307200 characters; only the first 262144 are shown\]\n\[line 2 did not fit/,
  );
});

test('millions of lines are counted without a copy of each', { timeout: 120_000 }, async () => {
  const script = `
    const { showLines } = await import(${JSON.stringify(numberedLines)});
    const { findLines } = await import(${JSON.stringify(fileLines)});
    const bytes = 50 * 1024 * 1024;
    const lines = await findLines(Buffer.alloc(bytes, '\\n'), new AbortController().signal);
    const file = { name: 'a', lines, bytes, isUnsaved: false };
    const shown = showLines(file, { startLine: 52_428_799, endLine: undefined });
    console.log(shown.output.text.split('\\n')[0]);`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--max-old-space-size=200', '--input-type=module', '-e', script],
  ]);
  assert.equal(stdout, 'a: lines 52428799-52428800 of 52428800 (the file has 52428800 bytes)\n');
});

test('the bytes of a range are those between its first line and the end of its last', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one\r\ntwö\r\n\r\nfour\n');
  const result = await bench.run('read_file', { path: 'a.txt', startLine: 2, endLine: 3 });
  assert.ok(result.ok);
  assert.equal(result.output.text.split('\n').slice(1).join('|'), '     2\ttwö|     3\t');
  assert.equal(result.output.bytes, 7);
});

test('unsaved text of the editor is shown as such', async (t) => {
  const bench = await toolBench(t, { unsavedText: (file) => (file.endsWith('a.txt') ? 'new' : undefined) });
  assert.equal(
    await bench.text('read_file', { path: 'a.txt' }),
    'a.txt: line 1 of 1 (the file has 3 bytes, no newline at the end of the file, with unsaved changes of the editor)\n     1\tnew',
  );
});

test('reading names the canonical file as its effect', async (t) => {
  const bench = await toolBench(t);
  const place = { cwd: bench.root, roots: [bench.root] };
  assert.deepEqual(await bench.tool('read_file').effects({ path: 'x/../a.txt' }, place), {
    kind: 'known',
    reads: [`file:${path.join(bench.root, 'a.txt')}`],
    writes: [],
  });
});

test('a path outside the workspace is refused', async (t) => {
  const bench = await toolBench(t);
  assert.match(await bench.text('read_file', { path: '/etc/passwd' }), /^outsideWorkspace: /);
});

test('a FIFO is refused, and nothing hangs on it', { timeout: 20_000 }, async (t) => {
  const bench = await toolBench(t);
  execFileSync('mkfifo', ['fifo'], { cwd: bench.root });
  assert.match(
    await bench.text('read_file', { path: 'fifo' }),
    /^notRegularFile: .*fifo is a FIFO, not a file/,
  );
});
