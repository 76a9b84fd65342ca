/** The past sessions that a terminal keeps. */
import assert from 'node:assert/strict';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, jsonLines } from './cliProcess.ts';

const dayMs = 24 * 60 * 60 * 1000;

async function folderOf(t: TestContext) {
  const folder = await temporaryFolder(t);
  const sessions = join(folder, 'state', 'sessions');
  const calls = [{ id: 'a', tool: 'list_files', input: { pattern: '*' } }];
  await writeFile(join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls }));
  return {
    folder,
    left: () => readdir(sessions),
    run: async (): Promise<string> => {
      const { stdout, exitCode } = await cli(folder, 'run', 'x.batch.json', '--json', '--state-dir', 'state');
      assert.equal(exitCode, 0);
      return String(jsonLines(stdout).at(-1)?.['sessionId']);
    },
    age: async (id: string, days: number): Promise<void> => {
      const at = (Date.now() - days * dayMs) / 1000;
      await utimes(join(sessions, id, 'journal.ndjson'), at, at);
    },
    mark: (id: string) => writeFile(join(sessions, id, 'unresolved'), ''),
  };
}

test('a command in a terminal deletes what is kept too long, and nothing that is open or has no last word', async (t) => {
  const { folder, run, age, mark, left } = await folderOf(t);
  const [old, young, unresolved, open] = [await run(), await run(), await run(), await run()];
  for (const id of [old, unresolved, open]) await age(id, 31);
  await age(young, 29);
  await mark(unresolved);
  const owner = join(folder, 'state', 'sessions', open, 'owners', '9');
  await writeFile(owner, JSON.stringify({ pid: process.pid }));
  const last = await run();
  assert.deepEqual((await left()).sort(), [young, unresolved, open, last].sort());
});

test('in a terminal a clock that jumped ahead since the last start deletes nothing', async (t) => {
  const { folder, run, age, left } = await folderOf(t);
  const first = await run();
  await age(first, 31);
  await writeFile(join(folder, 'state', 'last-start'), String(Date.now() - 31 * dayMs));
  const second = await run();
  assert.deepEqual((await left()).sort(), [first, second].sort());
});
