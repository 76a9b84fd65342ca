/** K3 3d, K9: what a listing could not look at is an error or is told. The disk is a table, because root may read all. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { listMatching } from '../../../src/adapters/node/listMatching.ts';
import type { EntryKind, WalkDisk } from '../../../src/adapters/node/walkDisk.ts';
import type { FileListing } from '../../../src/core/filePorts.ts';

const { signal } = new AbortController();

/** Files and their texts by their paths; folders are what is before a slash. */
type Tree = Readonly<Record<string, string>>;

function diskWith(tree: Tree, unreadable: readonly string[] = []): WalkDisk {
  const deny = (place: string): void => {
    if (unreadable.includes(place)) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
  };
  const kindOf = (place: string): EntryKind | undefined => {
    if (place in tree) return 'file';
    return Object.keys(tree).some((file) => file.startsWith(`${place}/`)) ? 'folder' : undefined;
  };
  return {
    // eslint-disable-next-line @typescript-eslint/require-await
    async readFolder(folder) {
      deny(folder);
      const below = Object.keys(tree).filter((file) => file.startsWith(`${folder}/`));
      const names = new Set(below.map((file) => file.slice(folder.length + 1).split('/', 1)[0] ?? ''));
      return [...names].map((name) => ({ name, kind: kindOf(path.posix.join(folder, name)) ?? 'other' }));
    },
    kindOf: (place) => Promise.resolve(kindOf(place)),
    linkTarget: () => Promise.resolve({ kind: 'nothing' }),
    // eslint-disable-next-line @typescript-eslint/require-await
    async readText(file) {
      deny(file);
      return tree[file];
    },
    readBytes: () => Promise.resolve(undefined),
  };
}

function list(disk: WalkDisk, glob: string, folder = '/w'): Promise<FileListing> {
  return listMatching({ disk, person: {}, folder, glob, limit: 100, roots: ['/w'] }, signal);
}

async function listed(disk: WalkDisk, glob: string) {
  const listing = await list(disk, glob);
  assert.ok(listing.ok);
  return listing;
}

const tree: Tree = { '/w/a.ts': '', '/w/secret/b.ts': '', '/w/sub/secret/c.ts': '', '/w/sub/d.ts': '' };

test('K3 3d: a folder that was named and may not be read is an error', async () => {
  const disk = diskWith(tree, ['/w/secret']);
  for (const [glob, folder] of [
    ['**', '/w/secret'],
    ['secret/**', '/w'],
    ['secret', '/w'],
  ] as const) {
    const listing = await list(disk, glob, folder);
    assert.ok(!listing.ok, glob);
    assert.deepEqual(listing.error, {
      kind: 'io',
      message: '/w/secret may not be read by this user (EACCES).',
    });
  }
});

test('K3 3d: others are counted, beside what was found and where nothing was', async () => {
  const disk = diskWith(tree, ['/w/secret', '/w/sub/secret']);
  const unreadable = { count: 2, first: ['secret', 'sub/secret'] };
  const some = await listed(disk, '**/*.ts');
  assert.deepEqual([some.paths, some.unlisted.unreadable], [['a.ts', 'sub/d.ts'], unreadable]);
  const none = await listed(disk, '**/c.ts');
  assert.deepEqual([none.paths, none.unlisted.unreadable], [[], unreadable]);
  const elsewhere = await listed(disk, 'sub/*.ts');
  assert.equal(elsewhere.unlisted.unreadable.count, 0, 'the glob finds nothing there');
});

test('ignore rules that may not be read are counted, and the others hold', async () => {
  const rules: Tree = {
    '/w/.gitignore': '*.log\n',
    '/w/sub/.gitignore': '*.ts\n',
    '/w/sub/a.ts': '',
    '/w/sub/b.log': '',
  };
  const listing = await listed(diskWith(rules, ['/w/sub/.gitignore']), 'sub/[ab]*');
  assert.deepEqual(listing.paths, ['sub/a.ts']);
  assert.deepEqual(listing.unlisted.unreadable, { count: 1, first: ['sub/.gitignore'] });
  assert.deepEqual(listing.unlisted.ignored, { count: 1, by: ['/w/.gitignore'] });
});

test('a look for what is there instead ends after some thousand entries, and says so', async () => {
  const many: Record<string, string> = { '/w/.gitignore': 'out\n' };
  for (let index = 0; index < 20_010; index += 1) many[`/w/out/${index}.js`] = '';
  const none = await listed(diskWith(many), '**/1*.js');
  const [ignored] = none.insteadOfFiles;
  assert.ok(ignored?.kind === 'ignored' && ignored.isAtLeast && ignored.count > 1000);
});

test('a folder with a rule against itself is looked into as if it stood alone', async () => {
  const disk = diskWith({
    '/w/.gitignore': 'out/\n*.log\n',
    '/w/out/.gitignore': '*.tmp\n',
    '/w/out/a.log': '',
    '/w/out/b.tmp': '',
  });
  const listing = await listed(disk, 'out/**');
  assert.deepEqual(listing.paths, ['out/.gitignore', 'out/a.log']);
  assert.deepEqual(listing.unlisted.namedIgnored, { path: 'out', by: '/w/.gitignore' });
});
