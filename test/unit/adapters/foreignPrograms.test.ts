/** G1: no program is found in a workspace, and none that is started without a question is led into one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { findProgram } from '../../../src/adapters/node/findProgram.ts';
import { createPrograms } from '../../../src/adapters/node/programs.ts';
import { withEnvironment } from '../safety/hostileGitScene.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { makeRepository, plainGit, withHome } from '../tools/gitBench.ts';
import { toolBench, type ToolBench } from '../tools/toolBench.ts';

interface Scene {
  readonly bench: ToolBench;
  readonly root: string;
  readonly outside: string;
  /** A program that leaves a mark and then does what the named one does. */
  readonly plant: (file: string, as?: string) => Promise<void>;
  /** Lists the programs that have run, by the paths at which they were planted. */
  readonly ran: () => Promise<readonly string[]>;
}

async function scene(t: TestContext): Promise<Scene> {
  await withHome(t);
  const bench = await toolBench(t);
  const marks = await temporaryFolder(t);
  const outside = await temporaryFolder(t);
  await makeRepository(bench.root);
  await mkdir(path.join(bench.root, 'bin'));
  return {
    bench,
    root: bench.root,
    outside,
    async plant(file, as) {
      await mkdir(path.dirname(file), { recursive: true });
      const rest =
        as === undefined ? '' : `PATH=${path.dirname(process.execPath)}:/usr/bin:/bin exec ${as} "$@"`;
      await writeFile(file, `#!/bin/sh\n: >'${marks}/'${path.basename(file)}\n${rest}\n`);
      await chmod(file, 0o755);
    },
    ran: () => readdir(marks),
  };
}

interface Way {
  readonly what: string;
  /** Makes the way and gives the PATH that leads along it; what it leads to is planted at `root/bin`. */
  readonly lay: (scene: Scene, name: string) => Promise<string>;
}

const ways: readonly Way[] = [
  { what: 'a folder of the workspace', lay: ({ root }) => Promise.resolve(`${root}/bin`) },
  {
    what: 'a folder of the workspace, spelled another way',
    lay: ({ root }) => Promise.resolve(`${root}/../${path.basename(root)}/./bin/`),
  },
  {
    what: 'the working directory by an empty and a relative entry',
    lay: async ({ root }, name) => {
      await cp(`${root}/bin/${name}`, `${root}/${name}`);
      return ['', '.', 'bin', './bin'].join(path.delimiter);
    },
  },
  {
    what: 'a link to a folder of the workspace',
    lay: async ({ root, outside }) => {
      await symlink(`${root}/bin`, `${outside}/bin`);
      return `${outside}/bin`;
    },
  },
  {
    what: 'a link to a program of the workspace',
    lay: async ({ root, outside }, name) => {
      await symlink(`${root}/bin/${name}`, `${outside}/${name}`);
      return outside;
    },
  },
  {
    what: 'a link through the workspace and out again',
    lay: async ({ root, outside }, name) => {
      await mkdir(`${outside}/other`);
      await cp(`${root}/bin/${name}`, `${outside}/other/${name}`);
      await symlink(`${outside}/other`, `${root}/through`);
      await symlink(`${root}/through`, `${outside}/bin`);
      return `${outside}/bin`;
    },
  },
  {
    what: 'a program of the workspace that is a link out',
    lay: async ({ root, outside }, name) => {
      await cp(`${root}/bin/${name}`, `${outside}/${name}`);
      await rm(`${root}/bin/${name}`);
      await symlink(`${outside}/${name}`, `${root}/bin/${name}`);
      await symlink(`${root}/bin`, `${outside}/bin`);
      return `${outside}/bin`;
    },
  },
  {
    what: 'the folder of a package’s programs',
    lay: async ({ root, outside }, name) => {
      await mkdir(`${outside}/node_modules/.bin`, { recursive: true });
      await cp(`${root}/bin/${name}`, `${outside}/node_modules/.bin/${name}`);
      return `${outside}/node_modules/.bin`;
    },
  },
];

const uses = [
  { program: 'rg', tool: 'search_text', input: { pattern: 'one' }, shows: /a\.txt:1: one/ },
  { program: 'git', tool: 'git', input: { args: ['log', '--format=%s'] }, shows: /first/ },
  { program: 'cat', tool: 'terminal', input: { command: 'cat a.txt' }, shows: /one/ },
  { program: 'bash', tool: 'terminal', input: { command: 'bash --version && cat a.txt' }, shows: /one/ },
] as const;

for (const { what, lay } of ways)
  test(`G1: by ${what}, no program is found in the workspace`, async (t) => {
    const played = await scene(t);
    const { bench, root, plant, ran } = played;
    const before = process.env.PATH ?? '';
    for (const { program, tool, input, shows } of uses) {
      for (const folder of [path.join(root, 'bin'), path.join(root, 'through'), played.outside])
        await rm(folder, { recursive: true, force: true });
      await mkdir(played.outside);
      await plant(path.join(root, 'bin', program), program);
      const PATH = [await lay(played, program), before].join(path.delimiter);
      await withEnvironment(t, { PATH, SHELL: path.join(root, 'bin', program) });
      const name = `${program}: ${await bench.text(tool, input, { permission: 'read-only' })}`;
      // A shell would take the first that it finds, so a command is then no reading one.
      if (!name.includes(': refused: ')) assert.match(name, shows);
      assert.deepEqual(await ran(), [], name);
      const found = await findProgram(program, process.env, [root]);
      assert.equal(found, await findProgram(program, { PATH: before }, [root]));
      await withEnvironment(t, { PATH: before });
    }
  });

test('G1: where there is no ripgrep but one of the workspace, files are searched one by one', async (t) => {
  const { bench, root, plant, ran } = await scene(t);
  await plant(path.join(root, 'bin/rg'), 'rg');
  await withEnvironment(t, { PATH: path.join(root, 'bin') });
  assert.match(await bench.text('search_text', { pattern: 'one' }), /^a\.txt:1: one\nb\.txt:1: one/);
  assert.deepEqual(await ran(), []);
});

test('G1: a program that git starts for the person’s own settings is not one of the workspace', async (t) => {
  const { bench, root, plant, ran } = await scene(t);
  await withHome(t, '[filter "big"]\n\tclean = big-files %f\n\trequired = true\n');
  await plant(path.join(root, 'bin/big-files'), 'cat');
  await writeFile(path.join(root, '.gitattributes'), '* filter=big\n');
  await writeFile(path.join(root, 'a.txt'), 'two\n');
  const PATH = [path.join(root, 'bin'), process.env.PATH].join(path.delimiter);
  await withEnvironment(t, { PATH });
  for (const args of [['status'], ['diff']]) await bench.text('git', { args });
  assert.deepEqual(await ran(), []);
  execFileSync('git', ['diff'], { cwd: root, stdio: 'ignore' });
  assert.deepEqual(await ran(), ['big-files'], 'git alone runs it, so that this can fail');
});

test('G1: no variable leads a program that is started without a question into the workspace', async (t) => {
  const { bench, root, outside, plant, ran } = await scene(t);
  await plant(path.join(root, 'bin/steered'));
  await writeFile(path.join(root, 'rgrc'), `--pre=${root}/bin/steered\n`);
  await mkdir(path.join(root, 'git-core'));
  await plant(path.join(root, 'git-core/git-log'));
  await mkdir(path.join(root, 'config/git'), { recursive: true });
  await writeFile(path.join(root, 'config/git/config'), `[filter "own"]\n\tclean = ${root}/bin/steered\n`);
  await writeFile(path.join(root, '.gitattributes'), '* filter=own\n');
  await writeFile(path.join(root, 'a.txt'), 'two one\n');
  await symlink(root, path.join(outside, 'link'));
  await rm(path.join(process.env.HOME ?? '', '.gitconfig'));
  const trace = path.join(root, 'trace');
  for (const at of [root, path.join(outside, 'link')]) {
    await withEnvironment(t, {
      RIPGREP_CONFIG_PATH: `${at}/rgrc`,
      GIT_EXEC_PATH: `${at}/git-core`,
      BASH_ENV: `${at}/bin/steered`,
      ENV: `${at}/bin/steered`,
      NODE_OPTIONS: `--require ${at}/bin/steered`,
      XDG_CONFIG_HOME: `${at}/config`,
      // The loader of musl and glibc writes what it does to a file of that name.
      LD_DEBUG: 'libs',
      LD_DEBUG_OUTPUT: `${at}/trace`,
    });
    assert.match(await bench.text('search_text', { pattern: 'one' }), /a\.txt:1: two one/);
    for (const args of [['status'], ['diff'], ['log']]) await bench.text('git', { args });
    assert.match(
      await bench.text('terminal', { command: 'cat a.txt' }, { permission: 'read-only' }),
      /two one/,
    );
    assert.deepEqual(await ran(), [], at);
    const names = await readdir(root);
    assert.deepEqual(
      names.filter((name) => name.startsWith(path.basename(trace))),
      [],
    );
  }
  execFileSync('git', ['diff'], { cwd: root, stdio: 'ignore' });
  assert.deepEqual(await ran(), ['steered'], 'git alone runs it, so that this can fail');
});

test('G1: to an agent in a worktree the workspace that it was made from is one, too', async (t) => {
  const { root, outside, plant } = await scene(t);
  const worktree = path.join(outside, 'worktree');
  plainGit(root, 'worktree', 'add', '-q', worktree);
  await plant(path.join(root, 'bin/rg'));
  const PATH = path.join(root, 'bin');
  assert.equal(await findProgram('rg', { PATH }, [worktree]), undefined);
  assert.equal(await createPrograms({ PATH }).searchPath(['rg'], [worktree]), undefined);
});
