/** What the settings allow by now binds a container and those that it starts, as it binds any other call. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { agentScripts, asksFor, newTexts, says } from '../../fixtures/agentScripts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime, testSettings } from './testRuntime.ts';

test('where the settings were narrowed, no container writes and no child gets more', async (t) => {
  const kid = { label: 'kid', prompt: 'Do kid' };
  const scripts = await agentScripts(t, {
    root: [
      says('Hello.'),
      asksFor(
        ['s', 'spawn_agent', { ...kid, saveFile: 'saved.txt' }],
        ['r', 'run_agents', { tasks: [{ note: 'n', prompt: 'Do kid' }], saveFile: 'saved2.txt' }],
        ['w', 'spawn_agent', { ...kid, permission: 'workspace-write' }],
      ),
      says('Done.'),
    ],
    kid: [says('Written.')],
  });
  const folder = await temporaryFolder(t);
  let permission: 'workspace-write' | 'read-only' = 'workspace-write';
  const settings = { ...testSettings(scripts.server.url), permission: () => permission };
  const stateDir = await temporaryFolder(t);
  const runtime = testRuntime(t, stateDir, scripts.server.url, { clock: fastClock(), settings });
  const about = { permission, cwd: folder, roots: [folder] };
  const run = await runtime.startAgent({ prompt: 'Lead root', ...about });
  await run.ended;
  permission = 'read-only';
  await (
    await runtime.followUp(run.sessionId, 'agent-1', 'Again.')
  ).ended;
  assert.deepEqual(await readdir(folder), []);
  const results = newTexts(scripts.requestsOf('root')[2]);
  assert.match(results[0] ?? '', /saveFile: your permission read-only does not allow writing saved\.txt/);
  assert.match(results[1] ?? '', /Your permission read-only does not allow writing saved2\.txt/);
  assert.match(results[2] ?? '', /The permission workspace-write is wider than yours, read-only/);
  assert.equal(runtime.session(run.sessionId)?.agents.size, 1);
});
