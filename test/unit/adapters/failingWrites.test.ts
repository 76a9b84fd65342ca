/** Where the system refuses a write, a deletion or a move: the error says why, the file is as it was, and nothing is left behind. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, open, readdir, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { FileGone, FileWritten } from '../../../src/core/filePorts.ts';
import { asNobodyWithout } from '../../fixtures/asNobody.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const files = createFiles();

function told(result: FileWritten | FileGone): string {
  return result.ok ? 'ok' : `${result.error.kind}: ${result.error.message}`;
}

/** Makes writes to files fail as a full disk does, after a first part. */
async function fillDisk(t: TestContext, folder: string): Promise<void> {
  const handle = await open(path.join(folder, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  await rm(path.join(folder, 'probe'));
  t.mock.method(prototype, 'writeFile', async function (this: FileHandle, bytes: Buffer) {
    await this.write(bytes.subarray(0, 2));
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
}

const hasModes = process.platform !== 'win32';

test('on a full disk the file keeps its text, and no part of the new one stays', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('a.txt'), 'old');
  await fillDisk(t, folder);
  const replaced = await files.write({ path: at('a.txt'), text: 'new text', replaces: 'old' }, signal);
  assert.match(told(replaced), /^io: .*a\.txt could not be written: the disk is full\.$/);
  const made = await files.write({ path: at('b.txt'), text: 'new text' }, signal);
  assert.match(told(made), /^io: .*b\.txt could not be written: the disk is full\.$/);
  assert.deepEqual(await readdir(folder), ['a.txt']);
  assert.equal(await readFile(at('a.txt'), 'utf8'), 'old');
});

if (hasModes)
  test('a write-protected file is neither written nor deleted', async (t) => {
    const folder = await temporaryFolder(t);
    const file = path.join(folder, 'a.txt');
    await writeFile(file, 'old');
    await chmod(file, 0o444);
    await chmod(folder, 0o777);
    await asNobodyWithout(0o222, async () => {
      const written = await files.write({ path: file, text: 'new', replaces: 'old' }, signal);
      assert.match(told(written), /^io: .*a\.txt may not be written by this user\.$/);
      assert.match(
        told(await files.remove(file, 'old', signal)),
        /^io: .*may not be written by this user\.$/,
      );
    });
    assert.equal(await readFile(file, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

if (hasModes)
  test('K5 5d: in a folder that may not be changed nothing is made, deleted or moved, and a file keeps its one name', async (t) => {
    const [free, locked] = [await temporaryFolder(t), await temporaryFolder(t)];
    const at = (name: string): string => path.join(locked, name);
    await writeFile(at('a.txt'), 'old');
    await chmod(at('a.txt'), 0o666);
    await chmod(free, 0o777);
    await chmod(locked, 0o555);
    await asNobodyWithout(0o222, async () => {
      const refused = [
        await files.write({ path: at('a.txt'), text: 'new', replaces: 'old' }, signal),
        await files.write({ path: at('b.txt'), text: 'x' }, signal),
        await files.write({ path: at('c/d.txt'), text: 'x' }, signal),
        await files.remove(at('a.txt'), 'old', signal),
        await files.move(at('a.txt'), at('b.txt'), signal),
        await files.move(at('a.txt'), path.join(free, 'a.txt'), signal),
      ];
      for (const result of refused)
        assert.match(told(result), /^io: The folder .* may not be changed by this user, so nothing was made/);
    });
    await chmod(locked, 0o700);
    assert.deepEqual(await readdir(locked), ['a.txt']);
    assert.deepEqual(await readdir(free), []);
    assert.equal(await readFile(at('a.txt'), 'utf8'), 'old');
  });

if (hasModes)
  test('a FIFO or a folder is neither written nor deleted nor moved, and nothing waits for it', async (t) => {
    const folder = await temporaryFolder(t);
    const at = (name: string): string => path.join(folder, name);
    execFileSync('mkfifo', [at('fifo')]);
    await mkdir(at('folder'));
    for (const name of ['fifo', 'folder']) {
      const write = { path: at(name), text: 'x', replaces: '' };
      assert.match(told(await files.write(write, signal)), /^notRegularFile: /);
      assert.match(told(await files.remove(at(name), '', signal)), /^notRegularFile: /);
      assert.match(told(await files.move(at(name), at('other'), signal)), /^notRegularFile: /);
      assert.match(
        told(await files.write({ path: at(name), text: 'x' }, signal)),
        /^changed: .*exists already/,
      );
    }
    assert.deepEqual(await readdir(folder), ['fifo', 'folder']);
  });

test('a name that is too long, and a file in the place of a folder, are told', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('file'), '');
  const long = at('x'.repeat(300));
  assert.match(
    told(await files.write({ path: long, text: 'x' }, signal)),
    /^invalidInput: .*name that is too long/,
  );
  assert.match(told(await files.move(at('file'), long, signal)), /^invalidInput: .*name that is too long/);
  assert.match(
    told(await files.write({ path: at('file/a'), text: 'x' }, signal)),
    /^io: .*part of its path is a file/,
  );
  assert.deepEqual(await readdir(folder), ['file']);
});
