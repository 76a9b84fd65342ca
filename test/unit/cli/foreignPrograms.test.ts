/** G1: the whole program, started with folders of the workspace on its PATH. */
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { CallRecord } from '../../../src/core/calls.ts';
import { withEnvironment } from '../safety/hostileGitScene.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { makeRepository } from '../tools/gitBench.ts';
import { cli, jsonLines } from './cliProcess.ts';

test('G1: under read-only no program of an activated environment of the workspace runs', async (t) => {
  const folder = await temporaryFolder(t);
  const marks = await temporaryFolder(t);
  await makeRepository(folder);
  await mkdir(path.join(folder, '.venv/bin'), { recursive: true });
  for (const name of ['rg', 'git', 'cat', 'bash', 'sh', 'node', 'bwrap', 'socat'])
    await writeFile(
      path.join(folder, '.venv/bin', name),
      `#!/bin/sh\n: >'${marks}/${name}'\nexec /usr/bin/${name} "$@"\n`,
      { mode: 0o755 },
    );
  const calls = [
    { id: 'a', tool: 'search_text', input: { pattern: 'one' } },
    { id: 'b', tool: 'git', input: { args: ['status'] } },
    { id: 'c', tool: 'terminal', input: { command: 'cat a.txt' } },
  ];
  await writeFile(path.join(folder, 'b.batch.json'), JSON.stringify({ version: 1, calls }));
  const bin = path.join(folder, '.venv/bin');
  await withEnvironment(t, {
    PATH: [bin, process.env.PATH].join(path.delimiter),
    SHELL: path.join(bin, 'bash'),
  });
  const { stdout } = await cli(folder, 'run', 'b.batch.json', '--json', '--permission', 'read-only');
  const records = jsonLines(stdout).at(-1)?.['calls'] as readonly CallRecord[];
  assert.deepEqual(
    records.map(({ id, status }) => `${id} ${status}`),
    ['a succeeded', 'b succeeded', 'c succeeded'],
  );
  assert.deepEqual(await readdir(marks), []);
});
