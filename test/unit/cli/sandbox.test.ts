/** The sandbox from the flag to the outcome; where this machine has none, the refusal. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { CallRecord } from '../../../src/core/calls.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, jsonLines } from './cliProcess.ts';

test('with the sandbox required, a read-only batch runs any command confined, or none', async (t) => {
  const folder = await temporaryFolder(t);
  const command = 'echo x >made; echo "$HOME" >"$TMPDIR/t" && echo ran';
  const calls = [{ id: 'a', tool: 'terminal', input: { command } }];
  await writeFile(path.join(folder, 'a.batch.json'), JSON.stringify({ version: 1, calls }));
  const { stdout, stderr, exitCode } = await cli(
    folder,
    'run',
    'a.batch.json',
    '--json',
    '--sandbox',
    'required',
  );
  const [record] = jsonLines(stdout).at(-1)?.['calls'] as readonly CallRecord[];
  if (record?.status === 'succeeded') {
    assert.equal(stderr, '');
    assert.equal(record.output?.confined, true);
    assert.equal(record.output.stdout, 'ran\n');
    assert.match(record.output.stderr ?? '', /made: Read-only file system/);
    assert.equal(exitCode, 0);
  } else {
    assert.match(stderr, /^allsettled: commands can't be confined\. \S.*\n$/);
    assert.match(record?.error?.message ?? '', /the sandbox is "required"/);
    assert.equal(exitCode, 1);
  }
  assert.ok(!(await readdir(folder)).includes('made'));
});

for (const count of [2, 3, 8, 16])
  test(`S1: a batch of ${count} confined commands writes no .git and no .vscode, and leaves none`, async (t) => {
    const folder = await temporaryFolder(t);
    const command =
      'sleep 0.5; mkdir -p .git/hooks; echo x > .git/hooks/post-checkout; mkdir .vscode; echo {} > .vscode/settings.json; echo end';
    const calls = Array.from({ length: count }, (_, index) => ({
      id: `a${index}`,
      tool: 'terminal',
      input: { command },
    }));
    await writeFile(path.join(folder, 'b.batch.json'), JSON.stringify({ version: 1, calls }));
    const permission = ['--permission', 'workspace-write', '--sandbox', 'required'];
    const { stdout } = await cli(folder, 'run', 'b.batch.json', '--json', ...permission);
    const records = jsonLines(stdout).at(-1)?.['calls'] as readonly CallRecord[];
    const kinds = records.map(({ error }) => error?.kind);
    if (!kinds.includes('refused'))
      assert.deepEqual(
        records.map(({ output }) => output?.stdout),
        records.map(() => 'end\n'),
      );
    assert.deepEqual((await readdir(folder)).sort(), ['b.batch.json', 'data']);
  });
