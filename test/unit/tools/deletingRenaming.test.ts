import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { CallError } from '../../../src/core/calls.ts';
import { writes } from '../../../src/core/effects.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { createRenameFile } from '../../../src/tools/renameFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { TestMemory, toolBench, type ToolBench } from './toolBench.ts';

const asAgent = { agentId: 'agent-1' };

async function benchWith(
  t: TestContext,
  texts: Readonly<Record<string, string | Buffer>>,
): Promise<ToolBench> {
  const bench = await toolBench(t);
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(bench.root, name)), { recursive: true });
    await writeFile(path.join(bench.root, name), text);
  }
  return bench;
}

test('a file that was read is deleted, and is unknown from then on', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'one\ntwo\n' });
  const input = { path: 'a.txt' };
  assert.equal(
    await bench.text('delete_file', input, asAgent),
    'notRead: You have not read a.txt, so it was not deleted. Read it first.',
  );
  await bench.text('read_file', input, asAgent);
  assert.equal(await bench.text('delete_file', input, asAgent), 'Deleted a.txt: 2 lines removed.');
  assert.deepEqual(await readdir(bench.root), []);
  await writeFile(path.join(bench.root, 'a.txt'), 'one\ntwo\n');
  assert.match(await bench.text('write_file', { ...input, content: 'x' }, asAgent), /^notRead: /);
});

test('a file that changed since it was read is neither deleted nor renamed', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'one' });
  await bench.text('read_file', { path: 'a.txt' }, asAgent);
  await writeFile(path.join(bench.root, 'a.txt'), 'two');
  assert.equal(
    await bench.text('delete_file', { path: 'a.txt' }, asAgent),
    'changed: a.txt has changed since you read it, so nothing was deleted. Read it again, then decide anew.',
  );
  assert.match(
    await bench.text('rename_file', { from: 'a.txt', to: 'b.txt' }, asAgent),
    /^changed: a\.txt has changed since you read it, so nothing was renamed\./,
  );
  assert.deepEqual(await readdir(bench.root), ['a.txt']);
});

test('a batch file’s author deletes without reading', async (t) => {
  const bench = await benchWith(t, { 'a.txt': '' });
  assert.equal(
    await bench.text('delete_file', { path: 'a.txt' }),
    'Deleted a.txt: no line added or removed.',
  );
});

test('what an agent knows of a file goes with it when it is renamed', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'one' });
  await bench.text('read_file', { path: 'a.txt' }, asAgent);
  assert.equal(
    await bench.text('rename_file', { from: 'a.txt', to: 'new/b.txt' }, asAgent),
    'Renamed a.txt to new/b.txt.',
  );
  const write = { path: 'new/b.txt', content: 'two' };
  assert.equal(await bench.text('write_file', write, asAgent), 'Changed new/b.txt: 1 line added, 1 removed.');
});

test('a file is renamed without being read, and counts as unread under its new name', async (t) => {
  const binary = Buffer.from([0, 1, 255]);
  const bench = await benchWith(t, { 'a.txt': 'one', 'a.png': binary });
  await bench.text('rename_file', { from: 'a.txt', to: 'b.txt' }, asAgent);
  assert.match(await bench.text('write_file', { path: 'b.txt', content: 'x' }, asAgent), /^notRead: /);
  assert.equal(
    await bench.text('rename_file', { from: 'a.png', to: 'b.png' }, asAgent),
    'Renamed a.png to b.png.',
  );
  assert.deepEqual(await readFile(path.join(bench.root, 'b.png')), binary);
});

test('what can’t be restored, or is no regular file, is not deleted', async (t) => {
  const bench = await benchWith(t, {
    binary: Buffer.from([0, 1]),
    damaged: Buffer.from('6bc3a4e4', 'hex'),
    'folder/a': '',
  });
  const remove = (name: string): Promise<string> => bench.text('delete_file', { path: name });
  assert.match(await remove('binary'), /^binary: .*not deleted\. A command in the terminal can\./);
  assert.match(await remove('damaged'), /^binary: /);
  assert.match(await remove('folder'), /^notRegularFile: /);
  assert.match(await remove('gone'), /^notFound: /);
  assert.deepEqual(await readdir(bench.root), ['binary', 'damaged', 'folder']);
});

test('nothing is overwritten by a rename', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'a', 'b.txt': 'b', empty: '', 'folder/a': '' });
  const rename = (to: string): Promise<string> => bench.text('rename_file', { from: 'a.txt', to });
  assert.match(
    await rename('b.txt'),
    /^changed: b\.txt exists already; nothing was renamed\. Choose another name/,
  );
  assert.match(await rename('empty'), /^changed: empty exists already/);
  assert.match(await rename('folder'), /^notRegularFile: folder is a folder/);
  assert.match(await rename('./folder/../a.txt'), /^invalidInput: .* are the same path/);
  assert.match(await rename('b.txt/c'), /^io: .*a part of its path is a file/);
  assert.match(await bench.text('rename_file', { from: 'gone', to: 'x' }), /^notFound: /);
  assert.match(await bench.text('rename_file', { from: 'folder', to: 'x' }), /^notRegularFile: /);
  assert.deepEqual(await readdir(bench.root), ['a.txt', 'b.txt', 'empty', 'folder']);
});

test('a link is neither deleted nor renamed nor moved onto, and the file that it leads to stays', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'a', 'folder/b.txt': 'b' });
  await symlink('a.txt', path.join(bench.root, 'link'));
  await symlink('nowhere', path.join(bench.root, 'dangling'));
  await symlink('folder', path.join(bench.root, 'linkedFolder'));
  assert.match(
    await bench.text('delete_file', { path: 'link' }),
    /^refused: link is a link to a\.txt\. Links are neither deleted nor renamed/,
  );
  assert.match(await bench.text('rename_file', { from: 'link', to: 'x' }), /^refused: /);
  assert.match(await bench.text('rename_file', { from: 'a.txt', to: 'dangling' }), /^refused: /);
  assert.equal(
    await bench.text('delete_file', { path: 'linkedFolder/b.txt' }),
    'Deleted folder/b.txt: 1 line removed.',
  );
  assert.deepEqual(await readdir(bench.root), ['a.txt', 'dangling', 'folder', 'link', 'linkedFolder']);
});

test('both paths must be inside, and neither may be protected', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'a', '.git/config': 'x', '.vscode/tasks.json': 'x' });
  const rename = (from: string, to: string): Promise<string> => bench.text('rename_file', { from, to });
  assert.match(await rename('a.txt', '../out.txt'), /^outsideWorkspace: /);
  assert.match(await rename('/etc/hostname', 'in.txt'), /^outsideWorkspace: /);
  assert.match(await rename('a.txt', '.git/hooks/post-commit'), /^refused: /);
  assert.match(await rename('a.txt', '.GIT/x'), /^refused: /);
  assert.match(await rename('.vscode/tasks.json', 'in.txt'), /^refused: /);
  assert.match(await bench.text('delete_file', { path: '.git/config' }), /^refused: /);
  assert.match(await bench.text('delete_file', { path: '/etc/hostname' }), /^outsideWorkspace: /);
  assert.deepEqual(await readdir(bench.root), ['.git', '.vscode', 'a.txt']);
});

test('a name that the file system takes for the same file is refused with the way round it', async (t) => {
  const root = await temporaryFolder(t);
  await writeFile(path.join(root, 'a.txt'), 'a');
  const files = createFiles();
  const blind = {
    ...files,
    canonical: (file: string): Promise<string> => files.canonical(file.replace(/A\.txt$/, 'a.txt')),
  };
  const tool = createRenameFile({
    files: blind,
    memory: new TestMemory(),
    stateDir: path.join(root, 'state'),
  });
  const place = { cwd: root, roots: [root] };
  const { signal } = new AbortController();
  const proposed = await tool.proposes?.({ from: 'a.txt', to: 'A.txt' }, place, signal);
  assert.match(
    proposed?.ok === false ? proposed.error.message : '',
    /^A\.txt is a\.txt itself.*Rename it to another name first/,
  );
});

test('a file with unsaved changes is not deleted', async (t) => {
  const overlay = { unsavedText: (file: string) => (file.endsWith('a.txt') ? 'mine' : undefined) };
  const bench = await toolBench(t, overlay);
  await writeFile(path.join(bench.root, 'a.txt'), 'one');
  assert.match(await bench.text('delete_file', { path: 'a.txt' }), /^refused: a\.txt has unsaved changes/);
  assert.match(
    await bench.text('rename_file', { from: 'a.txt', to: 'b.txt' }),
    /^refused: .*unsaved changes/,
  );
  assert.deepEqual(await readdir(bench.root), ['a.txt']);
});

test('the intent is told before, with what stands there', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'one', 'b.txt': 'two' });
  await bench.run('delete_file', { path: 'a.txt' });
  await bench.run('rename_file', { from: 'b.txt', to: 'c.txt' });
  const at = (name: string): string => path.join(bench.root, name);
  assert.deepEqual(
    bench.memory.intended.map(({ path: where, before, after, movedFrom }) => [
      where,
      before,
      after,
      movedFrom,
    ]),
    [
      [at('a.txt'), textHash('one'), null, undefined],
      [at('c.txt'), null, textHash('two'), at('b.txt')],
    ],
  );
  assert.deepEqual(bench.memory.kept, ['one', 'two']);
});

test('what can’t be journalled is not done', async (t) => {
  const bench = await benchWith(t, { 'a.txt': 'one' });
  const error: CallError = { kind: 'io', message: 'The session could not be saved.' };
  bench.memory.intend = () => Promise.resolve(error);
  assert.equal(await bench.text('delete_file', { path: 'a.txt' }), `io: ${error.message}`);
  assert.equal(await bench.text('rename_file', { from: 'a.txt', to: 'b.txt' }), `io: ${error.message}`);
  assert.deepEqual(await readdir(bench.root), ['a.txt']);
});

test('both name all canonical paths as what they write', async (t) => {
  const bench = await benchWith(t, { 'folder/a.txt': '' });
  await symlink('folder', path.join(bench.root, 'link'));
  const place = { cwd: bench.root, roots: [bench.root] };
  const [a, b] = ['folder/a.txt', 'folder/b.txt'].map((name) => `file:${path.join(bench.root, name)}`);
  assert.deepEqual(await bench.tool('delete_file').effects({ path: 'link/a.txt' }, place), writes(a ?? ''));
  assert.deepEqual(
    await bench.tool('rename_file').effects({ from: 'link/a.txt', to: 'link/b.txt' }, place),
    writes(a ?? '', b ?? ''),
  );
});
