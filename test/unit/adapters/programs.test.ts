import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createPrograms } from '../../../src/adapters/node/programs.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

interface Machine {
  readonly folder: string;
  readonly root: string;
  /** The PATH on which the programs are found, with the machine's folder as M. */
  readonly search: (
    searchPath: readonly string[],
    ...names: readonly string[]
  ) => Promise<string | undefined>;
}

/** A workspace `root`, a folder `bin` with ls and cat, and an `ls` of the workspace's own. */
async function machine(t: TestContext): Promise<Machine> {
  const folder = await temporaryFolder(t);
  const root = path.join(folder, 'root');
  for (const file of [
    'bin/ls',
    'bin/cat',
    'root/ls',
    'root/node_modules/.bin/ls',
    'tools/node_modules/.bin/ls',
  ])
    await program(path.join(folder, file));
  return {
    folder,
    root,
    async search(searchPath, ...names) {
      const programs = createPrograms({ PATH: searchPath.join(path.delimiter) });
      return (await programs.searchPath(names, [root]))?.replaceAll(folder, 'M');
    },
  };
}

async function program(file: string, mode = 0o755): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, mode);
}

test('folders of PATH that are relative, empty or in the workspace are not searched', async (t) => {
  const { folder, root, search } = await machine(t);
  const bin = path.join(folder, 'bin');
  assert.equal(await search([bin], 'ls', 'cat'), 'M/bin');
  const hostile = ['', '.', 'node_modules/.bin', root, path.join(root, 'node_modules/.bin')];
  assert.equal(await search([...hostile, bin], 'ls'), 'M/bin');
  assert.equal(await search(hostile, 'ls'), undefined);
  assert.equal(await search([path.join(folder, 'tools/node_modules/.bin'), bin], 'ls'), 'M/bin');
});

test('a link counts as what it leads to: a folder of PATH as well as a program', async (t) => {
  const { folder, root, search } = await machine(t);
  await symlink(root, path.join(folder, 'linked'));
  assert.equal(await search([path.join(folder, 'linked'), path.join(folder, 'bin')], 'ls'), 'M/bin');
  await mkdir(path.join(folder, 'mixed'));
  await symlink(path.join(root, 'ls'), path.join(folder, 'mixed/ls'));
  assert.equal(await search([path.join(folder, 'mixed'), path.join(folder, 'bin')], 'ls'), undefined);
});

test('a launcher that runs what the working directory asks for is not trusted', async (t) => {
  const { folder, search } = await machine(t);
  for (const name of ['.asdf/shims', '.pyenv/shims', '.volta/bin', 'mise/shims']) {
    await program(path.join(folder, name, 'node'));
    assert.equal(await search([path.join(folder, name)], 'node'), undefined, name);
  }
  await program(path.join(folder, 'lib/corepack/dist/npm.js'));
  await symlink(path.join(folder, 'lib/corepack/dist/npm.js'), path.join(folder, 'bin/npm'));
  assert.equal(await search([path.join(folder, 'bin')], 'npm'), undefined);
});

test('a folder that anybody may write to is not searched', async (t) => {
  const { folder, search } = await machine(t);
  await program(path.join(folder, 'open/ls'));
  await chmod(path.join(folder, 'open'), 0o777);
  assert.equal(await search([path.join(folder, 'open'), path.join(folder, 'bin')], 'ls'), 'M/bin');
});

test('one program that is not there is enough, and what is no program does not count', async (t) => {
  const { folder, search } = await machine(t);
  const bin = path.join(folder, 'bin');
  await program(path.join(bin, 'plain'), 0o644);
  await mkdir(path.join(bin, 'rg'));
  assert.equal(await search([bin], 'ls', 'jq'), undefined);
  assert.equal(await search([bin], 'plain'), undefined);
  assert.equal(await search([bin], 'rg'), undefined);
  assert.equal(await search(['/missing', bin], 'ls'), 'M/bin');
});

test('to an agent in a worktree, the workspace that it was made from is no place for programs', async (t) => {
  const { folder, root, search } = await machine(t);
  await program(path.join(folder, 'main/tools/ls'));
  await mkdir(path.join(folder, 'main/.git/worktrees/one'), { recursive: true });
  const tools = path.join(folder, 'main/tools');
  assert.equal(await search([tools], 'ls'), 'M/main/tools');
  await writeFile(path.join(root, '.git'), `gitdir: ${folder}/main/.git/worktrees/one\n`);
  assert.equal(await search([tools], 'ls'), undefined);
  assert.equal(await search([tools, path.join(folder, 'bin')], 'ls'), 'M/bin');
});
