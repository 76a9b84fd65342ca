import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { toolBench } from './toolBench.ts';

/** `// 获取用户信息`, and below it a line of ASCII. */
const gbk = Buffer.from('2f2f20bbf1c8a1d3c3bba7d0c5cfa20a696e742078203d20313b0a', 'hex');
const utf16 = Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from('é\r\nFAILED one\r\n', 'utf16le')]);

test('K11 11a: a file in GBK is read, and the header says that the encoding is a guess', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.c'), gbk);
  assert.equal(
    await bench.text('read_file', { path: 'a.c' }),
    'a.c: lines 1-2 of 2 (the file has 27 bytes, read as GBK, a guess: it is not UTF-8)\n     1\t// 获取用户信息\n     2\tint x = 1;',
  );
});

test('K11 11a: what can not be shown of a file is counted in the header', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), Buffer.from('6bc3a4e46b0a', 'hex'));
  assert.match(
    await bench.text('read_file', { path: 'a.txt' }),
    /\(the file has 6 bytes, not UTF-8 throughout; 1 character can't be shown \(U\+FFFD\)\)\n {5}1\tkä\uFFFDk$/,
  );
});

test('K11 11b: a file in UTF-16 is read, and its lines are those of its text', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'out.txt'), utf16);
  assert.equal(
    await bench.text('read_file', { path: 'out.txt', startLine: 2 }),
    'out.txt: line 2 of 2 (the file has 32 bytes, CRLF line ends, UTF-16 LE)\n     2\tFAILED one',
  );
});

test('K12: a log with one NUL is read, with a sign in its place', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.log'), 'x\0y\nFAILED t::x\n');
  const text = await bench.text('read_file', { path: 'a.log' });
  assert.match(text, /1\tx␀y\n {5}2\tFAILED t::x$/m);
});

test('K12: of a file whose end is binary, the lines of its text are shown', async (t) => {
  const bench = await toolBench(t);
  const script = `${'echo a line of a script\n'.repeat(500)}exit\n`;
  await writeFile(
    path.join(bench.root, 'install.sh'),
    Buffer.concat([Buffer.from(script), Buffer.alloc(20_000)]),
  );
  assert.match(
    await bench.text('read_file', { path: 'install.sh', endLine: 1 }),
    /1\techo a line of a script$/,
  );
  assert.match(
    await bench.text('read_file', { path: 'install.sh', startLine: 502 }),
    /^binary: install\.sh has binary data in line 502, .*Ask for other lines/,
  );
});

test('K11 11e: an edit of a line of ASCII leaves all other bytes of a file in GBK as they are', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'a.c');
  await writeFile(file, gbk);
  const edits = [{ oldText: 'int x = 1;', newText: 'long x = 2;' }];
  assert.equal(
    await bench.text('edit_file', { path: 'a.c', edits }),
    'Changed a.c: 1 line added, 1 removed.',
  );
  assert.deepEqual(await readFile(file), Buffer.concat([gbk.subarray(0, 16), Buffer.from('long x = 2;\n')]));
});

test('K11 11e: an edit can add characters that the encoding has, and no others', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'a.c');
  await writeFile(file, gbk);
  const edit = (newText: string): Promise<string> =>
    bench.text('edit_file', { path: 'a.c', edits: [{ oldText: '用户', newText }] });
  assert.match(
    await edit('😀'),
    /^invalidInput: .*a\.c is in GBK, and can't be written in it: GBK has no “😀” \(U\+1F600\)\./,
  );
  assert.deepEqual(await readFile(file), gbk);
  assert.match(await edit('文件'), /^Changed a\.c/);
  assert.deepEqual((await readFile(file)).subarray(7, 11), Buffer.from('cec4bcfe', 'hex'));
});

test('K11 11e: an edit of a file in UTF-16 keeps its encoding, its mark and its line ends', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'out.txt');
  await writeFile(file, utf16);
  const edits = [{ oldText: 'FAILED one', newText: 'passed' }];
  assert.match(await bench.text('edit_file', { path: 'out.txt', edits }), /^Changed out\.txt/);
  assert.equal(await readFile(file, 'utf16le'), '\ufeffé\r\npassed\r\n');
});
