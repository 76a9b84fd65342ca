/** Edits of turns and agents are taken back, exactly, and that is undone. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import { revertedOf, revertToUndo } from '../../../src/core/standingReverts.ts';
import { turnIdsOf } from '../../fixtures/turnIds.ts';
import { asksFor, says, spawns } from '../../fixtures/agentScripts.ts';
import { revertBench, snapshot } from '../../fixtures/revertBench.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const edits = (file: string, oldText: string, newText: string) => ({
  path: file,
  edits: [{ oldText, newText }],
});

/** The first turn reads, the second edits and makes, the third edits again. */
const twoTurns = [
  asksFor(['r1', 'read_file', { path: 'a.txt' }]),
  asksFor(
    ['e1', 'edit_file', edits('a.txt', 'one', 'two')],
    ['w1', 'write_file', { path: 'sub/new.txt', content: 'made\n' }],
  ),
  asksFor(['e2', 'edit_file', edits('a.txt', 'two', 'three')]),
  says('Done.'),
];
const root: RevertTarget = { kind: 'agent', agentId: 'agent-1' };
const undoOf = ({ revertId = '' }: { readonly revertId?: string }): RevertTarget => ({
  kind: 'revert',
  revertId,
});

test('an agent’s edits are taken back and brought back, byte for byte', async (t) => {
  const bench = await revertBench(t, { root: twoTurns }, { 'a.txt': 'one\r\n' });
  const before = await snapshot(bench.folder);
  const state = await bench.run('root');
  const after = await snapshot(bench.folder);
  assert.equal(await bench.planText(state.id, root), 'a.txt: asLeft\nsub/new.txt: asLeft, goes');
  const result = await bench.revert(state.id, root);
  assert.deepEqual(await snapshot(bench.folder), before);
  assert.deepEqual(result.left, []);
  assert.equal(revertedOf(state, root), 'whole');
  assert.equal(await bench.planText(state.id, root), 'a.txt: asBefore\nsub/new.txt: asBefore, goes');
  const undone = await bench.revert(state.id, undoOf(result));
  assert.deepEqual(await snapshot(bench.folder), after);
  assert.equal(revertedOf(state, root), 'no');
  await bench.revert(state.id, undoOf(undone));
  assert.deepEqual(await snapshot(bench.folder), before, 'and so is the undoing');
  assert.equal(revertedOf(state, root), 'whole');
});

test('K11 11e: a file that an edit left without its last characters beyond ASCII gets its encoding back', async (t) => {
  const script = [
    asksFor(['r1', 'read_file', { path: 'a.c' }]),
    asksFor(['e1', 'edit_file', edits('a.c', '获取用户信息', 'user')]),
    says('Done.'),
  ];
  const bench = await revertBench(t, { root: script }, {});
  const gbk = Buffer.from('2f2f20bbf1c8a1d3c3bba7d0c5cfa20a', 'hex');
  await writeFile(path.join(bench.folder, 'a.c'), gbk);
  const state = await bench.run('root');
  assert.equal(await readFile(path.join(bench.folder, 'a.c'), 'utf8'), '// user\n');
  const result = await bench.revert(state.id, root);
  assert.deepEqual(await readFile(path.join(bench.folder, 'a.c')), gbk);
  await bench.revert(state.id, undoOf(result));
  assert.equal(await readFile(path.join(bench.folder, 'a.c'), 'utf8'), '// user\n');
});

test('of a turn whose file a later turn changed, that is said and the file is left', async (t) => {
  const bench = await revertBench(t, { root: twoTurns }, { 'a.txt': 'one' });
  const state = await bench.run('root');
  const [first, second, third] = turnIdsOf(state, 'agent-1').map(
    (turnId) => ({ kind: 'turn', turnId }) as const,
  );
  assert.ok(first && second && third);
  assert.equal(await bench.planText(state.id, first), '');
  assert.equal(
    await bench.planText(state.id, second),
    'a.txt: changed since by e2\nsub/new.txt: asLeft, goes',
  );
  const result = await bench.revert(state.id, second);
  assert.deepEqual(result.left, [
    { path: path.join(bench.folder, 'a.txt'), why: 'it has been changed since' },
  ]);
  assert.deepEqual(Object.keys(await snapshot(bench.folder)), ['a.txt']);
  assert.deepEqual(
    [first, second, third, root].map((target) => revertedOf(state, target)),
    ['no', 'partly', 'no', 'partly'],
  );
  assert.equal(await bench.planText(state.id, third), 'a.txt: asLeft');
  await bench.revert(state.id, third);
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'two');
  assert.equal(
    await bench.planText(state.id, second),
    'a.txt: asLeft\nsub/new.txt: asBefore, goes',
    'newest first, each can go',
  );
  await bench.revert(state.id, second);
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'one');
  assert.deepEqual(
    [second, third, root].map((target) => revertedOf(state, target)),
    ['whole', 'whole', 'whole'],
  );
});

test('what a person changed since is left, or restored where they agree, and comes back with the undoing', async (t) => {
  const bench = await revertBench(t, { root: twoTurns }, { 'a.txt': 'one' });
  const state = await bench.run('root');
  const file = path.join(bench.folder, 'a.txt');
  await writeFile(file, 'mine');
  await rm(path.join(bench.folder, 'sub/new.txt'));
  assert.equal(await bench.planText(state.id, root), 'a.txt: changed since\nsub/new.txt: asBefore, goes');
  const left = await bench.revert(state.id, root);
  assert.deepEqual([left.revertId, left.restored.length, left.left.length], [undefined, 0, 1]);
  assert.equal(state.reverts.length, 0, 'nothing was done, so there is nothing to undo');
  assert.equal(await readFile(file, 'utf8'), 'mine');
  const result = await bench.revert(state.id, root, true);
  assert.equal(await readFile(file, 'utf8'), 'one');
  await bench.revert(state.id, undoOf(result));
  assert.equal(await readFile(file, 'utf8'), 'mine');
  assert.equal(await bench.planText(state.id, root), 'a.txt: changed since\nsub/new.txt: asBefore, goes');
});

test('what a person changed between two edits of the agent is no less theirs', async (t) => {
  const scripts = {
    root: [
      ...twoTurns.slice(0, 2),
      async () => {
        await writeFile(path.join(bench.folder, 'a.txt'), 'two and mine');
        return asksFor(['r2', 'read_file', { path: 'a.txt' }]);
      },
      asksFor(['e2', 'edit_file', edits('a.txt', 'two', 'three')]),
      says('Done.'),
    ],
  };
  const bench = await revertBench(t, scripts, { 'a.txt': 'one' });
  const state = await bench.run('root');
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'three and mine');
  assert.equal(await bench.planText(state.id, root), 'a.txt: changed between\nsub/new.txt: asLeft, goes');
});

test('a turn’s revert covers the agents that it started, and another agent’s edits are named', async (t) => {
  const bench = await revertBench(
    t,
    {
      root: [
        asksFor(spawns('s1', 'child', { permission: 'workspace-write' }), [
          'w0',
          'write_file',
          { path: 'own.txt', content: 'own' },
        ]),
        says('Done.'),
      ],
      child: [
        asksFor([
          'b1',
          'run_batch',
          { calls: [{ id: 'x', tool: 'write_file', input: { path: 'child.txt', content: 'x' } }] },
        ]),
        says('Done.'),
      ],
    },
    {},
  );
  const state = await bench.run('root');
  const [turnId = ''] = turnIdsOf(state, 'agent-1');
  assert.equal(
    await bench.planText(state.id, { kind: 'turn', turnId }),
    'child.txt: asLeft, goes\nown.txt: asLeft, goes',
  );
  assert.equal(
    await bench.planText(state.id, { kind: 'agent', agentId: 'agent-2' }),
    'child.txt: asLeft, goes',
  );
  const result = await bench.revert(state.id, { kind: 'turn', turnId });
  assert.equal(result.restored.length, 2);
  assert.equal(revertedOf(state, { kind: 'agent', agentId: 'agent-2' }), 'whole');
  assert.equal(revertToUndo(state, { kind: 'agent', agentId: 'agent-2' }), undefined);
  assert.equal(revertToUndo(state, { kind: 'turn', turnId })?.id, result.revertId);
});

test('a deleted file comes back with its mode and its mark; a moved one moves back', async (t) => {
  const bench = await revertBench(
    t,
    {
      root: [
        asksFor(
          ['r1', 'read_file', { path: 'run.sh' }],
          ['r2', 'read_file', { path: 'marked.txt' }],
          ['r3', 'read_file', { path: 'old.txt' }],
        ),
        asksFor(
          ['d1', 'delete_file', { path: 'run.sh' }],
          ['d2', 'delete_file', { path: 'marked.txt' }],
          ['m1', 'rename_file', { from: 'old.txt', to: 'deep/new.txt' }],
          ['m2', 'rename_file', { from: 'picture', to: 'deep/picture' }],
        ),
        asksFor(['m3', 'rename_file', { from: 'deep/new.txt', to: 'deep/newer.txt' }]),
        says('Done.'),
      ],
    },
    { 'run.sh': '#!/bin/sh\n', 'marked.txt': '\uFEFFa\r\nb', 'old.txt': 'old', picture: '\0\u0001PNG' },
  );
  await chmod(path.join(bench.folder, 'run.sh'), 0o755);
  const before = await snapshot(bench.folder);
  const state = await bench.run('root');
  const after = await snapshot(bench.folder);
  assert.deepEqual(Object.keys(after).toSorted(), ['deep/newer.txt', 'deep/picture']);
  assert.equal(
    await bench.planText(state.id, root),
    [
      'deep/new.txt: asBefore, goes',
      'deep/newer.txt: asLeft, goes to old.txt',
      'deep/picture: asLeft, goes to picture',
      'marked.txt: asLeft',
      'old.txt: asLeft from deep/newer.txt',
      'picture: asLeft from deep/picture',
      'run.sh: asLeft',
    ].join('\n'),
  );
  const result = await bench.revert(state.id, root);
  assert.deepEqual(await snapshot(bench.folder), before);
  await bench.revert(state.id, undoOf(result));
  assert.deepEqual(await snapshot(bench.folder), after);
});

test('a file that was moved and edited comes back as it was', async (t) => {
  const bench = await revertBench(
    t,
    {
      root: [
        asksFor(['r1', 'read_file', { path: 'old.txt' }]),
        asksFor(['m1', 'rename_file', { from: 'old.txt', to: 'new.txt' }]),
        asksFor(
          ['e1', 'edit_file', edits('new.txt', 'one', 'two')],
          ['w1', 'write_file', { path: 'old.txt', content: 'other' }],
        ),
        says('Done.'),
      ],
    },
    { 'old.txt': '\uFEFFone\r\n' },
  );
  await chmod(path.join(bench.folder, 'old.txt'), 0o640);
  const before = await snapshot(bench.folder);
  const state = await bench.run('root');
  await bench.revert(state.id, root);
  assert.deepEqual(await snapshot(bench.folder), before);
});

test('nothing is written through a link, over a folder, or over what is no text', async (t) => {
  const bench = await revertBench(t, {
    root: [
      asksFor(
        ['w1', 'write_file', { path: 'linked/a.txt', content: 'made' }],
        ['w2', 'write_file', { path: 'folder.txt', content: 'made' }],
        ['w3', 'write_file', { path: 'binary.txt', content: 'made' }],
      ),
      says('Done.'),
    ],
  });
  const state = await bench.run('root');
  const elsewhere = await temporaryFolder(t);
  await rename(path.join(bench.folder, 'linked'), path.join(elsewhere, 'linked'));
  await symlink(path.join(elsewhere, 'linked'), path.join(bench.folder, 'linked'));
  await rm(path.join(bench.folder, 'folder.txt'));
  await mkdir(path.join(bench.folder, 'folder.txt'));
  await writeFile(path.join(bench.folder, 'binary.txt'), '\0\0');
  assert.equal(
    await bench.planText(state.id, root),
    [
      'binary.txt: impossible: it is no text that could be brought back, goes',
      'folder.txt: impossible: it can’t be read, goes',
      'linked/a.txt: impossible: its path now leads elsewhere, goes',
    ].join('\n'),
  );
  assert.equal((await bench.revert(state.id, root, true)).left.length, 3);
  assert.equal(await readFile(path.join(elsewhere, 'linked/a.txt'), 'utf8'), 'made');
});

test('a file that changes after the person looked is left as it is', async (t) => {
  const bench = await revertBench(t, { root: twoTurns }, { 'a.txt': 'one' });
  const state = await bench.run('root');
  const plan = await bench.runtime.planRevert(state.id, root);
  await writeFile(path.join(bench.folder, 'a.txt'), 'three!');
  const { signal } = new AbortController();
  const result = await bench.runtime.revert(plan, { includesChanged: true }, signal);
  assert.deepEqual(result.left, [{ path: path.join(bench.folder, 'a.txt'), why: 'it changed just now' }]);
  assert.equal(await readFile(path.join(bench.folder, 'a.txt'), 'utf8'), 'three!');
});

test('a text that was not kept is said to be lost', async (t) => {
  const bench = await revertBench(t, { root: twoTurns }, { 'a.txt': 'one' });
  const state = await bench.run('root');
  const blobs = path.join(bench.stateDir, 'sessions', state.id, 'blobs');
  const hash = state.fileChanges.find(({ before }) => before !== null)?.before ?? '';
  await writeFile(path.join(blobs, hash), 'damaged');
  assert.equal((await bench.revert(state.id, root)).left[0]?.why, 'its text from before is lost');
  await rm(path.join(blobs, hash));
  assert.equal(
    await bench.planText(state.id, root),
    'a.txt: impossible: its text from before was not kept\nsub/new.txt: asBefore, goes',
  );
});

test('a file that was deleted and made again gets back what it had; what a person did to one is theirs', async (t) => {
  const bench = await revertBench(
    t,
    {
      root: [
        asksFor(['r1', 'read_file', { path: 'a.txt' }], ['r2', 'read_file', { path: 'b.txt' }]),
        asksFor(
          ['d1', 'delete_file', { path: 'a.txt' }],
          ['w1', 'write_file', { path: 'a.txt', content: 'one' }],
          ['e1', 'edit_file', edits('b.txt', 'one', 'two')],
        ),
        says('Done.'),
      ],
    },
    { 'a.txt': '\uFEFFone', 'b.txt': 'one' },
  );
  await chmod(path.join(bench.folder, 'a.txt'), 0o640);
  const before = await snapshot(bench.folder);
  const state = await bench.run('root');
  const after = await snapshot(bench.folder);
  await chmod(path.join(bench.folder, 'b.txt'), 0o755);
  assert.equal(await bench.planText(state.id, root), 'a.txt: asLeft\nb.txt: asLeft');
  const result = await bench.revert(state.id, root);
  assert.deepEqual(await snapshot(bench.folder), { ...before, 'b.txt': '755 one' });
  await bench.revert(state.id, undoOf(result));
  assert.deepEqual(await snapshot(bench.folder), { ...after, 'b.txt': '755 two' });
});
