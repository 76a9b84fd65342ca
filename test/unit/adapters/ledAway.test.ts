/** T1: a folder that is swapped for a link while files are written in it: nothing is left outside, and what is told is true. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { HeldFolder } from '../../../src/adapters/node/heldFolder.ts';
import { overwriteRegularFile } from '../../../src/adapters/node/overwriteRegularFile.ts';
import type { FileGone, FileWritten } from '../../../src/core/filePorts.ts';
import { SaveFile } from '../../../src/store/saveFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const files = createFiles();

interface Scene {
  readonly folder: string;
  /** Beside it, outside of the workspace. */
  readonly outside: string;
  readonly at: (name: string) => string;
}

async function scene(t: TestContext): Promise<Scene> {
  const folder = await temporaryFolder(t);
  const outside = await temporaryFolder(t);
  await mkdir(path.join(folder, 'd'));
  return { folder, outside, at: (name) => path.join(folder, name) };
}

function told(result: FileWritten | FileGone): string {
  return result.ok ? 'ok' : result.error.kind;
}

/** Swaps `d` for a link out of the workspace when the work is about to call that function of `node:fs`. */
function swapBefore(
  t: TestContext,
  name: 'linkSync' | 'renameSync' | 'unlinkSync',
  { at, outside }: Scene,
): void {
  const mocked = t.mock.method(fs, name, (...args: readonly never[]) => {
    mocked.mock.restore();
    syncBuiltinESMExports();
    renameSync(at('d'), at('moved'));
    symlinkSync(outside, at('d'));
    return (fs[name] as (...given: readonly never[]) => unknown)(...args);
  });
  syncBuiltinESMExports();
}

const steps = [
  ['linkSync', 'a new file', (at: Scene['at']) => files.write({ path: at('d/new'), text: 'x' }, signal)],
  [
    'renameSync',
    'a replaced file',
    (at: Scene['at']) => files.write({ path: at('d/old'), text: 'x', replaces: 'old' }, signal),
  ],
  ['unlinkSync', 'a deleted file', (at: Scene['at']) => files.remove(at('d/old'), 'old', signal)],
  ['linkSync', 'a file that is moved in', (at: Scene['at']) => files.move(at('free'), at('d/free'), signal)],
  ['linkSync', 'a file that is moved out', (at: Scene['at']) => files.move(at('d/old'), at('out'), signal)],
  [
    'linkSync',
    'a file in a new folder',
    (at: Scene['at']) => files.write({ path: at('d/x/y/new'), text: 'x' }, signal),
  ],
] as const;

for (const [step, what, work] of steps)
  test(`T1: ${what} is taken back where its folder becomes a link at the last moment`, async (t) => {
    const place = await scene(t);
    await writeFile(place.at('d/old'), 'old');
    await writeFile(place.at('free'), 'free');
    await writeFile(path.join(place.outside, 'old'), 'old');
    swapBefore(t, step, place);
    const result = await work(place.at);
    assert.equal(told(result), 'changed');
    assert.deepEqual(await readdir(place.outside), ['old']);
    assert.equal(await readFile(path.join(place.outside, 'old'), 'utf8'), 'old');
    assert.deepEqual(await readdir(place.at('moved')), ['old']);
    assert.equal(await readFile(place.at('moved/old'), 'utf8'), 'old');
    assert.deepEqual(await readdir(place.folder), ['d', 'free', 'moved']);
  });

test('T1: what is done in a folder that is held stays in it, whatever its path leads to', async (t) => {
  const { at, outside } = await scene(t);
  const held = await HeldFolder.hold(at('d'));
  assert.ok(held);
  t.after(() => held.close());
  assert.ok(held.isInPlace());
  renameSync(at('d'), at('moved'));
  symlinkSync(outside, at('d'));
  assert.equal(held.isInPlace(), false);
  assert.equal(await HeldFolder.hold(at('d')), undefined);
  if (process.platform === 'linux') {
    await writeFile(held.at('a'), '');
    assert.deepEqual([await readdir(at('moved')), await readdir(outside)], [['a'], []]);
  }
});

test('T1: a folder that is looked at by its path is known to be swapped, also for one that is no link', async (t) => {
  const { at, outside } = await scene(t);
  const held = await HeldFolder.hold(at('d'), 'path');
  assert.ok(held);
  assert.ok(held.isInPlace());
  renameSync(at('d'), at('moved'));
  assert.equal(held.isInPlace(), false);
  mkdirSync(at('d'));
  assert.equal(held.isInPlace(), false);
  await rm(at('d'), { recursive: true });
  symlinkSync(at('moved'), at('d'));
  assert.equal(held.isInPlace(), false);
  await symlink(outside, at('moved/sub'));
  assert.equal(await (await HeldFolder.hold(at('moved'), 'path'))?.child('sub'), undefined);
});

/** Swaps a folder and a link for each other, again and again, until its input ends. */
const swapper = `
const { renameSync } = require('node:fs');
const [d, link, spare] = process.argv.slice(1);
let isOver = false;
process.stdin.on('end', () => (isOver = true)).resume();
process.stdout.write('swapping');
const swap = () => {
  for (let round = 0; round < 50; round += 1)
    for (const [from, to] of [[d, spare], [link, d], [d, link], [spare, d]]) renameSync(from, to);
  if (!isOver) setImmediate(swap);
};
swap();
`;

test(
  'T1: of files that are written while their folder and a link change places, none is outside',
  { timeout: 120_000 },
  async (t) => {
    const { folder, outside, at } = await scene(t);
    await symlink(outside, at('link'));
    const child = spawn(process.execPath, ['-e', swapper, at('d'), at('link'), at('spare')]);
    t.after(() => child.kill());
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    // With the folder as the root, nothing is made anew at the moments in which neither has its name.
    const root = at('d');
    const made = new Set<string>();
    for (let number = 0; number < 150; number += 1) {
      const [name, deep] = [`f${number}`, `sub${number}/f`];
      const written = await files.write({ path: at(`d/${name}`), text: name, root }, signal);
      if (written.ok) made.add(name);
      if ((await files.write({ path: at(`d/${deep}`), text: name, root }, signal)).ok) made.add(deep);
      if (written.ok && (await files.remove(at(`d/${name}`), name, signal)).ok) made.delete(name);
    }
    child.stdin.end();
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(await readdir(outside), []);
    const found = await readdir(at('d'), { recursive: true, withFileTypes: true });
    const left = found
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => path.relative(at('d'), path.join(parentPath, name)));
    assert.deepEqual(left.toSorted(), [...made].toSorted());
    assert.deepEqual(await readdir(folder), ['d', 'link']);
  },
);

test('T1: what an editor makes behind a folder that became a link is taken back, and told', async (t) => {
  const { at, outside } = await scene(t);
  const led = createFiles({
    unsavedText: () => undefined,
    async write({ path: file, text }) {
      renameSync(at('d'), at('moved'));
      symlinkSync(outside, at('d'));
      await writeFile(file, text, { flag: 'wx' });
      return { ok: true, text, isUnsaved: false };
    },
  });
  assert.equal(told(await led.write({ path: at('d/new'), text: 'x' }, signal)), 'changed');
  assert.deepEqual(await readdir(outside), []);
});

test('T1: what an editor deletes or moves behind a folder that became a link is told, as it can not be taken back', async (t) => {
  for (const work of ['remove', 'move'] as const) {
    const { at, outside } = await scene(t);
    await writeFile(at('d/a'), 'x');
    await writeFile(path.join(outside, 'a'), 'x');
    const swapped = async (change: () => Promise<void>): Promise<{ readonly ok: true }> => {
      renameSync(at('d'), at('moved'));
      symlinkSync(outside, at('d'));
      await change();
      return { ok: true };
    };
    const led = createFiles({
      unsavedText: () => undefined,
      write: () => assert.fail('asked'),
      remove: (file) => swapped(() => rm(file)),
      move: (from, to) => swapped(() => rename(from, to)),
    });
    const result = await (work === 'remove'
      ? led.remove(at('d/a'), 'x', signal)
      : led.move(at('d/a'), at('b'), signal));
    assert.match(result.ok ? '' : result.error.message, /replaced by a link while the editor worked on it/);
    assert.deepEqual(await readdir(outside), []);
  }
});

test('T1: a report and a save file do not follow a folder that became a link', async (t) => {
  const { at, outside } = await scene(t);
  await rm(at('d'), { recursive: true });
  await symlink(outside, at('d'));
  assert.equal((await overwriteRegularFile(at('d/report.json'), '{}'))?.kind, 'changed');
  const opened = await SaveFile.openAt(at('d/answers.txt'), () => true);
  assert.ok(!opened.ok && /leads elsewhere/.test(opened.message));
  assert.deepEqual(await readdir(outside), []);
});

test('s: where the workspace is gone nothing is written, moved or made anew', async (t) => {
  const { folder, at } = await scene(t);
  await writeFile(at('file'), 'x');
  const root = at('gone');
  const results = [
    await files.write({ path: at('gone/a'), text: 'x', root }, signal),
    await files.write({ path: at('gone/deep/a'), text: 'x', root }, signal),
    await files.move(at('file'), at('gone/b'), signal, root),
  ];
  for (const result of results)
    assert.match(result.ok ? '' : result.error.message, /gone is gone or was moved/);
  const editor = createFiles({ unsavedText: () => undefined, write: () => assert.fail('asked') });
  assert.equal(told(await editor.write({ path: at('gone/a'), text: 'x', root }, signal)), 'changed');
  assert.deepEqual(await readdir(folder), ['d', 'file']);
});
