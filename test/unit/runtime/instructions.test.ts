import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { readInstructions } from '../../../src/runtime/instructions.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const files = createFiles();

test('the instructions of a folder are those of AGENTS.md, else of CLAUDE.md, at most 64 kB of them', async (t) => {
  const root = await temporaryFolder(t);
  const place = { cwd: root, roots: [root] };
  assert.equal(await readInstructions(place, files), undefined);
  await writeFile(join(root, 'CLAUDE.md'), 'second');
  assert.equal(await readInstructions(place, files), 'second');
  execFileSync('mkfifo', [join(root, 'AGENTS.md')]);
  assert.equal(await readInstructions(place, files), 'second');
  await rm(join(root, 'AGENTS.md'));
  await writeFile(join(root, 'AGENTS.md'), 'x'.repeat(70_000));
  assert.equal((await readInstructions(place, files))?.length, 64_000);
});

test('a link that a repository brings along leads its instructions to no file outside of the workspace', async (t) => {
  const [root, outside] = [await temporaryFolder(t), await temporaryFolder(t)];
  await writeFile(join(outside, 'credentials'), 'secret');
  await mkdir(join(root, 'sub'));
  await writeFile(join(root, 'shared.md'), 'shared');
  const place = { cwd: join(root, 'sub'), roots: [root] };
  for (const [target, text] of [
    [join(outside, 'credentials'), undefined],
    ['/proc/self/environ', undefined],
    ['../shared.md', 'shared'],
  ] as const) {
    await rm(join(root, 'sub/AGENTS.md'), { force: true });
    await symlink(target, join(root, 'sub/AGENTS.md'));
    assert.equal(await readInstructions(place, files), text, target);
  }
});
