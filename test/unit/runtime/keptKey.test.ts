/** The API key stands in no file of a session, also where a reply quotes it. */
import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentScripts, asksFor, says, spawns } from '../../fixtures/agentScripts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

test('an answer that quotes the API key is kept without it', async (t) => {
  const scripts = await agentScripts(t, {
    root: [asksFor(spawns('c1', 'kid')), says('Done.')],
    kid: [says('The key is test-key.')],
  });
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const runtime = testRuntime(t, stateDir, scripts.server.url, { clock: fastClock() });
  const about = { permission: 'read-only', cwd: folder, roots: [folder] } as const;
  await (
    await runtime.startAgent({ prompt: 'Lead root', ...about })
  ).ended;
  await runtime.dispose();
  for (const name of await readdir(stateDir, { recursive: true })) {
    const file = join(stateDir, name);
    if ((await stat(file)).isFile()) assert.ok(!(await readFile(file, 'utf8')).includes('test-key'), name);
  }
});
