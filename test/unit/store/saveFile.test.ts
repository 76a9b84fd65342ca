import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SaveFile } from '../../../src/store/saveFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const anything = (): boolean => true;

test('blocks that come together stand whole and in order', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  const blocks = Array.from({ length: 50 }, (_, index) => `<${index}>${'x'.repeat(20_000)}\n`);
  const opened = await SaveFile.open(path, anything);
  assert.ok(opened.ok);
  await Promise.allSettled(blocks.map((block) => opened.file.append(block)));
  assert.equal(await readFile(path, 'utf8'), blocks.join(''));
  await opened.file.close();
});

test('what a file holds already stays, and a line that broke off is not continued', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  await writeFile(path, 'old\nbroken');
  const opened = await SaveFile.open(path, (beginning) => beginning.startsWith('old'));
  assert.ok(opened.ok);
  await opened.file.append('one\n');
  await opened.file.append('two\n');
  await opened.file.close();
  assert.equal(await readFile(path, 'utf8'), 'old\nbroken\none\ntwo\n');
});

test('a file that holds something else is refused and left as it is', async (t) => {
  const path = join(await temporaryFolder(t), 'notes.md');
  await writeFile(path, '# Notes\n');
  const opened = await SaveFile.open(path, () => false);
  assert.match(opened.ok ? '' : opened.message, /notes\.md: it holds something else than answers/);
  assert.equal(await readFile(path, 'utf8'), '# Notes\n');
});

test('a folder, a place that does not exist and a FIFO are refused at once', async (t) => {
  const folder = await temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const name of ['.', 'none/out.txt', 'pipe']) {
    const opened = await SaveFile.open(join(folder, name), anything);
    assert.match(opened.ok ? 'opened' : opened.message, /^The answers can't be saved to /, name);
  }
});

test('a write that fails is told', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  const opened = await SaveFile.open(path, anything);
  assert.ok(opened.ok);
  await opened.file.close();
  assert.match((await opened.file.append('late\n')) ?? '', /^The answer could not be saved to .*out\.txt: /);
});
