/** list_files on real trees: what is listed, and what an answer without files says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Unlisted } from '../../../src/core/filePorts.ts';
import { unlistedNotes } from '../../../src/tools/listingNotes.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

type Texts = Readonly<Record<string, string>>;

/** Makes files by their paths; `-> target` as a text makes a link, and a slash at the end a folder. */
async function benchWith(t: TestContext, tree: Texts): Promise<ToolBench> {
  const bench = await toolBench(t);
  for (const [name, text] of Object.entries(tree)) {
    const file = path.join(bench.root, name);
    await mkdir(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (name.endsWith('/')) continue;
    if (text.startsWith('-> ')) await symlink(text.slice(3), file);
    else await writeFile(file, text);
  }
  return bench;
}

interface Case {
  readonly mark: string;
  readonly tree: Texts;
  readonly input: { readonly pattern: string; readonly path?: string };
  readonly lines: readonly string[];
}

const next: Texts = {
  'app/[id]/(group)/page.tsx': '',
  'app/[[...slug]]/page.tsx': '',
  'app/@modal/(.)photo/page.tsx': '',
  'app/i/(group)/page.tsx': '',
};
const built: Texts = { '.gitignore': 'build/\n', 'build/a.js': '', 'build/sub/b.js': '', 'src/a.js': '' };
const app: Texts = { 'app/a.ts': '', 'app/sub/b.ts': '', 'c.ts': '' };

const cases: readonly Case[] = [
  {
    mark: 'K9 9a',
    tree: { '.gitignore': 'build/\nenv/\n', 'scripts/build': '', env: '', 'build/x': '', 'env2/env/x': '' },
    input: { pattern: '**' },
    lines: ['.gitignore', 'env', 'scripts/build'],
  },
  {
    mark: 'K9 9b',
    tree: { '.gitignore': 'a/**/\n', 'a/f.txt': '', 'a/b/g.txt': '' },
    input: { pattern: 'a/**' },
    lines: ['a/f.txt'],
  },
  {
    mark: 'K9 9d',
    tree: { 'AGENTS.md': '', 'CLAUDE.md': '-> AGENTS.md', 'docs/AGENTS.md': '-> ../AGENTS.md' },
    input: { pattern: '**/*.md' },
    lines: ['AGENTS.md', 'CLAUDE.md', 'docs/AGENTS.md'],
  },
  {
    mark: 'K9 9d',
    tree: { 'AGENTS.md': '', 'CLAUDE.md': '-> AGENTS.md' },
    input: { pattern: 'CLAUDE.md' },
    lines: ['CLAUDE.md'],
  },
  {
    mark: 'K9 9d',
    tree: { 'AGENTS.md': '', 'docs/AGENTS.md': '-> ../AGENTS.md' },
    input: { pattern: '*', path: 'docs' },
    lines: ['docs/AGENTS.md'],
  },
  {
    mark: 'K9 9e',
    tree: built,
    input: { pattern: '**', path: 'build' },
    lines: [
      'build/a.js',
      'build/sub/b.js',
      '[build is ignored by .gitignore; it is looked into because it was named]',
    ],
  },
  {
    mark: 'K9 9e',
    tree: built,
    input: { pattern: 'build/**' },
    lines: [
      'build/a.js',
      'build/sub/b.js',
      '[build is ignored by .gitignore; it is looked into because it was named]',
    ],
  },
  {
    mark: 'K9 9e',
    tree: built,
    input: { pattern: '*/a*.js', path: '.' },
    lines: ['src/a.js'],
  },
  {
    mark: 'K9 9e',
    tree: built,
    input: { pattern: '**/sub/*.js' },
    lines: [
      'No file in . matches **/sub/*.js (0 files). Ignored by .gitignore: 1 file that would match, build/sub/b.js. Name the folder to list it.',
    ],
  },
  {
    mark: 'K9 9e, a file that is ignored and named',
    tree: { '.gitignore': '.env\n', '.env': '' },
    input: { pattern: '.env' },
    lines: ['.env'],
  },
  {
    mark: 'g',
    tree: { '.gitignore': 'node_modules\n', 'node_modules/zod/package.json': '{}' },
    input: { pattern: '*.json', path: 'node_modules/zod' },
    lines: [
      'node_modules/zod/package.json',
      '[node_modules/zod is ignored by .gitignore; it is looked into because it was named]',
    ],
  },
  { mark: 'K9 9f', tree: app, input: { pattern: 'app' }, lines: ['app/a.ts', 'app/sub/b.ts'] },
  { mark: 'K9 9f', tree: app, input: { pattern: 'app/' }, lines: ['app/a.ts', 'app/sub/b.ts'] },
  { mark: 'K9 9f', tree: app, input: { pattern: '.' }, lines: ['app/a.ts', 'app/sub/b.ts', 'c.ts'] },
  {
    mark: 'K9 9g',
    tree: { 'packages/a/x.ts': '', 'packages/b/': '' },
    input: { pattern: '*', path: 'packages' },
    lines: [
      'No file in packages matches * (0 files). There are 2 folders: packages/a, packages/b. Use a/** for the files in one.' +
        ' Further below: 1 file, packages/a/x.ts. Use **/* to find them.',
    ],
  },
  {
    mark: 'K9, siblings',
    tree: { 'a.ts': '', 'docs/': '' },
    input: { pattern: '**', path: 'docs' },
    lines: ['No file in docs matches ** (0 files). The folder docs is empty.'],
  },
  {
    mark: 'K9, siblings',
    tree: { 'a.ts': '' },
    input: { pattern: 'src/lib/*.ts' },
    lines: ['No file in . matches src/lib/*.ts (0 files). There is no src.'],
  },
  {
    mark: 'K9, siblings',
    tree: { 'src/App.tsx': '' },
    input: { pattern: 'src/app.tsx' },
    lines: ['No file in . matches src/app.tsx (0 files). In another case: src/App.tsx.'],
  },
  {
    mark: 'K9, siblings',
    tree: { 'src/a.ts': '' },
    input: { pattern: '*.ts' },
    lines: [
      'No file in . matches *.ts (0 files). Further below: 1 file, src/a.ts. Use **/*.ts to find them.',
    ],
  },
  {
    mark: 'K9, siblings',
    tree: { 'src/lib/a.ts': '', 'src/lib/b.js': '' },
    input: { pattern: 'src/*.{ts,js}' },
    lines: [
      'No file in . matches src/*.{ts,js} (0 files). Further below: 2 files, src/lib/a.ts, src/lib/b.js. Use src/**/*.{ts,js} to find them.',
    ],
  },
  {
    mark: 'K10 10a',
    tree: next,
    input: { pattern: 'app/[id]/(group)/page.tsx' },
    lines: ['app/[id]/(group)/page.tsx'],
  },
  {
    mark: 'K10 10a',
    tree: next,
    input: { pattern: 'app/[[...slug]]/*.tsx' },
    lines: ['app/[[...slug]]/page.tsx'],
  },
  {
    mark: 'K10 10a',
    tree: next,
    input: { pattern: '**/(group)/**' },
    lines: ['app/[id]/(group)/page.tsx', 'app/i/(group)/page.tsx'],
  },
  {
    mark: 'K10 10a',
    tree: next,
    input: { pattern: 'app/@modal/(.)photo/*' },
    lines: ['app/@modal/(.)photo/page.tsx'],
  },
  {
    mark: 'K10 10c',
    tree: { 'a.ts': '', 'a.test.ts': '' },
    input: { pattern: '!*.test.ts' },
    lines: ['a.ts'],
  },
  {
    mark: 'K10 10d',
    tree: { 'a.ts': '', 'b.tsx': '', 'c.js': '' },
    input: { pattern: '*.ts,*.tsx' },
    lines: ['a.ts', 'b.tsx'],
  },
  { mark: 'K10 10f', tree: app, input: { pattern: 'app\\*.ts' }, lines: ['app/a.ts'] },
  {
    mark: 'K10 10g',
    tree: app,
    input: { pattern: 'C:\\src\\*.ts' },
    lines: [
      'invalidInput: The pattern must be relative to its folder, without "..". Give another folder in "path" instead.',
    ],
  },
  {
    mark: 'K10 10g',
    tree: app,
    input: { pattern: 'include:a' },
    lines: ['No file in . matches include:a (0 files).'],
  },
  { mark: 'K10, siblings', tree: app, input: { pattern: '../*.ts', path: 'app' }, lines: ['c.ts'] },
  {
    mark: 'K21',
    tree: { 'cafe\u0301.txt': '' },
    input: { pattern: 'caf\u00e9.txt' },
    lines: ['cafe\u0301.txt'],
  },
  {
    mark: 'K21',
    tree: { 'shots/Screen 9.41\u202fPM.png': '' },
    input: { pattern: 'shots/Screen 9.41 PM.png' },
    lines: ['shots/Screen 9.41\u202fPM.png'],
  },
];

for (const { mark, tree, input, lines } of cases)
  test(`${mark}: list_files ${JSON.stringify(input)}`, async (t) => {
    const bench = await benchWith(t, tree);
    assert.deepEqual((await bench.text('list_files', input)).split('\n'), lines);
  });

test('K10 10f: an absolute pattern inside the workspace is one of its folder', async (t) => {
  const bench = await benchWith(t, app);
  const list = (pattern: string, folder?: string): Promise<string> =>
    bench.text('list_files', { pattern, ...(folder && { path: folder }) });
  assert.equal(await list(`${bench.root}/app/*.ts`), 'app/a.ts');
  assert.equal(await list(`${bench.root}/*.ts`, 'app'), 'c.ts');
  assert.equal(await list(`${bench.root}/app`), 'app/a.ts\napp/sub/b.ts');
  assert.equal(await list(bench.root, 'app'), 'app/a.ts\napp/sub/b.ts\nc.ts');
  assert.match(await list('/etc/*'), /^invalidInput: The pattern must be relative/);
  assert.match(await list('../*'), /^outsideWorkspace: /);
});

test('rules of the repository above the folder count, and those of one below for itself alone', async (t) => {
  const bench = await benchWith(t, {
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/info/exclude': '*.tmp\n',
    '.gitignore': '*.log\n/sub/only\n',
    'sub/a.log': '',
    'sub/a.tmp': '',
    'sub/only': '',
    'sub/b': '',
    'sub/inner/.git/HEAD': 'ref: refs/heads/main\n',
    'sub/inner/c.log': '',
  });
  assert.equal(await bench.text('list_files', { pattern: '**', path: 'sub' }), 'sub/b\nsub/inner/c.log');
  const inSub = { cwd: path.join(bench.root, 'sub'), roots: [path.join(bench.root, 'sub')] };
  assert.equal(await bench.text('list_files', { pattern: '*' }, inSub), 'b');
});

test('K9: what git tracks is listed, also where rules would ignore it', async (t) => {
  const bench = await benchWith(t, {
    '.gitignore': 'dist/\n*.env\n',
    'dist/index.js': '',
    'dist/sub/x.js': '',
    'dist/other.js': '',
    'a.env': '',
    'b.env': '',
  });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: bench.root, env });
  git('init', '--quiet');
  git('add', '--force', 'dist/index.js', 'dist/sub/x.js', 'a.env');
  assert.equal(
    await bench.text('list_files', { pattern: '**/*.{js,env}' }),
    'a.env\ndist/index.js\ndist/sub/x.js',
  );
});

test('links to folders, out of the workspace and to nothing are named, not followed', async (t) => {
  const outside = await temporaryFolder(t);
  const bench = await benchWith(t, {
    'real/a.ts': '',
    'b.ts': '',
    folder: '-> real',
    gone: '-> nowhere',
    out: `-> ${outside}`,
  });
  const notes = [
    '[1 link to a folder, not followed: folder]',
    '[1 link out of the workspace, not followed: out]',
    '[1 link to nothing: gone]',
  ].join('\n');
  assert.equal(await bench.text('list_files', { pattern: '**' }), `b.ts\nreal/a.ts\n${notes}`);
  assert.equal(await bench.text('list_files', { pattern: 'folder/*.ts' }), 'folder/a.ts');
  assert.equal(
    await bench.text('list_files', { pattern: 'out/*.ts' }),
    'No file in . matches out/*.ts (0 files).\n[1 link out of the workspace, not followed: out]',
  );
});

test('K3 3d: places that may not be read are counted and named', () => {
  const none = { count: 0, first: [] };
  const unlisted: Unlisted = {
    ignored: { count: 3, by: ['/w/.gitignore'] },
    unreadable: { count: 7, first: ['pgdata', 'x/secret'] },
    folderLinks: none,
    outsideLinks: none,
    brokenLinks: none,
  };
  const shown = { show: (file: string) => path.relative('/w', file) };
  assert.deepEqual(unlistedNotes(unlisted, { folder: '/w', shown }), [
    '[7 places may not be read by this user: what is there is missing here: pgdata, x/secret and others]',
  ]);
});
