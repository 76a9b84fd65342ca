/** A session whose folder is deleted while it is at work: a write to a deleted file succeeds, and keeps nothing. */
import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { JournalWriter } from '../../../src/store/journalWriter.ts';
import { startCli } from '../cli/cliProcess.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

// Windows deletes no file that is open.
const posixOnly = { skip: process.platform === 'win32' };

async function openWriter(t: TestContext): Promise<{ writer: JournalWriter; folder: string }> {
  const folder = path.join(await temporaryFolder(t), 'session');
  await mkdir(path.join(folder, 'blobs'), { recursive: true });
  const writer = await JournalWriter.open(path.join(folder, 'journal.ndjson'), path.join(folder, 'blobs'));
  t.after(() => writer.close());
  return { writer, folder };
}

test('a durable line of a deleted journal is not called saved', posixOnly, async (t) => {
  const { writer, folder } = await openWriter(t);
  await writer.append('one', [], 'durable');
  await rm(folder, { recursive: true });
  await assert.rejects(writer.append('two', [], 'durable'), { code: 'ENOENT' });
});

test('nor is one that is written in the last moment of the program', posixOnly, async (t) => {
  const { writer, folder } = await openWriter(t);
  await rm(folder, { recursive: true });
  const written = writer.append('one', [], 'buffered');
  writer.flushNow();
  await assert.rejects(written, { code: 'ENOENT' });
});

test(
  'a run whose state folder is deleted says so, and calls nothing succeeded after that',
  posixOnly,
  async (t) => {
    const folder = await temporaryFolder(t);
    const command = 'until [ -e go ]; do sleep 0.05; done';
    const calls = [
      { id: 'first', tool: 'terminal', input: { command: 'true' } },
      { id: 'second', tool: 'terminal', input: { command }, after: ['first'] },
      { id: 'third', tool: 'terminal', input: { command: 'touch ran' }, after: ['second'] },
    ];
    await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls }));
    const args = ['x.batch.json', '--state-dir', 'st', '--permission', 'unlimited', '--json'];
    const run = startCli(folder, 'run', ...args);
    await run.untilPrinted('"callId":"second","attempt":1');
    // At once: a folder in which the run makes a file meanwhile can't be removed.
    await rename(path.join(folder, 'st'), path.join(folder, 'gone'));
    await rm(path.join(folder, 'gone'), { recursive: true });
    await writeFile(path.join(folder, 'go'), '');
    const { exitCode, stdout, stderr } = await run.ended;
    assert.equal(exitCode, 3);
    assert.match(stderr, /can't be saved any more, so it is stopped\. The folder of the session was deleted/);
    assert.doesNotMatch(stderr, /Go on with it/);
    const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.equal(result['succeeded'], 1);
  },
);
