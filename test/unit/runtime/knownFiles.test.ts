/** What an agent knows of files, through a whole session: it goes with a renamed file and ends with a deleted one. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fold } from '../../../src/core/reduce.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { agentScripts, asksFor, newTexts, says } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

test('a renamed file stays known, a deleted one does not, and the journal tells the same', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const [a, b] = ['a.txt', 'b.txt'].map((name) => join(folder, name)) as [string, string];
  await writeFile(a, 'one\n');
  const writeB = { path: 'b.txt', content: 'two\n' };
  const scripts = await agentScripts(t, {
    root: [
      asksFor(['c1', 'read_file', { path: 'a.txt' }]),
      asksFor(['c2', 'rename_file', { from: 'a.txt', to: 'b.txt' }]),
      asksFor(['c3', 'write_file', writeB]),
      asksFor(['c4', 'delete_file', { path: 'b.txt' }]),
      async () => {
        await writeFile(b, 'two\n, of a person\n');
        return asksFor(['c5', 'write_file', writeB]);
      },
      says('Done.'),
    ],
  });
  const runtime = testRuntime(t, stateDir, scripts.server.url);
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const run = await runtime.startAgent({ prompt: 'Go root', ...about });
  assert.equal((await run.ended).status, 'completed');
  const told = scripts.requestsOf('root').map((body) => newTexts(body)[0]?.split('\n')[0]);
  assert.deepEqual(told.slice(2), [
    'Renamed a.txt to b.txt.',
    'Changed b.txt: 1 line added, 1 removed.',
    'Deleted b.txt: 1 line removed.',
    'failed: b.txt exists, and you have not read it: nothing was written. Read it first, then write it or use edit_file.',
  ]);
  assert.equal(await readFile(b, 'utf8'), 'two\n, of a person\n');
  await runtime.dispose();
  const folders = new SessionFolders(stateDir);
  const { events } = await readJournal(folders.journal(run.sessionId), folders.blobs(run.sessionId));
  assert.deepEqual([...(fold(events)?.agents.get(run.agentId)?.seenFiles.keys() ?? ['none'])], []);
});
