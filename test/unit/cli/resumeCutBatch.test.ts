/** J1: `allsettled resume` of a batch that died while its calls were journalled. */
import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { batchExitCode } from '../../../src/cli/exitCodes.ts';
import { sealed } from '../../../src/store/journalLine.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { countOutcomes, type OutcomeCounts } from '../../../src/views/counts.ts';
import { accountOfCounts, assertAccounted } from '../../fixtures/crash/accounts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, jsonLines } from './cliProcess.ts';

const callCount = 9;

interface Cut {
  readonly folder: string;
  readonly sessionId: string;
  readonly isMarked: () => Promise<boolean>;
  readonly resume: (...args: readonly string[]) => ReturnType<typeof cli>;
}

/**
 * Leaves a batch of nine commands whose program died behind `lineCount` lines. `rewrite` returns the text
 * that an older program wrote instead.
 */
async function cutAfter(t: TestContext, lineCount: number, rewrite = (json: string) => json): Promise<Cut> {
  const folder = await temporaryFolder(t);
  const calls = Array.from({ length: callCount }, (_, index) => ({
    id: `n${index}`,
    tool: 'terminal',
    input: { command: `echo ${index} >> log.txt` },
  }));
  await writeFile(join(folder, 'k.batch.json'), JSON.stringify({ version: 1, calls }));
  const args = ['--permission', 'unlimited', '--state-dir', 'state'];
  assert.equal((await cli(folder, 'run', 'k.batch.json', ...args)).exitCode, 0);
  const [sessionId = ''] = await readdir(join(folder, 'state', 'sessions'));
  const journal = new SessionFolders(join(folder, 'state')).journal(sessionId);
  const lines = (await readFile(journal, 'utf8')).split('\n').slice(0, lineCount);
  const written = lines.map((line) => `${sealed(rewrite(line.replace(/,"crc":"\w+"\}$/, '}')))}\n`);
  await writeFile(journal, written.join(''));
  const mark = join(folder, 'state', 'sessions', sessionId, 'unresolved');
  await writeFile(mark, '');
  await writeFile(join(folder, 'log.txt'), '');
  const isMarked = (): Promise<boolean> =>
    stat(mark).then(
      () => true,
      () => false,
    );
  const resume = (...more: readonly string[]) =>
    cli(folder, 'resume', sessionId, '--state-dir', 'state', ...more);
  return { folder, sessionId, isMarked, resume };
}

test('J1: what is not on record is named, nothing runs, the exit code is 3, and the mark stays', async (t) => {
  const { folder, isMarked, resume } = await cutAfter(t, 3);
  for (let round = 1; round <= 2; round += 1) {
    const { exitCode, stdout, stderr } = await resume();
    assert.match(stdout, /0 of 9 succeeded, 1 unfinished, 8 not on record\n/);
    assert.match(stdout, /^8 of 9 calls were not on record; run the file again\./m);
    assert.match(stdout, /k\.batch\.json.*interrupted · 0 of 9 · 1 unfinished · 8 not on record/);
    assert.doesNotMatch(stderr, /Go on with it/);
    assert.deepEqual([exitCode, await isMarked()], [3, true]);
  }
  assert.equal(await readFile(join(folder, 'log.txt'), 'utf8'), '');
});

for (const lineCount of [1, 2, 6])
  test(`J1: the result counts all that was asked for: ${lineCount} lines`, async (t) => {
    const { isMarked, resume } = await cutAfter(t, lineCount);
    const { exitCode, stdout } = await resume('--json');
    const result = jsonLines(stdout).at(-1) as unknown as OutcomeCounts & {
      readonly calls: readonly unknown[];
    };
    const onRecord = Math.max(0, lineCount - 2);
    assert.deepEqual([result.total, result.missing, result.calls.length], [9, 9 - onRecord, onRecord]);
    assertAccounted(callCount, accountOfCounts(result), 'the result');
    assert.deepEqual([exitCode, await isMarked()], [3, true]);
  });

test('J1: a session of an older program that ends before its batch is not called whole', async (t) => {
  const { isMarked, resume } = await cutAfter(t, 1, (json) =>
    json.replace(/,"batch":\{[^}]*\{[^}]*\}[^}]*\}/, ''),
  );
  const { exitCode, stdout, stderr } = await resume();
  assert.match(stdout + stderr, /The calls of this batch were not on record; run it again\./);
  assert.deepEqual([exitCode, await isMarked()], [3, true]);
});

test('J1: a batch of an older program, which noted no number, is resumed as before', async (t) => {
  const { folder, resume } = await cutAfter(t, 4, (json) => json.replace(/,"callCount":9/, ''));
  const { exitCode, stdout } = await resume();
  assert.match(stdout, /2 of 2 succeeded/);
  assert.equal(exitCode, 0);
  assert.deepEqual((await readFile(join(folder, 'log.txt'), 'utf8')).trim().split('\n').sort(), ['0', '1']);
});

for (const status of ['succeeded', 'failed', 'cancelled'] as const)
  test(`J1: with calls that are not on record the exit code is 3, also beside one that ${status}`, () => {
    const counts = { ...countOutcomes([], { open: 0, missing: 1 }), total: 2, [status]: 1 };
    assert.equal(batchExitCode(counts, undefined), 3);
  });
