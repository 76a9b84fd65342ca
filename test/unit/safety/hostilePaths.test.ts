import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { link, mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import type { SessionState } from '../../../src/core/states.ts';
import type { Files } from '../../../src/core/filePorts.ts';
import type { SpawnRequest } from '../../../src/core/subAgents.ts';
import type { Tool, ToolContext, ToolResult } from '../../../src/core/tools.ts';
import { checkSpawn } from '../../../src/runtime/checkSpawn.ts';
import { malformed } from '../../../src/safety/containment.ts';
import { resolveWritable } from '../../../src/safety/writablePath.ts';
import { createListFiles } from '../../../src/tools/listFiles.ts';
import { createReadFile } from '../../../src/tools/readFile.ts';
import { createSearchText } from '../../../src/tools/searchText.ts';
import { createWriteFile } from '../../../src/tools/writeFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { plainGit } from '../tools/gitBench.ts';
import { TestMemory, toolBench, type ToolBench } from '../tools/toolBench.ts';

const secret = 'SECRET-OF-ANOTHER-FOLDER';

/** A workspace, and beside it a folder whose name begins with the workspace's and that holds a secret. */
interface Scene {
  readonly bench: ToolBench;
  readonly root: string;
  readonly twin: string;
}

async function play(t: TestContext): Promise<Scene> {
  const bench = await toolBench(t);
  const { root } = bench;
  const twin = `${root}-evil`;
  await mkdir(path.join(twin, 'sub'), { recursive: true });
  t.after(() => rm(twin, { recursive: true, force: true }));
  await writeFile(path.join(twin, 'secret.txt'), `${secret}\n`);
  await writeFile(path.join(twin, 'sub/secret.txt'), `${secret}\n`);
  await mkdir(path.join(root, 'sub'));
  await writeFile(path.join(root, 'a.txt'), 'one\n');
  await writeFile(path.join(root, 'sub/secret.txt'), 'not the secret\n');
  plainGit(root, 'init', '-q');
  plainGit(root, 'add', '.');
  const name = path.basename(twin);
  const links: readonly (readonly [from: string, to: string])[] = [
    ['folder', `../${name}`],
    ['leaf', `../${name}/secret.txt`],
    ['dangling', `../${name}/future.txt`],
    ['danglingFolder', `../${name}/future`],
    ['absolute', path.join(twin, 'secret.txt')],
    ['first', 'second'],
    ['second', 'sub/third'],
    ['sub/third', `../../${name}/secret.txt`],
    ['throughFolder', 'folder/sub'],
    ['round', 'round2'],
    ['round2', 'round'],
    ['self', 'self'],
    ['top', '/'],
    ['environ', '/proc/self/environ'],
    ['zero', '/dev/zero'],
    ['inside', 'sub/secret.txt'],
    ['intoGit', '.git'],
  ];
  for (const [from, to] of links) await symlink(to, path.join(root, from));
  return { bench, root, twin };
}

/** Every way in which a tool takes a path, the git tools among them. */
const ways: Readonly<Record<string, (named: string) => readonly [tool: string, input: object]>> = {
  read: (named) => ['read_file', { path: named }],
  list: (named) => ['list_files', { pattern: '**', path: named }],
  search: (named) => ['search_text', { pattern: 'SECRET', path: named }],
  write: (named) => ['write_file', { path: named, content: 'mine' }],
  edit: (named) => ['edit_file', { path: named, edits: [{ oldText: 'S', newText: 'x' }] }],
  delete: (named) => ['delete_file', { path: named }],
  renameFrom: (named) => ['rename_file', { from: named, to: 'moved.txt' }],
  renameTo: (named) => ['rename_file', { from: 'a.txt', to: named }],
  cwd: (named) => ['terminal', { command: 'cat secret.txt', cwd: named }],
  stage: (named) => ['git_add', { paths: [named] }],
  grep: (named) => ['git', { args: ['grep', '--untracked', 'SECRET', '--', named] }],
  status: (named) => ['git', { args: ['status', '--short', '--', named] }],
};

/** A path that no way may take, and the kind of error that all give. $T is the twin, $R the workspace. */
const refusedPaths: readonly (readonly [what: string, named: string, kind: string])[] = [
  ['the folder above', '..', 'outsideWorkspace'],
  ['up from a folder that is there', 'sub/../../x', 'outsideWorkspace'],
  ['up from a folder that is not there', 'nowhere/../../x', 'outsideWorkspace'],
  ['far up', '../'.repeat(40) + 'etc/passwd', 'outsideWorkspace'],
  ['with dots between', './.././x', 'outsideWorkspace'],
  ['with doubled slashes', 'sub//..//..//x', 'outsideWorkspace'],
  ['absolute', '/etc/passwd', 'outsideWorkspace'],
  ['absolute with dots', '$R/../x', 'outsideWorkspace'],
  ['two slashes before', '//etc/passwd', 'outsideWorkspace'],
  ['the twin by its prefix', '$T/secret.txt', 'outsideWorkspace'],
  ['the twin, relative', '../$N/secret.txt', 'outsideWorkspace'],
  ['the root in another case', '/TMP/X', 'outsideWorkspace'],
  ['the top of the disk', '/', 'outsideWorkspace'],
  ['a link to a folder', 'folder', 'outsideWorkspace'],
  ['behind a link to a folder', 'folder/secret.txt', 'outsideWorkspace'],
  ['a new file behind a link to a folder', 'folder/new.txt', 'outsideWorkspace'],
  ['a link to a file', 'leaf', 'outsideWorkspace'],
  ['an absolute link', 'absolute', 'outsideWorkspace'],
  ['a link that leads to nothing yet', 'dangling', 'outsideWorkspace'],
  ['behind a link to a folder that is not there yet', 'danglingFolder/new.txt', 'outsideWorkspace'],
  ['a chain of links', 'first', 'outsideWorkspace'],
  ['a link to a link to a folder', 'throughFolder', 'outsideWorkspace'],
  ['behind a link to a link', 'throughFolder/secret.txt', 'outsideWorkspace'],
  ['links that go round', 'round', 'io'],
  ['behind links that go round', 'round/x', 'io'],
  ['a link to itself', 'self', 'io'],
  ['a link to the top of the disk', 'top/etc/passwd', 'outsideWorkspace'],
  ['a link to the environment', 'environ', 'outsideWorkspace'],
  ['a link to a device', 'zero', 'outsideWorkspace'],
  ['the environment of this process', '/proc/self/environ', 'outsideWorkspace'],
  ['an open file of this process', '/proc/self/fd/0', 'outsideWorkspace'],
  ['the root of this process', '/proc/self/root$T/secret.txt', 'outsideWorkspace'],
  ['the working directory of this process', '/proc/self/cwd/package.json', 'outsideWorkspace'],
  ['a device', '/dev/zero', 'outsideWorkspace'],
  ['standard input', '/dev/stdin', 'outsideWorkspace'],
  ['a NUL before a harmless ending', '../x\0.txt', 'invalidInput'],
  ['a NUL inside', 'a.txt\0', 'invalidInput'],
  ['a file: URL', 'file:///etc/passwd', 'invalidInput'],
  ['a file: URL in upper case', 'FILE:///etc/passwd', 'invalidInput'],
  ['a file: URL without slashes', 'file:/etc/passwd', 'invalidInput'],
  ['a file: URL with a host', 'file://localhost/etc/passwd', 'invalidInput'],
  ['a URL of an editor', 'vscode-remote://ssh-remote+x/etc/passwd', 'invalidInput'],
  ['a URL of settings', 'vscode-userdata:///User/settings.json', 'invalidInput'],
  ['a URL of the web', 'https://example.invalid/x', 'invalidInput'],
];

async function contentOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const texts = await Promise.allSettled(files.sort().map((file) => readFile(file, 'utf8')));
  return JSON.stringify([entries.map(({ name }) => name).sort(), files, texts]);
}

test('hostile paths: what leads out is refused in the same way by every tool that takes a path', async (t) => {
  const { bench, root, twin } = await play(t);
  const before = await contentOf(twin);
  const inside = await contentOf(root);
  for (const [what, path_, kind] of refusedPaths) {
    const named = path_.replace('$R', root).replace('$T', twin).replace('$N', path.basename(twin));
    for (const [way, inputOf] of Object.entries(ways)) {
      const [tool, input] = inputOf(named);
      const result = await bench.run(tool, input);
      const text = JSON.stringify(result);
      // An argument of git with a NUL is refused before it is taken for a path.
      const expected = named.includes('\0') && tool === 'git' ? 'refused' : kind;
      assert.equal(result.ok ? 'ok' : result.error.kind, expected, `${way}, ${what}: ${text}`);
      assert.ok(!text.includes(`${secret}`), `${way}, ${what}`);
      assert.ok(result.ok || result.error.message.length > 20);
    }
  }
  assert.equal(await contentOf(twin), before);
  assert.equal(await contentOf(root), inside);
});

/** Names that only look dangerous: they are names in the workspace, and nothing is decoded or expanded. */
const literalNames = [
  ...['%2e%2e/%2e%2e/etc/passwd', '..%2fx', '%2e%2e%5cx', '..;/x', '....//x', '.. /x', '. ./x', '...'],
  ...[
    '~',
    '~/x',
    '~root/.ssh/id_rsa',
    '$HOME/x',
    '${HOME}/x',
    '%USERPROFILE%\\x',
    '$(id)',
    '`id`',
    '{..,x}/a',
  ],
  ...[
    '..\\..\\x',
    'C:x',
    'C:\\x',
    '\\\\server\\share',
    '\\\\?\\C:\\x',
    '\\\\.\\PhysicalDrive0',
    'a.txt:stream',
    'NUL',
  ],
  ...[
    'a\nb',
    'a\rb',
    'a\u202etxt.exe',
    '..\u2215x',
    '\uff0e\uff0e/x',
    '..\u200b/x',
    '-rf',
    '*',
    'folder/../here.txt',
  ],
];

test('hostile paths: nothing in a name is decoded, expanded or taken for another system’s path', async (t) => {
  const { bench, root, twin } = await play(t);
  const before = await contentOf(twin);
  for (const named of literalNames) {
    const read = await bench.run('read_file', { path: named });
    assert.equal(read.ok ? 'ok' : read.error.kind, 'notFound', named);
    const written = await bench.run('write_file', { path: named, content: named });
    if (named.includes('\\')) {
      assert.ok(!written.ok && /with a backslash in it/.test(written.error.message), named);
      continue;
    }
    assert.ok(written.ok, `${named}: ${JSON.stringify(written)}`);
    assert.equal(await readFile(path.join(root, named), 'utf8'), named);
    await rm(path.join(root, named));
  }
  assert.equal(await contentOf(twin), before);
});

/** What another system would take for the names above. */
const windowsNames = [
  ...[
    '\\\\server\\share\\x',
    '//server/share',
    '\\/server',
    '\\\\?\\C:\\x',
    '//?/C:/x',
    '\\\\.\\pipe\\x',
    '//./NUL',
  ],
  ...[
    'C:x',
    'c:',
    'C:..\\x',
    'a.txt:stream',
    'a.txt::$DATA',
    'sub\\a.txt:x',
    'C:\\a:b',
    '.git::$INDEX_ALLOCATION\\x',
  ],
  ...['NUL', 'nul.txt', 'sub/con', 'AUX .txt', 'COM1', 'com¹', 'LPT9.log', 'CONIN$', 'conout$.x', 'prn:'],
  ...['file:///C:/x', 'a\0b', ''],
];

test('hostile paths: on Windows, devices, shares, streams and drives without a folder are refused', () => {
  for (const named of windowsNames)
    assert.notEqual(malformed(named, 'win32'), undefined, JSON.stringify(named));
  for (const named of ['C:\\w\\a.txt', 'sub\\a.txt', 'console.ts', 'com10.txt', 'nullable', '~\\x'])
    assert.equal(malformed(named, 'win32'), undefined, named);
});

const protectedPaths = [
  ...[
    '.git',
    '.git/config',
    '.git/hooks/x',
    '.git/info/attributes',
    'sub/.git/config',
    'new/deep/.git/hooks/pre-commit',
  ],
  ...[
    '.GIT/config',
    '.Git',
    '.git.',
    '.git ',
    '.git . .',
    '.git./x',
    '.git\u200c/x',
    '.g\u200cit/config',
    '.gi\ufefft/x',
  ],
  ...[
    'GIT~1',
    'git~2/config',
    '\uff0egit/x',
    '.\uff47it/x',
    '.git::$INDEX_ALLOCATION/x',
    '.git:x',
    'sub/../.git/x',
  ],
  ...[
    'intoGit',
    'intoGit/config',
    '.vscode',
    '.vscode/settings.json',
    '.vscode/tasks.json',
    '.vscode/mcp.json',
  ],
  ...[
    '.VSCODE/x',
    'sub/.vscode/launch.json',
    '.vscode./x',
    'VSCODE~1/settings.json',
    '.vs\u200dcode/x',
    '.vſcode/x',
  ],
  ...['any.code-workspace', 'sub/ANY.CODE-WORKSPACE', 'x.code-workspace.', 'x.code-workspace '],
  ...[
    '.config/Code/User/settings.json',
    '.config/Code - OSS/User/profiles/x/settings.json',
    '.config/Cursor/User/mcp.json',
  ],
  ...['.vscode-server/data/Machine/settings.json', 'Library/Application Support/VSCodium/User/settings.json'],
  ...['.local/share/code-server/User/settings.json', 'AppData/Roaming/Code/User/tasks.json'],
];

const writingWays = ['write', 'edit', 'delete', 'renameFrom', 'renameTo'] as const;

test('hostile paths: what steers git and the editor is written by no tool, also where it is not there yet', async (t) => {
  const { bench, root } = await play(t);
  await symlink('.vscode', path.join(root, 'later'));
  const inside = await contentOf(root);
  for (const named of [...protectedPaths, 'later/settings.json', 'later'])
    for (const way of writingWays) {
      const [tool, input] = ways[way]?.(named) ?? ['', {}];
      const result = await bench.run(tool, input);
      assert.equal(
        result.ok ? 'ok' : result.error.kind,
        'refused',
        `${way} ${named}: ${JSON.stringify(result)}`,
      );
    }
  assert.equal(await contentOf(root), inside);
});

test('hostile paths: names that only resemble those are written', async (t) => {
  const { bench } = await play(t);
  const names = [
    ...[
      '.gitignore',
      '.gitattributes',
      '.github/workflows/x.yml',
      '.git-hooks/x',
      'git/config',
      'x.git/config',
      '.vscodeignore',
    ],
    ...[
      'vscode/settings.json',
      'code-workspace',
      'x.code-workspaces',
      'src/user/settings.json',
      'User/settings.json',
      '.gitx/y',
    ],
  ];
  for (const path_ of names)
    assert.ok((await bench.run('write_file', { path: path_, content: 'x' })).ok, path_);
});

test('hostile paths: AllSettled’s own folder inside the workspace is written by no tool, and by no other name', async (t) => {
  const root = await temporaryFolder(t);
  const stateDir = path.join(root, '.allsettled');
  await mkdir(path.join(stateDir, 'sessions/x'), { recursive: true });
  await symlink('.allsettled', path.join(root, 'alias'));
  const files = createFiles();
  for (const named of [
    ...[
      '.allsettled',
      '.allsettled/sessions/x/journal.ndjson',
      'alias/sessions/x/journal.ndjson',
      'alias/new',
    ],
    ...[
      '.allsettled/worktrees',
      '.allsettled/worktrees/x',
      './sub/../.allsettled/sessions/y',
      '.ALLSETTLED/x',
      '.AllSettled/sessions/x',
    ],
  ]) {
    const resolved = await resolveWritable(named, { cwd: root, roots: [root] }, { files, stateDir });
    assert.equal(resolved.ok ? 'ok' : resolved.error.kind, 'refused', named);
  }
});

const hostilePatterns: readonly (readonly [pattern: string, kind: string])[] = [
  ['../*', 'invalidInput'],
  ['../**/secret.txt', 'invalidInput'],
  ['sub/../../**', 'invalidInput'],
  ['/etc/*', 'invalidInput'],
  ['//etc/*', 'invalidInput'],
  ['C:\\*', 'invalidInput'],
  ['\\\\server\\*', 'invalidInput'],
  ['{..,sub}/*', 'invalidInput'],
  ['{sub,../*}/*', 'invalidInput'],
  ['@(..)/*', 'ok'],
  ['+(..|sub)/*', 'ok'],
  ['..\\*', 'invalidInput'],
  ['!**', 'ok'],
  ['.{.,x}/*-evil/**', 'invalidInput'],
  ['{.,x}{.,y}/*-evil/*', 'invalidInput'],
  ['[.][.]/*-evil/*', 'ok'],
  ['.?/*-evil/*', 'ok'],
  ['\\.\\./*-evil/*', 'invalidInput'],
  ['folder/**', 'ok'],
  ['folder/secret.txt', 'ok'],
  ['{folder,sub}/*.txt', 'ok'],
  ['throughFolder/*', 'ok'],
  ['top/etc/passwd', 'ok'],
  ['leaf', 'ok'],
  ['~/*', 'ok'],
  ['$HOME/*', 'ok'],
  ['x'.repeat(1001), 'invalidInput'],
];

test('hostile paths: no pattern of list_files or search_text leads out, with and without ripgrep', async (t) => {
  const { bench, root, twin } = await play(t);
  const files = createFiles();
  const slow = createSearchText(files, createTextSearch({ ripgrepPath: undefined, files }));
  for (const [pattern, kind] of hostilePatterns) {
    const results: readonly ToolResult[] = [
      await bench.run('list_files', { pattern }),
      await bench.run('search_text', { pattern: 'SECRET', glob: pattern }),
      await slow.run({ pattern: 'SECRET', glob: pattern }, contextIn(root)),
    ];
    const kinds = results.map((result) => (result.ok ? 'ok' : result.error.kind));
    const refused: readonly (string | undefined)[] = ['invalidInput', 'outsideWorkspace'];
    const isAsExpected = kind === 'ok' ? kinds[0] === 'ok' : refused.includes(kinds[0]);
    assert.ok(isAsExpected, `${pattern}: ${JSON.stringify(results[0])}`);
    for (const result of results) {
      const said = JSON.stringify(result).replaceAll(JSON.stringify(pattern).slice(1, -1), '');
      assert.ok(!said.includes(secret), `${pattern}: ${said}`);
      assert.ok(!said.includes(path.basename(twin)) && !said.includes('passwd'), `${pattern}: ${said}`);
    }
  }
});

function contextIn(root: string): ToolContext {
  return {
    ...{ sessionId: 'session', callId: 'call', permission: 'unlimited', cwd: root, roots: [root] },
    ...{ outputFile: path.join(root, 'unused'), signal: new AbortController().signal },
    runCalls: () => Promise.reject(new Error('no container')),
    show: () => undefined,
  };
}

test('hostile paths: what is no regular file is neither read, written, deleted nor moved, and blocks nothing', async (t) => {
  const { bench, root } = await play(t);
  execFileSync('mkfifo', [path.join(root, 'fifo')]);
  await symlink('fifo', path.join(root, 'toFifo'));
  const server = createServer().listen(path.join(root, 'socket'));
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const rows: readonly (readonly [named: string, kinds: RegExp])[] = [
    ['fifo', /^notRegularFile$/],
    ['toFifo', /^(notRegularFile|refused)$/],
    ['socket', /^(notRegularFile|io)$/],
    ['sub', /^(notRegularFile|refused)$/],
    ['.', /^(notRegularFile|refused)$/],
    ['a.txt/x', /^(notFound|io)$/],
  ];
  for (const [named, kinds] of rows)
    for (const way of ['read', 'write', 'edit', 'delete', 'renameFrom'] as const) {
      const [tool, input] = ways[way]?.(named) ?? ['', {}];
      const result = await bench.run(tool, input);
      assert.match(result.ok ? 'ok' : result.error.kind, kinds, `${way} ${named}: ${JSON.stringify(result)}`);
    }
  assert.match(await bench.text('search_text', { pattern: 'x', path: 'fifo' }), /^\w+: |No matches/);
});

test('hostile paths: huge and sparse files are refused by their size, and not read', async (t) => {
  const { bench, root } = await play(t);
  await writeFile(path.join(root, 'huge'), '');
  await truncate(path.join(root, 'huge'), 2 ** 40);
  for (const way of ['read', 'write', 'edit'] as const) {
    const [tool, input] = ways[way]?.('huge') ?? ['', {}];
    const result = await bench.run(tool, input);
    assert.equal(result.ok ? 'ok' : result.error.kind, 'tooLarge', `${way}: ${JSON.stringify(result)}`);
  }
  const deleted = await bench.run('delete_file', { path: 'huge' });
  assert.ok(!deleted.ok, 'what could not be restored is not deleted');
  assert.ok((await bench.run('rename_file', { from: 'huge', to: 'moved' })).ok, 'a move reads nothing');
});

test('hostile paths: a hard link is a file of the workspace; writing it leaves its other name as it was', async (t) => {
  const { bench, root, twin } = await play(t);
  await link(path.join(twin, 'secret.txt'), path.join(root, 'hard'));
  const written = await bench.run('write_file', { path: 'hard', content: 'mine' });
  // Whoever made the link could read the file; nobody can tell which of the names is meant.
  assert.ok(written.ok || written.error.kind === 'refused', JSON.stringify(written));
  assert.equal(await readFile(path.join(twin, 'secret.txt'), 'utf8'), `${secret}\n`);
  await bench.run('delete_file', { path: 'hard' });
  assert.equal(await readFile(path.join(twin, 'secret.txt'), 'utf8'), `${secret}\n`);
});

test('hostile paths: a root that is a link holds its own files, and no more', async (t) => {
  const { bench, root, twin } = await play(t);
  const alias = path.join(await temporaryFolder(t), 'alias');
  await symlink(root, alias);
  const place = { cwd: alias, roots: [alias] };
  assert.match(await bench.text('read_file', { path: 'a.txt' }, place), /one/);
  assert.match(await bench.text('read_file', { path: path.join(root, 'a.txt') }, place), /one/);
  for (const named of ['../alias/../x', 'folder/secret.txt', `${twin}/secret.txt`, `${alias}-evil/x`])
    assert.match(await bench.text('read_file', { path: named }, place), /^outsideWorkspace: /, named);
  assert.match(await bench.text('write_file', { path: '.git/x', content: '' }, place), /^refused: /);
});

test('hostile paths: what the system shows of its processes is in no workspace, not even in the whole disk', async (t) => {
  const { bench, root } = await play(t);
  const place = { cwd: '/', roots: ['/'] };
  assert.match(await bench.text('read_file', { path: path.join(root, 'a.txt') }, place), /one/);
  for (const named of [
    '/proc/self/environ',
    'proc/self/environ',
    '/sys/kernel/x',
    path.join(root, 'environ'),
  ])
    for (const way of ['read', 'list', 'search', 'write', 'renameFrom'] as const) {
      const [tool, input] = ways[way]?.(named) ?? ['', {}];
      assert.match(await bench.text(tool, input, place), /^outsideWorkspace: .*system/, `${way} ${named}`);
    }
});

test('hostile paths: a root that was removed meanwhile holds nothing', async (t) => {
  const { bench, root, twin } = await play(t);
  const workspace = path.join(root, 'workspace');
  await mkdir(workspace);
  const place = { cwd: workspace, roots: [workspace] };
  await rm(workspace, { recursive: true });
  assert.match(await bench.text('read_file', { path: 'secret.txt' }, place), /^notFound: /);
  assert.match(await bench.text('list_files', { pattern: '**' }, place), /^notFound: /);
  assert.match(await bench.text('terminal', { command: 'ls' }, place), /^notFound: /);
  assert.match(await bench.text('read_file', { path: `${twin}/secret.txt` }, place), /^outsideWorkspace: /);
});

/** Files in which a folder is replaced by a link to the twin as soon as a path in it has been checked. */
function swapping({ root, twin }: Scene): Files {
  const files = createFiles();
  let isSwapped = false;
  return {
    ...files,
    async canonical(file) {
      const resolved = await files.canonical(file);
      if (isSwapped || !resolved.startsWith(path.join(root, 'sub'))) return resolved;
      isSwapped = true;
      await rename(path.join(root, 'sub'), path.join(root, 'was'));
      await symlink(twin, path.join(root, 'sub'));
      return resolved;
    },
  };
}

const raced: readonly (readonly [
  what: string,
  toolOf: (files: Files) => Tool,
  input: object,
  calm?: object,
])[] = [
  ['read_file', createReadFile, { path: 'sub/secret.txt' }],
  ['list_files', createListFiles, { pattern: '**', path: 'sub' }],
  [
    'search_text',
    (files) => createSearchText(files, createTextSearch({ ripgrepPath: undefined, files })),
    { pattern: 'SECRET', path: 'sub' },
  ],
  [
    'write_file',
    (files) => createWriteFile({ files, memory: new TestMemory(), stateDir: '/state' }),
    { path: 'sub/new.txt', content: 'mine' },
    { path: 'sub/other.txt', content: 'mine' },
  ],
];

for (const [what, toolOf, input, calm = input] of raced)
  test(`hostile paths: a folder that becomes a link after it was checked is not followed by ${what}`, async (t) => {
    const scene = await play(t);
    const before = await contentOf(scene.twin);
    const context = contextIn(scene.root);
    assert.ok((await toolOf(createFiles()).run(calm, context)).ok, 'without the swap it succeeds');
    const result = await toolOf(swapping(scene)).run(input, context);
    assert.ok(!result.ok, JSON.stringify(result));
    assert.match(result.error.kind, /^(changed|outsideWorkspace)$/);
    assert.ok(!JSON.stringify(result).includes(secret));
    assert.equal(await contentOf(scene.twin), before);
  });

const agentPaths: readonly (readonly [request: Partial<SpawnRequest>, kind: string])[] = [
  [{ contextPaths: ['/etc/passwd'] }, 'outsideWorkspace'],
  [{ contextPaths: ['leaf'] }, 'outsideWorkspace'],
  [{ contextPaths: ['folder/secret.txt'] }, 'outsideWorkspace'],
  [{ contextPaths: ['file:///etc/passwd'] }, 'invalidInput'],
  [{ contextPaths: ['a.txt', '../x'] }, 'outsideWorkspace'],
  [{ contextPaths: ['/proc/self/environ'] }, 'outsideWorkspace'],
  [{ contextPaths: ['sub'] }, 'notRegularFile'],
  [{ saveFile: '../answer.md' }, 'outsideWorkspace'],
  [{ saveFile: '.git/hooks/post-checkout' }, 'refused'],
  [{ saveFile: '.vscode/tasks.json' }, 'refused'],
  [{ saveFile: 'dangling' }, 'outsideWorkspace'],
  [{ saveFile: 'x\0.md' }, 'invalidInput'],
  [{ deliverables: ['/tmp/x'] }, 'outsideWorkspace'],
  [{ deliverables: ['folder/new.md'] }, 'outsideWorkspace'],
  [{ deliverables: ['intoGit/x'] }, 'refused'],
  [{ deliverables: ['a.code-workspace'] }, 'refused'],
];

test('hostile paths: neither context, save file nor deliverable of an agent lies elsewhere', async (t) => {
  const { bench, root } = await play(t);
  const ports = {
    state: { agents: new Map() } as unknown as SessionState,
    tools: [bench.tool('write_file')],
    files: createFiles(),
    stateDir: '/state',
    limits: () => ({ depth: 2, agents: 10 }),
    defaultModel: () => 'model',
  };
  const caller = { permission: 'workspace-write', cwd: root, roots: [root] } as const;
  for (const [request, kind] of agentPaths) {
    const whole: SpawnRequest = { prompt: 'x', label: 'x', permission: 'workspace-write', ...request };
    const checked = await checkSpawn(whole, caller, ports);
    assert.equal(checked.ok ? 'ok' : checked.error.kind, kind, JSON.stringify([request, checked]));
  }
});

test('hostile paths: there are more than forty rows', () => {
  assert.ok(refusedPaths.length > 40 && protectedPaths.length > 40);
});
