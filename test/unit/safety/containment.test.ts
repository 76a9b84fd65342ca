import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { malformed, resolveInside } from '../../../src/safety/containment.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const files = createFiles();

async function workspace(t: TestContext): Promise<{ folder: string; root: string }> {
  const folder = await temporaryFolder(t);
  for (const name of ['root/sub', 'root-twin', 'second'])
    await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, 'root-twin/secret'), '');
  return { folder, root: path.join(folder, 'root') };
}

test('paths inside a root are resolved from the working directory', async (t) => {
  const { folder, root } = await workspace(t);
  const place = { cwd: path.join(root, 'sub'), roots: [root, path.join(folder, 'second')] };
  const resolve = async (named: string): Promise<string> => {
    const resolved = await resolveInside(named, place, files);
    return resolved.ok ? path.relative(folder, resolved.path) : resolved.error.kind;
  };
  assert.equal(await resolve('.'), 'root/sub');
  assert.equal(await resolve('..'), 'root');
  assert.equal(await resolve('new/file'), 'root/sub/new/file');
  assert.equal(await resolve('..dots'), 'root/sub/..dots');
  assert.equal(await resolve('../../second/x'), 'second/x');
  assert.equal(await resolve(path.join(root, 'x')), 'root/x');
  assert.equal(await resolve('../..'), 'outsideWorkspace');
  assert.equal(await resolve('../../root-twin/secret'), 'outsideWorkspace');
  assert.equal(await resolve('/etc/passwd'), 'outsideWorkspace');
  assert.equal(await resolve(''), 'invalidInput');
  assert.equal(await resolve('a\0b'), 'invalidInput');
});

test('a link that leads out is refused, with where it leads', async (t) => {
  const { folder, root } = await workspace(t);
  await symlink('../root-twin', path.join(root, 'folder'));
  await symlink('../root-twin/secret', path.join(root, 'file'));
  await symlink('../root-twin/future', path.join(root, 'dangling'));
  for (const named of ['folder/secret', 'file', 'dangling', 'folder/new']) {
    const resolved = await resolveInside(named, { cwd: root, roots: [root] }, files);
    assert.ok(!resolved.ok, named);
    assert.equal(resolved.error.kind, 'outsideWorkspace');
    assert.ok(resolved.error.message.includes(path.join(folder, 'root-twin')), resolved.error.message);
  }
});

test('a root that is itself a link holds its own files', async (t) => {
  const { folder, root } = await workspace(t);
  const link = path.join(folder, 'link');
  await symlink(root, link);
  assert.deepEqual(await resolveInside('sub', { cwd: link, roots: [link] }, files), {
    ok: true,
    path: path.join(root, 'sub'),
  });
});

test('links that go round are an error value', async (t) => {
  const { root } = await workspace(t);
  await symlink('b', path.join(root, 'a'));
  await symlink('a', path.join(root, 'b'));
  const resolved = await resolveInside('a', { cwd: root, roots: [root] }, files);
  assert.ok(!resolved.ok);
  assert.equal(resolved.error.kind, 'io');
});

test('Windows names of devices, shares, streams and drives are refused there', () => {
  const refused = [
    '\\\\server\\share',
    '//?/C:/x',
    'C:x',
    'C:',
    'a.txt:stream',
    'C:\\a:b',
    'NUL',
    'sub/con.txt',
    'com1',
  ];
  for (const named of refused) {
    assert.notEqual(malformed(named, 'win32'), undefined, named);
    assert.equal(malformed(named.replace(/^[\\/]+/, ''), 'linux'), undefined, named);
  }
  for (const named of ['C:\\x\\y.ts', 'c:/x', 'console.ts', 'sub\\nullable.ts']) {
    assert.equal(malformed(named, 'win32'), undefined, named);
  }
});

test('K20: a folder that is a root twice is named once', async (t) => {
  const { folder, root } = await workspace(t);
  const resolved = await resolveInside('../x', { cwd: root, roots: [root, root] }, files);
  const message = resolved.ok ? '' : resolved.error.message.replaceAll(folder, '');
  assert.match(message, /Give a path inside one of its folders: \/root\.$/);
});
