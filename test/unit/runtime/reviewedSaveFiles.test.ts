/** While edits are reviewed, an agent can't write through the answers of others: nobody could be shown what comes. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import type { Permission } from '../../../src/core/agents.ts';
import { agentScripts, asksFor, newTexts, says, spawns } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

async function play(t: TestContext, permission: Permission) {
  const tasks = [{ note: 'n', prompt: 'Do kid' }];
  const scripts = await agentScripts(t, {
    root: [
      asksFor(spawns('s', 'kid', { saveFile: 'one.txt' }), [
        'r',
        'run_agents',
        { tasks, saveFile: 'two.txt' },
      ]),
      says('Done.'),
    ],
    kid: [says('Mine.')],
  });
  const folder = await temporaryFolder(t);
  const settings = { ...testSettings(scripts.server.url), reviewsEdits: () => true };
  const runtime = testRuntime(t, await temporaryFolder(t), scripts.server.url, { settings });
  const { ended } = await runtime.startAgent({ prompt: 'Do root', permission, cwd: folder, roots: [folder] });
  await ended;
  return { files: (await readdir(folder)).toSorted(), results: newTexts(scripts.requestsOf('root')[1]) };
}

test('under workspace-write a save file is refused, with what to do instead', async (t) => {
  const { files, results } = await play(t, 'workspace-write');
  assert.deepEqual(files, []);
  for (const result of results) assert.match(result, /a person looks at each edit .*Leave saveFile out/s);
});

test('under unlimited it is written', async (t) => {
  const { files } = await play(t, 'unlimited');
  assert.deepEqual(files, ['one.txt', 'two.txt']);
});
