/** Reverts while something goes on: agents at work, edits of others, other programs, a disk that is full. */
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { Files } from '../../../src/core/filePorts.ts';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import { revertedOf } from '../../../src/core/standingReverts.ts';
import { openJournalFile } from '../../../src/store/journalFile.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { asksFor, says } from '../../fixtures/agentScripts.ts';
import { diskFull } from '../../fixtures/fakeJournalFile.ts';
import { revertBench, snapshot } from '../../fixtures/revertBench.ts';
import { testRuntime } from './testRuntime.ts';

const root: RevertTarget = { kind: 'agent', agentId: 'agent-1' };
const { signal } = new AbortController();

const edits = (file: string, oldText: string, newText: string) => ({
  path: file,
  edits: [{ oldText, newText }],
});

const oneEdit = [
  asksFor(['r1', 'read_file', { path: 'a.txt' }]),
  asksFor(['e1', 'edit_file', edits('a.txt', 'one', 'two')]),
  says('Done.'),
];

/** The disk, where each write waits for `let`. */
function heldFiles() {
  const disk = createFiles();
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let isHolding = false;
  const files: Files = {
    ...disk,
    async write(write, stop) {
      if (isHolding) {
        reached.resolve();
        await held.promise;
      }
      return disk.write(write, stop);
    },
  };
  return { files, hold: () => void (isHolding = true), reached: reached.promise, let: () => held.resolve() };
}

test('while an agent is at work its edits are not reverted', async (t) => {
  const started = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const last = async () => {
    started.resolve();
    await goOn.promise;
    return says('Done.');
  };
  const bench = await revertBench(t, { root: [...oneEdit.slice(0, 2), last] }, { 'a.txt': 'one' });
  const done = bench.run('root');
  await started.promise;
  const [session] = bench.runtime.sessions();
  const refused = { message: '“Go root” is still working. Stop it first, or wait until it has ended.' };
  await assert.rejects(bench.runtime.planRevert(session?.id ?? '', root), refused);
  goOn.resolve();
  const { id } = await done;
  assert.equal((await bench.revert(id, root)).restored.length, 1);
});

test('a revert waits for the edit of another agent that is under way, and leaves what that changed', async (t) => {
  const held = heldFiles();
  const other = [
    asksFor(['r1', 'read_file', { path: 'a.txt' }]),
    asksFor(['e1', 'edit_file', edits('a.txt', 'two', 'three')]),
    says('Done.'),
  ];
  const bench = await revertBench(t, { root: oneEdit, other }, { 'a.txt': 'one' }, { files: held.files });
  const { id } = await bench.run('root');
  const plan = await bench.runtime.planRevert(id, root);
  assert.deepEqual(
    plan.files.map(({ standing }) => standing.kind),
    ['asLeft'],
  );
  held.hold();
  const done = bench.run('other');
  await held.reached;
  const reverting = bench.runtime.revert(plan, { includesChanged: true }, signal);
  held.let();
  const { left } = await reverting;
  await done;
  assert.equal(left[0]?.why, 'it changed just now');
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'three');
});

test('a revert that waits can be given up', async (t) => {
  const held = heldFiles();
  const other = [asksFor(['w1', 'write_file', { path: 'a.txt', content: 'x' }]), says('Done.')];
  const bench = await revertBench(t, { root: other, other: oneEdit }, {}, { files: held.files });
  const { id } = await bench.run('root');
  const plan = await bench.runtime.planRevert(id, root);
  await writeFile(path.join(bench.folder, 'a.txt'), 'one');
  held.hold();
  const done = bench.run('other');
  await held.reached;
  const stopping = new AbortController();
  const reverting = bench.runtime.revert(plan, { includesChanged: true }, stopping.signal);
  stopping.abort(new Error('enough'));
  await assert.rejects(reverting, /enough/);
  held.let();
  await done;
});

test('a revert that is stopped says which files it left, and goes on later', async (t) => {
  const two = [
    asksFor(
      ['w1', 'write_file', { path: 'a.txt', content: 'a' }],
      ['w2', 'write_file', { path: 'b.txt', content: 'b' }],
    ),
    says('Done.'),
  ];
  const bench = await revertBench(t, { root: two });
  const state = await bench.run('root');
  const stopping = new AbortController();
  const plan = await bench.runtime.planRevert(state.id, root);
  const onProgress = (): void => stopping.abort();
  const { restored, left } = await bench.runtime.revert(
    plan,
    { includesChanged: false, onProgress },
    stopping.signal,
  );
  assert.deepEqual([restored.length, left.map(({ why }) => why)], [1, ['it was stopped before']]);
  assert.equal(revertedOf(state, root), 'partly');
  await bench.revert(state.id, root);
  assert.deepEqual(await snapshot(bench.folder), {});
  assert.equal(revertedOf(state, root), 'whole');
});

test('a program that closes in a revert says which files are not restored', async (t) => {
  const held = heldFiles();
  const two = [
    asksFor(['r1', 'read_file', { path: 'a.txt' }], ['r2', 'read_file', { path: 'b.txt' }]),
    asksFor(
      ['e1', 'edit_file', edits('a.txt', 'one', 'two')],
      ['e2', 'edit_file', edits('b.txt', 'one', 'two')],
    ),
    says('Done.'),
  ];
  const before = { 'a.txt': 'one', 'b.txt': 'one' };
  const bench = await revertBench(t, { root: two }, before, { files: held.files });
  const { id } = await bench.run('root');
  held.hold();
  const reverting = bench.revert(id, root);
  await held.reached;
  const closed = bench.runtime.dispose();
  held.let();
  const { left } = await reverting;
  await closed;
  await bench.restart();
  const state = await bench.runtime.openSession(id);
  assert.deepEqual(state.reverts[0]?.notRestored, left);
  assert.deepEqual(
    left.map(({ path: file }) => path.basename(file)),
    ['a.txt', 'b.txt'],
  );
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'two');
});

test('edits of a past session are reverted, and that is undone by a later program still', async (t) => {
  const bench = await revertBench(t, { root: oneEdit }, { 'a.txt': 'one' });
  const { id } = await bench.run('root');
  const text = () => readFile(path.join(bench.folder, 'a.txt'), 'utf8');
  await bench.restart();
  const { revertId = '' } = await bench.revert(id, root);
  assert.equal(await text(), 'one');
  await bench.restart();
  const state = await bench.runtime.openSession(id);
  assert.equal(revertedOf(state, root), 'whole');
  await bench.revert(id, { kind: 'revert', revertId });
  assert.equal(await text(), 'two');
});

test('a session that another program has is reverted there', async (t) => {
  const bench = await revertBench(t, { root: oneEdit }, { 'a.txt': 'one' });
  const { id } = await bench.run('root');
  const elsewhere = testRuntime(t, bench.stateDir, undefined, { host: { name: 'other', version: '1' } });
  await assert.rejects(elsewhere.planRevert(id, root), /has this session\. Revert there\.$/);
});

test('an agent whose file was reverted reads it again before it edits it', async (t) => {
  const again = [
    ...oneEdit,
    asksFor(['e2', 'edit_file', edits('a.txt', 'two', 'three')]),
    says('It has changed.'),
  ];
  const bench = await revertBench(t, { root: again }, { 'a.txt': 'one' });
  const state = await bench.run('root');
  await bench.revert(state.id, root);
  await (
    await bench.runtime.followUp(state.id, 'agent-1', 'Go on.')
  ).ended;
  const call = state.calls.get('e2')?.state;
  assert.equal(call?.status === 'failed' && call.error.kind, 'changed');
  assert.equal(revertedOf(state, root), 'whole', 'an edit that failed is none to take back');
});

test('the text from before is on the disk before an edit, and before a revert', async (t) => {
  const kept: string[] = [];
  const disk = createFiles();
  const files: Files = {
    ...disk,
    async write(write, stop) {
      const [session] = bench.runtime.sessions();
      const blobs = path.join(bench.stateDir, 'sessions', session?.id ?? '', 'blobs');
      kept.push(await readFile(path.join(blobs, textHash(write.replaces ?? '')), 'utf8'));
      return disk.write(write, stop);
    },
  };
  const bench = await revertBench(t, { root: oneEdit }, { 'a.txt': 'one' }, { files });
  const { id } = await bench.run('root');
  assert.deepEqual(kept, ['one']);
  await bench.revert(id, root);
  assert.deepEqual(kept, ['one', 'two']);
  const blob = path.join(bench.stateDir, 'sessions', id, 'blobs', textHash('one'));
  assert.equal((await stat(blob)).mode & 0o777, 0o600);
});

test('a text with the API key is not kept: it can’t be restored, and nothing is put in the place of one', async (t) => {
  const key = 'test-key'; // As the runtime of the tests has it.
  const parts = [
    asksFor(['r1', 'read_file', { path: 'key.txt' }], ['r2', 'read_file', { path: 'a.txt' }]),
    asksFor(
      ['e1', 'edit_file', edits('key.txt', 'one', 'two')],
      ['e2', 'edit_file', edits('a.txt', 'one', 'two')],
    ),
    says('Done.'),
  ];
  const bench = await revertBench(t, { root: parts }, { 'key.txt': `${key} one`, 'a.txt': 'one' });
  const { id } = await bench.run('root');
  await writeFile(path.join(bench.folder, 'a.txt'), key);
  assert.equal(
    await bench.planText(id, root),
    'a.txt: changed since\nkey.txt: impossible: its text from before was not kept',
  );
  const { left } = await bench.revert(id, root, true);
  assert.deepEqual(
    left.map(({ why }) => why),
    ['its text from before was not kept', 'its present text can’t be kept, so this could not be undone'],
  );
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), key);
});

test('where the session can’t be saved, nothing is reverted', async (t) => {
  let isFull = false;
  const openFull: typeof openJournalFile = async (file, blobFolder) => {
    const journal = await openJournalFile(file, blobFolder);
    return {
      ...journal,
      writeBlob: (blob) => (isFull ? Promise.reject(diskFull()) : journal.writeBlob(blob)),
    };
  };
  const bench = await revertBench(
    t,
    { root: oneEdit },
    { 'a.txt': 'one' },
    {
      openJournalFile: openFull,
      unsaved: { ask: () => Promise.resolve('stop') },
    },
  );
  const { id } = await bench.run('root');
  isFull = true;
  await assert.rejects(bench.revert(id, root), /could not be saved, so nothing was reverted/);
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'two');
});

test('deleting a session deletes what it kept', async (t) => {
  const bench = await revertBench(t, { root: oneEdit }, { 'a.txt': 'one' });
  const { id } = await bench.run('root');
  const blob = path.join(bench.stateDir, 'sessions', id, 'blobs', textHash('one'));
  await stat(blob);
  await bench.runtime.deleteSession(id);
  await assert.rejects(stat(blob));
});
