/** Paths that are written for another system, for a folder, or for a workspace that is gone. */
import assert from 'node:assert/strict';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { toolBench } from './toolBench.ts';

const separatesBySlash = path.sep === '/';

for (const named of ['dir/', 'a/dir/', 'dir/.', 'dir/..', './'])
  test(`i: write_file and rename_file make no file of ${named}`, async (t) => {
    const bench = await toolBench(t);
    await writeFile(path.join(bench.root, 'a.txt'), 'x');
    const told = [
      await bench.text('write_file', { path: named, content: 'x' }),
      await bench.text('rename_file', { from: 'a.txt', to: named }),
    ];
    for (const text of told) assert.match(text, /^(invalidInput: .* names a folder|notRegularFile: )/);
    assert.deepEqual(await readdir(bench.root), ['a.txt']);
  });

if (separatesBySlash)
  test('K21: a backslash makes no name with a backslash in it, and the right form is named', async (t) => {
    const bench = await toolBench(t);
    await mkdir(path.join(bench.root, 'lib'));
    await writeFile(path.join(bench.root, 'lib/a.ts'), 'x');
    assert.match(
      await bench.text('write_file', { path: 'lib\\new.ts', content: 'x' }),
      /^invalidInput: lib\\new\.ts would be one name .* Write lib\/new\.ts\. Nothing was made\.$/,
    );
    assert.match(
      await bench.text('rename_file', { from: 'lib/a.ts', to: 'lib\\b.ts' }),
      /Write lib\/b\.ts\./,
    );
    for (const [tool, input] of [
      ['read_file', { path: 'lib\\a.ts' }],
      ['edit_file', { path: 'lib\\a.ts', edits: [{ oldText: 'x', newText: 'y' }] }],
      ['delete_file', { path: 'lib\\a.ts' }],
      ['rename_file', { from: 'lib\\a.ts', to: 'b.ts' }],
    ] as const)
      assert.match(
        await bench.text(tool, input),
        /^notFound: .* Folders are separated by \/ here: lib\/a\.ts\.$/,
      );
    assert.deepEqual(await readdir(bench.root), ['lib']);
    await writeFile(path.join(bench.root, 'odd\\name'), 'x');
    assert.match(await bench.text('write_file', { path: 'odd\\name', content: 'y' }), /^Changed /);
  });

test('K20: a file of one line has 1 line', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'x\n');
  assert.match(
    await bench.text('read_file', { path: 'a.txt', startLine: 2 }),
    /a\.txt has 1 line; line 2 is beyond/,
  );
});

test('s: a workspace that is gone is not made anew', async (t) => {
  const bench = await toolBench(t);
  await rm(bench.root, { recursive: true });
  for (const named of ['n.txt', 'a/n.txt'])
    assert.match(
      await bench.text('write_file', { path: named, content: 'x' }),
      /^changed: The folder ROOT is gone/,
    );
  await assert.rejects(stat(bench.root));
});
