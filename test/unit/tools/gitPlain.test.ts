import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { disk } from '../../../src/adapters/node/disk.ts';
import { createFiles, type UnsavedTexts } from '../../../src/adapters/node/files.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import type { Place, ToolResult } from '../../../src/core/tools.ts';
import { findPlainRepository, isPlainConfig } from '../../../src/safety/gitPlain.ts';
import { createGit } from '../../../src/tools/git.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

function plainGit(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
  const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const;
  return execFileSync('git', [...identity, '-c', 'commit.gpgSign=false', ...args], options);
}

async function makeRepository(folder: string): Promise<void> {
  plainGit(folder, 'init', '-q', '-b', 'main');
  await writeFile(path.join(folder, 'a.txt'), 'one\n');
  plainGit(folder, 'add', '.');
  plainGit(folder, 'commit', '-q', '-m', 'first');
}

interface GitBench {
  readonly root: string;
  readonly config: string;
  /** A program that leaves a mark, and a config that names it as a filter. */
  readonly program: string;
  readonly filter: string;
  hasRun(): Promise<boolean>;
  /** Makes git compare the file by its content: it changes and keeps its size. */
  touch(folder?: string): Promise<void>;
  run(args: readonly string[], place?: Place): Promise<ToolResult>;
  /** How many processes the runs started. */
  processes(): number;
}

async function repository(t: TestContext, overlay?: UnsavedTexts): Promise<GitBench> {
  const root = await temporaryFolder(t);
  const marks = await temporaryFolder(t);
  await makeRepository(root);
  await writeFile(path.join(root, '.gitattributes'), '* filter=own\n');
  const program = path.join(await temporaryFolder(t), 'program');
  await writeFile(program, `#!/bin/sh\ntouch '${path.join(marks, 'ran')}'\ncat\n`);
  await chmod(program, 0o755);
  const real = createProcesses({ clock: nodeClock });
  let processes = 0;
  const counted = {
    ...real,
    run: (spec: Parameters<typeof real.run>[0]) => {
      processes += 1;
      return real.run(spec);
    },
  };
  const tool = createGit(createFiles(overlay), counted, { disk });
  return {
    root,
    config: path.join(root, '.git', 'config'),
    program,
    filter: `[filter "own"]\n\tclean = ${program}\n`,
    hasRun: async () => (await readdir(marks)).length > 0,
    touch: (folder = root) => writeFile(path.join(folder, 'a.txt'), 'two\n'),
    run: (args, place = { cwd: root, roots: [root] }) =>
      tool.run(
        { args },
        {
          ...{ sessionId: 'session', callId: 'call', permission: 'unlimited', ...place },
          ...{ outputFile: path.join(marks, '..', 'unused'), signal: new AbortController().signal },
          ...{ runCalls: () => Promise.reject(new Error('no container')), show: () => undefined },
        },
      ),
    processes: () => processes,
  };
}

test('a plain repository costs one process, from its top, from a folder in it and in a worktree', async (t) => {
  const bench = await repository(t);
  await mkdir(path.join(bench.root, 'sub'));
  plainGit(bench.root, 'branch', 'feature/filter-and-include');
  await appendFile(
    bench.config,
    '[branch "feature/filter-and-include"]\n\tremote = origin\n\tmerge = refs/heads/feature/filter\n',
  );
  const linked = path.join(bench.root, 'linked');
  plainGit(bench.root, 'worktree', 'add', '-q', '-b', 'side', linked);
  for (const cwd of [bench.root, path.join(bench.root, 'sub'), linked]) {
    const before = bench.processes();
    const result = await bench.run(['status', '--short'], { cwd, roots: [bench.root] });
    assert.equal(result.ok, true, cwd);
    assert.equal(bench.processes() - before, 1, cwd);
  }
});

type Setting = readonly [name: string, set: (bench: GitBench, outside: string) => Promise<void>];

function appending(name: string, textOf: (bench: GitBench, outside: string) => string): Setting {
  return [name, (bench, outside) => appendFile(bench.config, textOf(bench, outside))];
}

async function withFilterFile(bench: GitBench, outside: string): Promise<string> {
  const file = path.join(outside, 'more');
  await writeFile(file, bench.filter);
  return file;
}

/** Each makes git itself run the filter, which a test below proves. */
const hostile: readonly Setting[] = [
  appending('a filter', ({ filter }) => filter),
  appending('upper case', ({ program }) => `[FILTER "own"]\n\tCLEAN = ${program}\n`),
  appending('the old form of a subsection', ({ program }) => `[Filter.own]\nclean = ${program}\n`),
  appending('key and section on one line', ({ program }) => `[filter "own"] clean = ${program}\n`),
  appending('behind a branch on its line', ({ program }) => `[branch "x"][filter "own"]clean=${program}\n`),
  appending('a continued value', ({ program }) => `[filter "own"]\n\tclean = \\\n${program}\n`),
  appending('after a continued value', ({ filter }) => `[x]\n\ty = \\\n\\\n\n${filter}`),
  appending('after a comment', ({ filter }) => `[x] # [y "\\\n; \\\n${filter}`),
  appending('an escaped subsection', ({ program }) => `[filter "o\\wn"]\n\tclean = ${program}\n`),
  appending('lines that end as on Windows', ({ filter }) => filter.replaceAll('\n', '\r\n')),
  appending('after other separators of lines', ({ filter }) => `[x]\n\turl = \u2028\u0085\v\n${filter}`),
  [
    'a byte order mark',
    async ({ config, filter }) => writeFile(config, `\uFEFF${filter}${await readFile(config, 'utf8')}`),
  ],
  [
    'bytes that are no text',
    async ({ config, filter }) =>
      appendFile(config, Buffer.concat([Buffer.from([0x23, 0xe2, 10]), Buffer.from(filter)])),
  ],
  ['a long config', ({ config, filter }) => appendFile(config, `${'# a comment\n'.repeat(30_000)}${filter}`)],
  [
    'include',
    async (bench, outside) =>
      appendFile(bench.config, `[include]\n\tpath = ${await withFilterFile(bench, outside)}\n`),
  ],
  [
    'includeIf',
    async (bench, outside) =>
      appendFile(bench.config, `[IncludeIf "gitdir:**"]\n\tpath = ${await withFilterFile(bench, outside)}\n`),
  ],
  [
    'config.worktree',
    async ({ root, config, filter }) => {
      await appendFile(config, '[Extensions]\n\tWorktreeConfig\n');
      await writeFile(path.join(root, '.git', 'config.worktree'), filter);
    },
  ],
  [
    'a commondir that leads elsewhere in the workspace',
    async ({ root, filter }) => {
      const other = path.join(root, 'other');
      await mkdir(other);
      await makeRepository(other);
      await appendFile(path.join(other, '.git', 'config'), filter);
      await writeFile(path.join(root, '.git', 'commondir'), '../other/.git\n');
    },
  ],
];

for (const [name, set] of hostile) {
  test(`a filter is not run: ${name}`, async (t) => {
    const bench = await repository(t);
    await set(bench, await temporaryFolder(t));
    await bench.touch();
    await bench.run(['status']);
    assert.equal(await bench.hasRun(), false);
    plainGit(bench.root, 'status');
    assert.equal(await bench.hasRun(), true, 'git alone would have run it');
  });
}

test('what git does not take for a setting does not make it run either', async (t) => {
  const bench = await repository(t);
  const split = ['[fil\\\nter "own"]', '[filter # x\n"own"]', '[filter "ow\\\nn"]', '[fi"l"ter "own"]'];
  const before = await readFile(bench.config, 'utf8');
  for (const header of split) {
    await writeFile(bench.config, `${before}${header}\n\tclean = ${bench.program}\n`);
    await bench.touch();
    await bench.run(['status']);
    assert.equal(await bench.hasRun(), false, header);
  }
});

test('a repository around a broken one is not used in its place', async (t) => {
  const bench = await repository(t);
  await appendFile(bench.config, bench.filter);
  const inner = path.join(bench.root, 'inner');
  await mkdir(inner);
  await makeRepository(inner);
  await bench.touch(inner);
  const head = path.join(inner, '.git', 'HEAD');
  // Its content is right, but git does not take a link for a HEAD.
  await writeFile(path.join(inner, '.git', 'other'), 'ref: refs/heads/main\n');
  await rm(head);
  await symlink('other', head);
  const result = await bench.run(['status'], { cwd: inner, roots: [bench.root] });
  assert.equal(result.ok, false);
  assert.equal(await bench.hasRun(), false);
});

test('a bare repository in a folder of the working tree is refused, also one whose HEAD leads nowhere', async (t) => {
  const bench = await repository(t);
  const bare = path.join(bench.root, 'bare');
  await mkdir(bare);
  plainGit(bare, 'init', '-q', '--bare');
  await appendFile(path.join(bare, 'config'), bench.filter);
  const place = { cwd: bare, roots: [bench.root] };
  for (const target of [undefined, 'refs/heads/nothing']) {
    if (target !== undefined) {
      await rm(path.join(bare, 'HEAD'));
      await symlink(target, path.join(bare, 'HEAD'));
    }
    assert.equal((await bench.run(['status'], place)).ok, false, target);
    // A git that does not know safe.bareRepository depends on this alone.
    assert.equal(await findPlainRepository(bare, createFiles()), undefined, target);
  }
});

test('what an editor shows of a config does not count', async (t) => {
  const plain = '[core]\n\trepositoryformatversion = 0\n\tbare = false\n';
  const bench = await repository(t, {
    unsavedText: (file) => (file.endsWith(path.join('.git', 'config')) ? plain : undefined),
  });
  await appendFile(bench.config, bench.filter);
  await bench.touch();
  await bench.run(['status']);
  assert.equal(await bench.hasRun(), false);
});

test('a nested repository with a filter of its own does not make it run', async (t) => {
  const bench = await repository(t);
  const nested = path.join(bench.root, 'nested');
  await mkdir(nested);
  await makeRepository(nested);
  await appendFile(path.join(nested, '.git', 'config'), bench.filter);
  await writeFile(path.join(nested, '.gitattributes'), '* filter=own\n');
  plainGit(bench.root, 'add', 'nested');
  await bench.touch(nested);
  for (const args of [['status'], ['diff'], ['ls-files', '-m']]) await bench.run(args);
  assert.equal(await bench.hasRun(), false);
});

test('a filter of the user’s own config stays, because without it git would report files as changed', async (t) => {
  const bench = await repository(t);
  const home = await temporaryFolder(t);
  await writeFile(path.join(home, '.gitconfig'), bench.filter);
  const before = process.env.HOME;
  t.after(() => {
    if (before === undefined) delete process.env.HOME;
    else process.env.HOME = before;
  });
  process.env.HOME = home;
  await bench.touch();
  assert.equal((await bench.run(['status'])).ok, true);
  assert.equal(await bench.hasRun(), true);
});

test('calls that ask at the same time share looks, and each sees what was there when it asked', async (t) => {
  const bench = await repository(t);
  await bench.touch();
  const first = bench.run(['status']);
  await appendFile(bench.config, bench.filter);
  const later = Array.from({ length: 5 }, () => bench.run(['status']));
  const results = await Promise.allSettled([first, ...later]);
  assert.ok(results.every((result) => result.status === 'fulfilled' && result.value.ok));
  // The first may have been looked at before the filter came, and git run after; the later ones switch it off.
  assert.equal(bench.processes() >= 5 * 3 + 1, true);
});

test('a config is plain only where nothing in it can lead git elsewhere', () => {
  const core = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n';
  const remote =
    '[remote "include"]\n\turl = https://example.invalid/filter.git\n\tfetch = +refs/*:refs/mailmap/*\n';
  for (const text of [core, core.replaceAll('\n', '\r\n'), core + remote, `${core}[user]\n\tname = X\n`])
    assert.equal(isPlainConfig(text), true, text);
  const settings = [
    ...['[core] worktree = /', '[core]\nexcludesFile=/x', '[core]\nattributesfile=/x', '[Core]\nbare = true'],
    ...[
      '[core]\nbare',
      '[blame]\nignoreRevsFile = x',
      '[mailmap]\n\tfile = /x',
      '[extensions]\nworktreeconfig',
    ],
    ...['[merge "x"]\n\tdriver = y', '[hook "x"]\n\tcommand = y', '[Hook.x]\nevent = z'],
    ...['[remote "x"] filter = y', 'url = "[filter "x"]', 'merge = \\\n[filter "x"]', '[include]'],
  ];
  for (const setting of settings) assert.equal(isPlainConfig(core + setting), false, setting);
  assert.equal(isPlainConfig(''), false);
});
