/** What a person who approves an edit is told: the texts that it would leave, and the files that the approval is bound to. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { UnsavedTexts } from '../../../src/adapters/node/files.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

const { signal } = new AbortController();

/** `file: before -> after` for each file, `-` for none; or the kind of the error. */
async function proposed(bench: ToolBench, name: string, input: unknown): Promise<readonly string[]> {
  const { root } = bench;
  const proposal = await bench.tool(name).proposes?.(input, { cwd: root, roots: [root] }, signal);
  if (proposal?.ok !== true) return [proposal?.error.kind ?? 'none'];
  return proposal.edits.map(
    ({ path: file, before = '-', after = '-' }) => `${path.relative(root, file)}: ${before} -> ${after}`,
  );
}

async function bound(bench: ToolBench, name: string, input: unknown): Promise<unknown> {
  const { root } = bench;
  const files = await bench.tool(name).boundTo?.(input, { cwd: root, roots: [root] });
  return files?.map(({ path: file, hash }) => [path.relative(root, file), hash]);
}

const change = { edits: [{ oldText: 'one', newText: 'two' }] };

test('each edit shows the texts before and after, and changes nothing', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one');
  const ask = (name: string, input: unknown): Promise<readonly string[]> => proposed(bench, name, input);
  assert.deepEqual(await ask('write_file', { path: 'a.txt', content: 'x' }), ['a.txt: one -> x']);
  assert.deepEqual(await ask('write_file', { path: 'new/b', content: 'x' }), ['new/b: - -> x']);
  assert.deepEqual(await ask('edit_file', { path: 'a.txt', ...change }), ['a.txt: one -> two']);
  assert.deepEqual(await ask('delete_file', { path: 'a.txt' }), ['a.txt: one -> -']);
  assert.deepEqual(await ask('rename_file', { from: 'a.txt', to: 'b.txt' }), [
    'a.txt: one -> -',
    'b.txt: - -> one',
  ]);
  assert.deepEqual(await readdir(bench.root), ['a.txt']);
  assert.equal(await readFile(path.join(bench.root, 'a.txt'), 'utf8'), 'one');
  assert.deepEqual(bench.memory.intended, []);
});

test('unsaved text is what stands there, for the diff and for what the approval is bound to', async (t) => {
  const overlay: UnsavedTexts = {
    unsavedText: (file) => (file.endsWith('a.txt') ? 'one, unsaved' : undefined),
  };
  const bench = await toolBench(t, overlay);
  await writeFile(path.join(bench.root, 'a.txt'), 'one');
  const input = { path: 'a.txt', ...change };
  assert.deepEqual(await proposed(bench, 'edit_file', input), ['a.txt: one, unsaved -> two, unsaved']);
  assert.deepEqual(await bound(bench, 'edit_file', input), [['a.txt', textHash('one, unsaved')]]);
});

test('an edit that would fail says so in place of a diff', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one one');
  await mkdir(path.join(bench.root, 'folder'));
  const ask = (name: string, input: unknown): Promise<readonly string[]> => proposed(bench, name, input);
  assert.deepEqual(await ask('edit_file', { path: 'a.txt', ...change }), ['invalidInput']);
  assert.deepEqual(await ask('edit_file', { path: 'gone', ...change }), ['notFound']);
  assert.deepEqual(await ask('write_file', { path: 'folder', content: '' }), ['notRegularFile']);
  assert.deepEqual(await ask('write_file', { path: '.git/config', content: '' }), ['refused']);
  assert.deepEqual(await ask('delete_file', { path: '../a' }), ['outsideWorkspace']);
  assert.deepEqual(await ask('rename_file', { from: 'a.txt', to: 'folder' }), ['notRegularFile']);
});

test('an approval is bound to each file as it is: its text, its bytes where it is none, or that it is not there', async (t) => {
  const bench = await toolBench(t);
  const bytes = Buffer.from([0, 255]);
  await writeFile(path.join(bench.root, 'a.txt'), '\uFEFFone');
  await writeFile(path.join(bench.root, 'a.png'), bytes);
  await mkdir(path.join(bench.root, 'folder'));
  const byteHash = createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(await bound(bench, 'write_file', { path: 'a.txt', content: '' }), [
    ['a.txt', textHash('one')],
  ]);
  assert.deepEqual(await bound(bench, 'write_file', { path: 'new', content: '' }), [['new', null]]);
  assert.deepEqual(await bound(bench, 'delete_file', { path: 'a.txt' }), [['a.txt', textHash('one')]]);
  assert.deepEqual(await bound(bench, 'rename_file', { from: 'a.png', to: 'b.png' }), [
    ['a.png', byteHash],
    ['b.png', null],
  ]);
  assert.deepEqual(await bound(bench, 'write_file', { path: 'folder', content: '' }), []);
  assert.deepEqual(await bound(bench, 'write_file', { path: '../out', content: '' }), []);
});

test('a file that is no text is shown as such when it is to be renamed', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.png'), Buffer.from([0]));
  const shown = '[no text that could be shown; the file is moved as it is]';
  assert.deepEqual(await proposed(bench, 'rename_file', { from: 'a.png', to: 'b.png' }), [
    `a.png: ${shown} -> -`,
    `b.png: - -> ${shown}`,
  ]);
});
