import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { readError } from '../../../src/adapters/node/readRegularFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const files = createFiles();
const { signal } = new AbortController();
const limit = 1000;

async function errorOf(file: string): Promise<string> {
  const read = await files.readText(file, limit, signal);
  assert.ok(!read.ok);
  return `${read.error.kind}: ${read.error.message.replaceAll(path.dirname(file), '')}`;
}

test('a file’s text comes without its byte order mark and with its own line ends', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  await writeFile(file, '\uFEFFä\r\nb\n');
  const read = await files.readText(file, limit, signal);
  assert.deepEqual(read, { ok: true, text: 'ä\r\nb\n', bytes: 9, isUnsaved: false, at: file });
});

test('what is no regular file is refused by name, without hanging', { timeout: 20_000 }, async (t) => {
  const folder = await temporaryFolder(t);
  execFileSync('mkfifo', [path.join(folder, 'fifo')]);
  const server = createServer().listen(path.join(folder, 'socket'));
  t.after(() => server.close());
  assert.match(await errorOf(path.join(folder, 'fifo')), /^notRegularFile: \/fifo is a FIFO/);
  assert.match(await errorOf(path.join(folder, 'socket')), /^notRegularFile: \/socket is a socket/);
  assert.match(await errorOf('/dev/zero'), /^notRegularFile: .*zero is a device/);
  assert.match(await errorOf(folder), /^notRegularFile: .* is a folder.*list_files/);
});

test('missing, binary and too large files each say what to do next', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'binary'), Buffer.from([1, 0, 2]));
  await writeFile(path.join(folder, 'large'), 'x'.repeat(limit + 1));
  assert.match(await errorOf(path.join(folder, 'none')), /^notFound: \/none does not exist.*list_files/);
  assert.match(await errorOf(path.join(folder, 'binary')), /^binary: \/binary is a binary file of 3 bytes/);
  assert.match(await errorOf(path.join(folder, 'large')), /^tooLarge: \/large has 1001 bytes.*search_text/);
});

if (process.platform === 'linux') {
  test('a file that says it has no size is read to its bound', async () => {
    const read = await files.readText('/proc/self/status', 100_000, signal);
    assert.ok(read.ok && read.bytes > 100);
    assert.match(await errorOf('/proc/self/status'), /^tooLarge: /);
  });
}

test('unsaved text of an editor stands for the disk', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  await writeFile(file, 'saved');
  const editor = createFiles({ unsavedText: (open) => (open === file ? 'unsaved' : undefined) });
  const read = await editor.readText(file, limit, signal);
  assert.deepEqual(read, { ok: true, text: 'unsaved', bytes: 7, isUnsaved: true });
});

async function listed(folder: string, glob: string, limit: number) {
  const listing = await files.list(folder, glob, limit, signal);
  assert.ok(listing.ok);
  return { paths: listing.paths, isCut: listing.isCut };
}

test('the canonical path resolves links, also those that lead to nothing yet', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'real'));
  await symlink('real', path.join(folder, 'link'));
  await symlink('real/future', path.join(folder, 'dangling'));
  assert.equal(await files.canonical(path.join(folder, 'link/new/file')), path.join(folder, 'real/new/file'));
  assert.equal(await files.canonical(path.join(folder, 'dangling')), path.join(folder, 'real/future'));
  assert.equal(await files.canonical(path.join(folder, 'dangling/x')), path.join(folder, 'real/future/x'));
});

test('K21: a name that is not there is the one that looks the same', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'Cafe\u0301'));
  for (const name of ['Cafe\u0301/me\u0301nu.md', 'Screenshot at 9.41\u202fPM.png', 'x\u00a0y', 'x\u202fy'])
    await writeFile(path.join(folder, name), '');
  await symlink('Cafe\u0301', path.join(folder, 're\u0301al'));
  const canonical = async (name: string): Promise<string> =>
    path.relative(folder, await files.canonical(path.join(folder, name)));
  assert.equal(await canonical('Caf\u00e9/m\u00e9nu.md'), 'Cafe\u0301/me\u0301nu.md');
  assert.equal(await canonical('r\u00e9al/m\u00e9nu.md'), 'Cafe\u0301/me\u0301nu.md');
  assert.equal(await canonical('Screenshot at 9.41 PM.png'), 'Screenshot at 9.41\u202fPM.png');
  assert.equal(await canonical('x y'), 'x y', 'two look the same');
  assert.equal(await canonical('Caf\u00e9/new/f\u00efle'), 'Cafe\u0301/new/f\u00efle');
  assert.equal(await canonical('Cafe'), 'Cafe');
});

test('links that go round are an error', async (t) => {
  const folder = await temporaryFolder(t);
  await symlink('b', path.join(folder, 'a'));
  await symlink('a', path.join(folder, 'b'));
  await assert.rejects(files.canonical(path.join(folder, 'a')));
});

test('a listing is sorted, ignores what .gitignore says, and follows no link out', async (t) => {
  const folder = await temporaryFolder(t);
  const outside = await temporaryFolder(t);
  await writeFile(path.join(outside, 'secret.txt'), '');
  for (const name of ['.git', 'sub', 'out']) await mkdir(path.join(folder, name));
  for (const name of ['z.txt', 'a.txt', 'sub/b.txt', '.hidden.txt', '.git/c.txt', 'out/d.txt', 'x.log']) {
    await writeFile(path.join(folder, name), '');
  }
  await writeFile(path.join(folder, '.gitignore'), 'out/\n*.log\n');
  await symlink(outside, path.join(folder, 'link'));
  const list = (glob: string, limit: number) => listed(folder, glob, limit);
  assert.deepEqual(await list('**/*.{txt,log}', 10), {
    paths: ['.hidden.txt', 'a.txt', 'sub/b.txt', 'z.txt'],
    isCut: false,
  });
  assert.deepEqual(await list('link/*', 10), { paths: [], isCut: false });
  assert.deepEqual(await list('**/*.txt', 2), { paths: ['.hidden.txt', 'a.txt'], isCut: true });
});

test(
  'a listing passes over FIFOs, also in the place of ignore rules, and links that go round',
  { timeout: 20_000 },
  async (t) => {
    const folder = await temporaryFolder(t);
    await mkdir(path.join(folder, 'sub'));
    await writeFile(path.join(folder, 'sub/a.txt'), '');
    execFileSync('mkfifo', ['fifo.txt', '.gitignore', 'sub/.gitignore'], { cwd: folder });
    await symlink('..', path.join(folder, 'sub/round'));
    await symlink('self', path.join(folder, 'self'));
    assert.deepEqual(await listed(folder, '**/*.txt', 10), { paths: ['sub/a.txt'], isCut: false });
  },
);

test('a glob that leads out of its folder is refused', async (t) => {
  const folder = await temporaryFolder(t);
  for (const glob of ['../*', 'a/../../*', '{..,a}/*', '/etc/*', 'C:\\*', '!']) {
    const listing = await files.list(folder, glob, 10, signal);
    assert.ok(!listing.ok, glob);
    assert.equal(listing.error.kind, 'invalidInput', glob);
  }
  assert.ok((await files.list(folder, 'a..b/*', 10, signal)).ok);
});

test('a listing that was stopped says so', async (t) => {
  const listing = await files.list(await temporaryFolder(t), '**', 10, AbortSignal.abort());
  assert.ok(!listing.ok);
  assert.equal(listing.error.kind, 'cancelled');
});

for (const code of ['EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN'])
  test(`a file that can't be had just now (${code}) may be read again`, () => {
    assert.equal(readError('/w/a', Object.assign(new Error(code), { code })).kind, 'busy');
  });
