/** A written file stays the one that it is: its owner, its attributes, its place in a folder that takes no new files. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import {
  chmod,
  chown,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { mock, test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { overwriteRegularFile } from '../../../src/adapters/node/overwriteRegularFile.ts';
import type { CallError } from '../../../src/core/calls.ts';
import type { FileGone, FileWritten } from '../../../src/core/filePorts.ts';
import { asNobodyWithout } from '../../fixtures/asNobody.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const files = createFiles();
const isRoot = process.geteuid?.() === 0;
const hasModes = process.platform !== 'win32';

function told(result: FileWritten | FileGone): string {
  return result.ok ? 'ok' : `${result.error.kind}: ${result.error.message}`;
}

interface Written {
  readonly result: string;
  /** What was in the file when both texts had to be safe; empty where the file was replaced. */
  readonly asked: readonly string[];
}

/** Writes over `old`, and answers with that error when both texts are to be kept. */
async function write(file: string, text: string, error?: CallError): Promise<Written> {
  const asked: string[] = [];
  const beforeInPlace = async (): Promise<CallError | undefined> => {
    asked.push(await readFile(file, 'utf8'));
    return error;
  };
  const result = told(await files.write({ path: file, text, replaces: 'old', beforeInPlace }, signal));
  return { result, asked };
}

async function oldFile(t: TestContext): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  await writeFile(file, 'old');
  return { folder, file };
}

/** Makes a rename fail as it does onto a file that is a mount of its own. */
function mounted(t: TestContext, code = 'EBUSY'): void {
  const fail = (): never => {
    throw Object.assign(new Error('busy'), { code });
  };
  const mocked = (['renameSync', 'unlinkSync'] as const).map((name) => mock.method(fs, name, fail));
  syncBuiltinESMExports();
  t.after(() => {
    for (const each of mocked) each.mock.restore();
    syncBuiltinESMExports();
  });
}

if (isRoot)
  test('K5 5a: owner, group and mode stay, also where the whole text is replaced', async (t) => {
    const { file, folder } = await oldFile(t);
    await chown(file, 1234, 2345);
    await chmod(file, 0o2640);
    assert.deepEqual(await write(file, 'new text'), { result: 'ok', asked: [] });
    const { uid, gid, mode } = await stat(file);
    assert.deepEqual([uid, gid, mode & 0o7777], [1234, 2345, 0o2640]);
    assert.equal(await readFile(file, 'utf8'), 'new text');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

if (isRoot)
  test('K5 5a: a file whose owner can’t be given to a new one is written in its place', async (t) => {
    const { file, folder } = await oldFile(t);
    await chmod(file, 0o666);
    await chmod(folder, 0o777);
    const { ino } = await stat(file);
    await asNobodyWithout(0o002, async () =>
      assert.deepEqual(await write(file, 'new'), { result: 'ok', asked: ['old'] }),
    );
    const now = await stat(file);
    assert.deepEqual([now.uid, now.ino], [0, ino]);
    assert.equal(await readFile(file, 'utf8'), 'new');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

if (hasModes)
  test('K5 5d: in a folder that may not be changed a file is written in its place', async (t) => {
    const { file, folder } = await oldFile(t);
    await chmod(file, 0o666);
    await chmod(folder, 0o555);
    const { ino } = await stat(file);
    await asNobodyWithout(0o002, async () => {
      for (const text of ['longer than before', 'old', 's'])
        assert.equal(
          (
            await files.write(
              {
                path: file,
                text,
                replaces: await readFile(file, 'utf8'),
                beforeInPlace: () => Promise.resolve(undefined),
              },
              signal,
            )
          ).ok,
          true,
        );
      assert.match(
        told(await files.remove(file, 's', signal)),
        /^io: The folder .* may not be changed by this user/,
      );
    });
    await chmod(folder, 0o755);
    assert.equal(await readFile(file, 'utf8'), 's');
    assert.equal((await stat(file)).ino, ino);
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

for (const code of ['EBUSY', 'EXDEV', 'EPERM', 'EROFS'])
  test(`K5 5c: a file onto which nothing can be renamed (${code}) is written in its place`, async (t) => {
    const { file, folder } = await oldFile(t);
    const { ino } = await stat(file);
    mounted(t, code);
    assert.deepEqual(await write(file, 'new text'), { result: 'ok', asked: ['old'] });
    assert.equal(await readFile(file, 'utf8'), 'new text');
    assert.equal((await stat(file)).ino, ino);
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

test('K5 5c: a mounted file is neither deleted nor moved, and the reason is told', async (t) => {
  const { file, folder } = await oldFile(t);
  mounted(t);
  const moved = await files.move(file, path.join(folder, 'b.txt'), signal);
  for (const result of [await files.remove(file, 'old', signal), moved])
    assert.match(told(result), /is mounted on its own or held by the system .* neither deleted nor moved/);
  assert.equal(await readFile(file, 'utf8'), 'old');
});

/** Undefined where this machine lets nobody mount anything. */
function bindMount(from: string, to: string): (() => void) | undefined {
  try {
    execFileSync('mount', ['--bind', from, to], { stdio: 'ignore' });
    return () => execFileSync('umount', [to]);
  } catch {
    return undefined;
  }
}

test('K5 5c: a file that is bound into its folder keeps being the one that it is bound to', async (t) => {
  const { file, folder } = await oldFile(t);
  const source = path.join(await temporaryFolder(t), 'conf');
  await writeFile(source, 'old');
  const unmount = bindMount(source, file);
  const { ino } = await stat(file);
  const { result, asked } = await write(file, 'new');
  assert.equal(result, 'ok');
  assert.equal(await readFile(file, 'utf8'), 'new');
  if (unmount) {
    assert.deepEqual(asked, ['old']);
    assert.equal((await stat(file)).ino, ino);
    assert.match(told(await files.remove(file, 'new', signal)), /is mounted on its own/);
    unmount();
    assert.equal(await readFile(source, 'utf8'), 'new');
    assert.equal(await readFile(file, 'utf8'), 'old');
  }
  assert.deepEqual(await readdir(folder), ['a.txt']);
});

test('K5: without a word that both texts are safe nothing is written in its place', async (t) => {
  const { file } = await oldFile(t);
  mounted(t);
  const plain = await files.write({ path: file, text: 'new', replaces: 'old' }, signal);
  assert.match(told(plain), /^io: .*is mounted on its own/);
  const error: CallError = { kind: 'io', message: 'The session could not be saved.' };
  assert.equal((await write(file, 'new', error)).result, 'io: The session could not be saved.');
  assert.equal(await readFile(file, 'utf8'), 'old');
});

test('K5: a file with a second name is replaced, and the other name keeps its text', async (t) => {
  const { file, folder } = await oldFile(t);
  const other = path.join(folder, 'b.txt');
  await link(file, other);
  assert.deepEqual(await write(file, 'new'), { result: 'ok', asked: [] });
  assert.deepEqual([await readFile(file, 'utf8'), await readFile(other, 'utf8')], ['new', 'old']);
});

if (hasModes)
  test('K5: a file with a second name that could only be written in its place is not written', async (t) => {
    const { file, folder } = await oldFile(t);
    await mkdir(path.join(folder, 'outside'));
    await link(file, path.join(folder, 'outside/b.txt'));
    mounted(t);
    assert.match((await write(file, 'new')).result, /^refused: .*has other names \(hard links\)/);
    assert.equal(await readFile(path.join(folder, 'outside/b.txt'), 'utf8'), 'old');
  });

type Part = [bytes: Buffer, start: number, length: number, position: number];
type WriteBytes = (this: FileHandle, ...part: Part) => Promise<{ readonly bytesWritten: number }>;

/** Makes writes into open files fail, from that one on, after a first part of it. */
async function failWrites(t: TestContext, folder: string, from: number, until = Infinity): Promise<void> {
  const handle = await open(path.join(folder, 'a.txt'));
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const { write: whole } = prototype as unknown as { readonly write: WriteBytes };
  let writes = 0;
  t.mock.method(prototype, 'write', async function (this: FileHandle, ...args: unknown[]) {
    writes += 1;
    const [bytes, start, length, position] = args as Part;
    if (writes < from || writes >= until) return whole.call(this, bytes, start, length, position);
    await whole.call(this, bytes, start, Math.floor(length / 2), position);
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
}

for (const at of [1, 2])
  test(`K5: on a disk that gets full at write ${at} the old text is there again`, async (t) => {
    const { file, folder } = await oldFile(t);
    mounted(t);
    await failWrites(t, folder, at, at + 1);
    assert.match((await write(file, 'a longer text')).result, /^io: .*the disk is full/);
    assert.equal(await readFile(file, 'utf8'), 'old');
  });

test('K5: a file that can’t be made whole again is told as such', async (t) => {
  const { file, folder } = await oldFile(t);
  mounted(t);
  await failWrites(t, folder, 2);
  const { result } = await write(file, 'a longer text');
  assert.match(result, /^io: .*holds parts of both\. The old text is kept with the session\./);
});

/** An attribute and an access list, set and read by a program that many machines have. */
const attributesByPython = `
import os, struct, sys
file = sys.argv[2]
if sys.argv[1] == 'set':
    os.setxattr(file, 'user.note', b'kept')
    entries = [(1, 6, -1), (2, 4, 1234), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
    acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in entries)
    os.setxattr(file, 'system.posix_acl_access', acl)
print(sorted((name, os.getxattr(file, name).hex()) for name in os.listxattr(file)))
`;

/** Undefined where there is no such program, or the file system has none. */
function attributes(what: 'set' | 'get', file: string): string | undefined {
  try {
    const told = execFileSync('python3', ['-c', attributesByPython, what, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return told.toString();
  } catch {
    return undefined;
  }
}

test('K5 5a: access list and extended attributes stay', async (t) => {
  const { file, folder } = await oldFile(t);
  const before = attributes('set', file);
  assert.equal((await write(file, 'new')).result, 'ok');
  assert.equal(attributes('get', file), before ?? attributes('get', file));
  if (before !== undefined) assert.match(before, /posix_acl_access.*user\.note/);
  assert.equal(await readFile(file, 'utf8'), 'new');
  assert.deepEqual(await readdir(folder), ['a.txt']);
});

if (isRoot)
  test('K5: a file that is moved by a copy, and a report that is written again, keep their owner', async (t) => {
    const { file, folder } = await oldFile(t);
    await chown(file, 1234, 2345);
    const linking = mock.method(fs, 'linkSync', () => {
      throw Object.assign(new Error('cross-device'), { code: 'EXDEV' });
    });
    syncBuiltinESMExports();
    const moved = path.join(folder, 'b.txt');
    assert.equal(told(await files.move(file, moved, signal)), 'ok');
    linking.mock.restore();
    syncBuiltinESMExports();
    assert.equal(await overwriteRegularFile(moved, 'report'), undefined);
    const { uid, gid } = await stat(moved);
    assert.deepEqual([uid, gid, await readFile(moved, 'utf8')], [1234, 2345, 'report']);
    assert.deepEqual(await readdir(folder), ['b.txt']);
  });

test('K5 5c: a report that is a mount of its own is written in its place', async (t) => {
  const { file, folder } = await oldFile(t);
  const { ino } = await stat(file);
  mounted(t);
  assert.equal(await overwriteRegularFile(file, 'a report'), undefined);
  assert.deepEqual([(await stat(file)).ino, await readFile(file, 'utf8')], [ino, 'a report']);
  assert.deepEqual(await readdir(folder), ['a.txt']);
});
