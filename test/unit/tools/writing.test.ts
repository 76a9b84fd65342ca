import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { CallError } from '../../../src/core/calls.ts';
import { writes } from '../../../src/core/effects.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { toolBench } from './toolBench.ts';

const asAgent = { agentId: 'agent-1' };

test('a new file is made with its folders, and counts as read from then on', async (t) => {
  const bench = await toolBench(t);
  const write = (content: string): Promise<string> =>
    bench.text('write_file', { path: 'a/b/c.txt', content }, asAgent);
  assert.equal(await write('one\ntwo\n'), 'Made a/b/c.txt: 2 lines added.');
  assert.equal(await write('one\n2\n3\n'), 'Changed a/b/c.txt: 2 lines added, 1 removed.');
  assert.equal(await write('one\n2\n3\n'), 'a/b/c.txt holds exactly this text already; nothing was written.');
  assert.equal(await readFile(path.join(bench.root, 'a/b/c.txt'), 'utf8'), 'one\n2\n3\n');
  assert.deepEqual(await readdir(path.join(bench.root, 'a/b')), ['c.txt']);
});

test('a file that an agent has not read is not written over; a batch file’s author needs no reading', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'a.txt');
  await writeFile(file, 'old');
  const input = { path: 'a.txt', content: 'new' };
  assert.match(
    await bench.text('write_file', input, asAgent),
    /^notRead: a\.txt exists, and you have not read it: nothing was written\. Read it first/,
  );
  assert.equal(await readFile(file, 'utf8'), 'old');
  assert.equal(await bench.text('write_file', input), 'Changed a.txt: 1 line added, 1 removed.');
  assert.equal(await readFile(file, 'utf8'), 'new');
});

test('an edit of a file that changed since it was read fails, and reading again mends it', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'a.txt');
  await writeFile(file, 'one\ntwo\n');
  const edit = (): Promise<string> =>
    bench.text('edit_file', { path: 'a.txt', edits: [{ oldText: 'two', newText: '2' }] }, asAgent);
  await bench.text('read_file', { path: 'a.txt' }, asAgent);
  await writeFile(file, 'ONE\ntwo\n');
  assert.match(
    await edit(),
    /^changed: a\.txt has changed since you read it, so nothing was written\. Read it again/,
  );
  assert.match(await bench.text('write_file', { path: 'a.txt', content: 'x' }, asAgent), /^changed: /);
  assert.equal(await readFile(file, 'utf8'), 'ONE\ntwo\n');
  await bench.text('read_file', { path: 'a.txt' }, { agentId: 'agent-2' });
  assert.match(await edit(), /^changed: /);
  await bench.text('read_file', { path: 'a.txt' }, asAgent);
  assert.equal(await edit(), 'Changed a.txt: 1 line added, 1 removed.');
  assert.equal(await readFile(file, 'utf8'), 'ONE\n2\n');
});

test('of several edits all are made or none', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'a.txt');
  await writeFile(file, 'one\ntwo\nthree\n');
  const edit = (...edits: readonly object[]): Promise<string> =>
    bench.text('edit_file', { path: 'a.txt', edits }, asAgent);
  const [one, gone, three] = ['one', 'gone', 'three'].map((oldText) => ({
    oldText,
    newText: oldText.toUpperCase(),
  })) as [object, object, object];
  assert.match(await edit(one, gone), /^invalidInput: Edit 2 of 2/);
  assert.equal(await readFile(file, 'utf8'), 'one\ntwo\nthree\n');
  assert.equal(await edit(one, three), 'Changed a.txt: 2 lines added, 2 removed.');
  assert.equal(await readFile(file, 'utf8'), 'ONE\ntwo\nTHREE\n');
});

test('a file keeps its mode and its byte order mark', async (t) => {
  const bench = await toolBench(t);
  const file = path.join(bench.root, 'run.sh');
  await writeFile(file, '\uFEFFone\r\ntwo\r\n');
  await chmod(file, 0o751);
  await bench.text('edit_file', { path: 'run.sh', edits: [{ oldText: 'one\n', newText: '1\n' }] });
  assert.equal(await readFile(file, 'utf8'), '\uFEFF1\r\ntwo\r\n');
  assert.equal((await stat(file)).mode & 0o777, 0o751);
});

test('the intent with the hashes before and after is told before the write', async (t) => {
  const bench = await toolBench(t);
  await bench.run('write_file', { path: 'a.txt', content: 'one' }, asAgent);
  await bench.run('edit_file', { path: 'a.txt', edits: [{ oldText: 'one', newText: 'two' }] }, asAgent);
  const file = path.join(bench.root, 'a.txt');
  assert.deepEqual(
    bench.memory.intended.map(({ path: where, before, after }) => [where, before, after]),
    [
      [file, null, textHash('one')],
      [file, textHash('one'), textHash('two')],
    ],
  );
});

test('an edit whose intent can’t be journalled is not made', async (t) => {
  const bench = await toolBench(t);
  const error: CallError = { kind: 'io', message: 'The session could not be saved.' };
  bench.memory.intend = () => Promise.resolve(error);
  assert.equal(await bench.text('write_file', { path: 'a.txt', content: 'one' }), `io: ${error.message}`);
  assert.deepEqual(await readdir(bench.root), []);
});

test('what is UTF-8 with damage, or binary, is left alone', async (t) => {
  const bench = await toolBench(t);
  const damaged = Buffer.from('61c3a4e40a', 'hex');
  await writeFile(path.join(bench.root, 'damaged.txt'), damaged);
  await writeFile(path.join(bench.root, 'binary'), Buffer.from([1, 0, 2]));
  const edits = [{ oldText: 'a', newText: 'b' }];
  assert.match(
    await bench.text('edit_file', { path: 'damaged.txt', edits }),
    /^binary: .*is not UTF-8 throughout/,
  );
  assert.match(
    await bench.text('write_file', { path: 'damaged.txt', content: 'b' }),
    /^binary: .*is not UTF-8 throughout/,
  );
  assert.match(await bench.text('write_file', { path: 'binary', content: 'b' }), /^binary: /);
  assert.deepEqual(await readFile(path.join(bench.root, 'damaged.txt')), damaged);
});

test('a file of U+FFFD itself is text', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'a\uFFFD');
  const edits = [{ oldText: 'a', newText: 'b' }];
  assert.equal(
    await bench.text('edit_file', { path: 'a.txt', edits }),
    'Changed a.txt: 1 line added, 1 removed.',
  );
});

test('folders, missing files and half characters are told', async (t) => {
  const bench = await toolBench(t);
  await mkdir(path.join(bench.root, 'folder'));
  await writeFile(path.join(bench.root, 'file'), '');
  assert.match(await bench.text('write_file', { path: 'folder', content: '' }), /^notRegularFile: /);
  assert.match(
    await bench.text('edit_file', { path: 'gone', edits: [{ oldText: 'a', newText: 'b' }] }),
    /^notFound: /,
  );
  assert.match(
    await bench.text('write_file', { path: 'a', content: '\ud800' }),
    /^invalidInput: .*half a character/,
  );
  assert.match(
    await bench.text('write_file', { path: 'file/a', content: '' }),
    /^io: .*a part of its path is a file/,
  );
  assert.match(
    await bench.text('write_file', { path: 'a', content: 'x'.repeat(11 * 1024 * 1024) }),
    /^tooLarge: /,
  );
});

test('an edit that would make a file too large changes nothing', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'a');
  const edits = [{ oldText: 'a', newText: 'x'.repeat(11 * 1024 * 1024) }];
  assert.match(
    await bench.text('edit_file', { path: 'a.txt', edits }),
    /^tooLarge: .*Nothing was changed\.$/,
  );
  assert.equal(await readFile(path.join(bench.root, 'a.txt'), 'utf8'), 'a');
});

test('a file through a link is written where the link leads, if that is inside', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one');
  await symlink('a.txt', path.join(bench.root, 'link'));
  await symlink('made.txt', path.join(bench.root, 'dangling'));
  await symlink('/etc/allsettled-never', path.join(bench.root, 'out'));
  assert.equal(
    await bench.text('write_file', { path: 'link', content: 'two' }),
    'Changed a.txt: 1 line added, 1 removed.',
  );
  assert.equal(
    await bench.text('write_file', { path: 'dangling', content: 'x' }),
    'Made made.txt: 1 line added.',
  );
  assert.match(await bench.text('write_file', { path: 'out', content: 'x' }), /^outsideWorkspace: /);
  assert.equal(await readFile(path.join(bench.root, 'a.txt'), 'utf8'), 'two');
});

test('both name the canonical file as what they write', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), 'one');
  await symlink('a.txt', path.join(bench.root, 'link'));
  const place = { cwd: bench.root, roots: [bench.root] };
  const expected = writes(`file:${path.join(bench.root, 'a.txt')}`);
  assert.deepEqual(await bench.tool('write_file').effects({ path: 'link', content: '' }, place), expected);
  assert.deepEqual(await bench.tool('edit_file').effects({ path: 'a.txt', edits: [] }, place), expected);
});
