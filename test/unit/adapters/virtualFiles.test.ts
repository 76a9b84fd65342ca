/** The files of a workspace that is not on a disk, behind the ports that the tools know. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { filesByPlace, searchByPlace } from '../../../src/adapters/node/filesByPlace.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { TextSearch, VirtualDisk } from '../../../src/core/filePorts.ts';
import { virtualAddress, virtualPath } from '../../../src/core/virtualPath.ts';

const root = virtualPath({ scheme: 'memfs', authority: 'host', path: '/w' });
const contents: Readonly<Record<string, string>> = {
  '.gitignore': 'ignored.txt\n',
  'a.ts': 'const a = 1;\nconst needle = 2;\n',
  'ignored.txt': 'needle',
  'src/b.ts': 'export const needle = 3;\n',
  'binary.dat': 'x\0y',
};

const disk: VirtualDisk = {
  stat: (file) => {
    const name = nameIn(file);
    if (name in contents) return Promise.resolve({ kind: 'file', bytes: contents[name]?.length ?? 0 });
    if (name === 'link') return Promise.resolve({ kind: 'other', bytes: 0 });
    if (name === '' || name === 'src') return Promise.resolve({ kind: 'folder', bytes: 0 });
    return Promise.reject(Object.assign(new Error('gone'), { code: 'FileNotFound' }));
  },
  readFolder: (folder) => {
    const inside = nameIn(folder) === '' ? '' : `${nameIn(folder)}/`;
    const below = Object.keys(contents).filter((name) => name.startsWith(inside));
    const names = new Set(below.map((name) => name.slice(inside.length).split('/', 1)[0] ?? ''));
    return Promise.resolve([...names].map((name) => ({ name, kind: name === 'src' ? 'folder' : 'file' })));
  },
  readFile: (file) => Promise.resolve(new TextEncoder().encode(contents[nameIn(file)])),
  unsavedText: (file) => (nameIn(file) === 'open.ts' ? 'not saved' : undefined),
};

function nameIn(file: string): string {
  assert.equal(virtualAddress(file)?.scheme, 'memfs');
  return path.posix.relative('/w', virtualAddress(file)?.path ?? '');
}

const { signal } = new AbortController();
const files = filesByPlace(createFiles(), disk);
const at = (name: string): string => path.join(root, name);

test('an address is a path, and a path its address again; no path of a disk is one', () => {
  for (const address of [
    { scheme: 'memfs', authority: '', path: '/' },
    { scheme: 'vscode-vfs', authority: 'github', path: '/o/r/a b.ts' },
    { scheme: 'x', authority: 'a/b:1', path: '/p' },
  ])
    assert.deepEqual(virtualAddress(path.resolve(virtualPath(address))), address);
  for (const file of ['/', '/w/.allsettled-virtual/x/-/a', '/.allsettled-virtual/x', 'C:\\w', '.'])
    assert.equal(virtualAddress(file), undefined);
  const windows = { scheme: 'memfs', authority: '', path: '/a/b.ts' };
  assert.deepEqual(virtualAddress('C:\\.allsettled-virtual\\memfs\\-\\a\\b.ts'), windows);
});

test('a file is read, also with unsaved changes; what is none says what it is', async () => {
  const read = async (name: string) => {
    const found = await files.readText(at(name), 1000, signal);
    return found.ok ? found.text : found.error.kind;
  };
  assert.equal(await read('src/b.ts'), contents['src/b.ts']);
  assert.equal(await read('open.ts'), 'not saved');
  const others = ['src', 'link', 'gone.ts', 'binary.dat'];
  const kinds = await Promise.allSettled(others.map(read));
  assert.deepEqual(
    kinds.map((kind) => kind.status === 'fulfilled' && kind.value),
    ['notRegularFile', 'notRegularFile', 'notFound', 'binary'],
  );
  const large = await files.readText(at('a.ts'), 3, signal);
  assert.equal(!large.ok && large.error.kind, 'tooLarge');
});

test('files are listed by a glob, without those that git ignores', async () => {
  const listed = async (glob: string) => {
    const listing = await files.list(root, glob, 10, signal);
    return listing.ok && listing.paths;
  };
  assert.deepEqual(await listed('**/*.{ts,txt}'), ['a.ts', 'src/b.ts']);
  assert.deepEqual(await listed('!*.ts'), ['.gitignore', 'binary.dat', 'src/b.ts']);
  assert.deepEqual(await listed('src'), ['src/b.ts']);
  assert.deepEqual(await listed('ignored.txt'), ['ignored.txt'], 'what is named in full is found');
  const none = await files.list(root, 'ignored.*', 10, signal);
  assert.deepEqual(none.ok && none.insteadOfFiles.map((each) => [each.kind, 'first' in each && each.first]), [
    ['ignored', ['ignored.txt']],
  ]);
  for (const glob of ['../**', '/**', '!']) {
    const refused = await files.list(root, glob, 10, signal);
    assert.equal(!refused.ok && refused.error.kind, 'invalidInput', glob);
  }
});

test('text is searched file by file, and searches on the disk go their way', async () => {
  const ofDisk = { ok: true, matches: [], isCut: true, unsearched: [], isBeyondRipgrep: false } as const;
  const onDisk: TextSearch = { search: () => Promise.resolve(ofDisk) };
  const search = searchByPlace(onDisk, files, disk);
  const query = { pattern: 'needle', isRegex: false, maxMatches: 10 };
  const found = await search.search({ ...query, path: root }, signal);
  assert.deepEqual(found.ok && found.matches.map((match) => [path.relative(root, match.path), match.line]), [
    ['a.ts', 2],
    [path.join('src', 'b.ts'), 1],
  ]);
  assert.deepEqual(await search.search({ ...query, path: '/w' }, signal), ofDisk);
});

test('nothing is written, deleted or moved there', async () => {
  const results = [
    await files.write({ path: at('a.ts'), text: 'x', replaces: 'y' }, signal),
    await files.remove(at('a.ts'), 'x', signal),
    await files.move(at('a.ts'), at('c.ts'), signal),
    await files.move('/w/a.ts', at('c.ts'), signal),
  ];
  for (const result of results) assert.equal(!result.ok && result.error.kind, 'refused');
});
