/** An agent is created for something: what that is outlives a host that dies before the first run is queued. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { agentScripts, allTexts, asksFor, newTexts, says, spawns } from '../../fixtures/agentScripts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

test('an agent whose host died right behind its creation is told of as interrupted, and resumed with its prompt', async (t) => {
  const before = await agentScripts(t, {
    root: [asksFor(spawns('c1', 'kid', { background: true })), says('I wait.'), says('Done.')],
    kid: [says('Kid.')],
  });
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const clock = fastClock();
  const first = testRuntime(t, stateDir, before.server.url, { clock });
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const run = await first.startAgent({ prompt: 'Lead root', ...about });
  await run.ended;
  await first.dispose();
  const journal = new SessionFolders(stateDir).journal(run.sessionId);
  const left = new SessionFolders(await temporaryFolder(t)).journal(run.sessionId);
  await cp(join(dirname(journal), 'blobs'), join(dirname(left), 'blobs'), { recursive: true });
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as SessionEvent);
  const created = events.findIndex((event) => event.type === 'agent.created' && event.agentId === 'agent-2');
  await writeFile(
    left,
    lines
      .slice(0, created + 1)
      .map((line) => `${line}\n`)
      .join(''),
  );

  const scripts = await agentScripts(t, {
    root: [asksFor(['c2', 'resume_agent', { agentId: 'agent-2' }]), says('I wait.'), says('Done.')],
    kid: [says('Kid.')],
  });
  const next = testRuntime(t, dirname(dirname(dirname(left))), scripts.server.url, { clock });
  const state = await next.openSession(run.sessionId);
  const [queued] = state.agents.get('agent-2')?.runs ?? [];
  assert.equal(queued?.prompt, 'Do kid');
  assert.equal(queued.state.status, 'interrupted');
  await (
    await next.resume(run.sessionId)
  ).settled;
  const [told = ''] = newTexts(scripts.requestsOf('root')[0]).slice(1);
  assert.match(told, /<task-id>agent-2<\/task-id>[^]*<status>interrupted<\/status>/);
  assert.equal(allTexts(scripts.requestsOf('kid')[0])[0]?.trim(), 'Do kid');
  assert.equal(state.agents.get('agent-2')?.runs.at(-1)?.state.status, 'completed');
});
