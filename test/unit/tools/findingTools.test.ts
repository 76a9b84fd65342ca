import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { toolBench, type ToolBench } from './toolBench.ts';

async function project(t: TestContext): Promise<ToolBench> {
  const bench = await toolBench(t);
  await mkdir(path.join(bench.root, 'src'));
  await writeFile(path.join(bench.root, 'src/a.ts'), 'one\nneedle\n');
  await writeFile(path.join(bench.root, 'b.ts'), 'needle\n');
  return bench;
}

test('files are listed relative to the working directory, whatever folder was asked for', async (t) => {
  const bench = await project(t);
  assert.equal(await bench.text('list_files', { pattern: '**/*.ts' }), 'b.ts\nsrc/a.ts');
  assert.equal(await bench.text('list_files', { pattern: '*', path: 'src' }), 'src/a.ts');
  const cwd = path.join(bench.root, 'src');
  assert.equal(await bench.text('list_files', { pattern: '*', path: '..' }, { cwd }), '../b.ts');
});

test('no file and no match are said in words', async (t) => {
  const bench = await project(t);
  assert.equal(await bench.text('list_files', { pattern: '*.css' }), 'No file in . matches *.css (0 files).');
  assert.equal(
    await bench.text('search_text', { pattern: 'nothing', glob: '*.ts' }),
    'No matches (0) for nothing in the working directory, files *.ts',
  );
});

test('matches are shown as path, line and text', async (t) => {
  const bench = await project(t);
  assert.equal(await bench.text('search_text', { pattern: 'needle' }), 'b.ts:1: needle\nsrc/a.ts:2: needle');
  assert.equal(await bench.text('search_text', { pattern: '^o.e$', regex: true }), 'src/a.ts:1: one');
  assert.equal(
    await bench.text('search_text', { pattern: 'needle', path: 'src/a.ts' }),
    'src/a.ts:2: needle',
  );
});

test('more than can be shown is cut, and says so', async (t) => {
  const bench = await project(t);
  await writeFile(path.join(bench.root, 'many.txt'), 'needle\n'.repeat(501));
  const text = await bench.text('search_text', { pattern: 'needle', path: 'many.txt' });
  assert.match(text, /many\.txt:500: needle\n\[only the first 500 matches are shown, there are more;/);
  await mkdir(path.join(bench.root, 'many'));
  for (let count = 0; count <= 2000; count += 1)
    await writeFile(path.join(bench.root, 'many', `${count}`), '');
  const listed = await bench.text('list_files', { pattern: 'many/*' });
  assert.match(listed, /\n\[only the first 2000 are shown; narrow the pattern or the folder\]$/);
});

test('both read a tree, and look into nothing outside the workspace', async (t) => {
  const bench = await project(t);
  const place = { cwd: bench.root, roots: [bench.root] };
  const known = { kind: 'known', reads: [`tree:${path.join(bench.root, 'src')}`], writes: [] };
  for (const name of ['list_files', 'search_text']) {
    assert.deepEqual(await bench.tool(name).effects({ pattern: 'x', path: 'src' }, place), known);
    assert.match(await bench.text(name, { pattern: 'x', path: '..' }), /^outsideWorkspace: /);
  }
});

test('a listing of a file says what to do instead', async (t) => {
  const bench = await project(t);
  assert.match(await bench.text('list_files', { pattern: '*', path: 'b.ts' }), /is a file.*read_file/);
});
