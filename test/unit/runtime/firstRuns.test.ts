/** An agent is created for something: what that is outlives a host that dies before the first run is queued. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { agentScripts, allTexts, asksFor, newTexts, says, spawns } from '../../fixtures/agentScripts.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

/** A session of a root and a background sub-agent, whose journal ends with the creation of one of them. */
async function cutBehindCreation(
  t: TestContext,
  agentId: string,
  secondLife: Parameters<typeof agentScripts>[1],
): Promise<{ runtime: Runtime; sessionId: string; scripts: Awaited<ReturnType<typeof agentScripts>> }> {
  const before = await agentScripts(t, {
    root: [asksFor(spawns('c1', 'kid', { background: true })), says('I wait.'), says('Done.')],
    kid: [says('Kid.')],
  });
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const clock = fastClock();
  const first = testRuntime(t, stateDir, before.server.url, { clock });
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const { sessionId, ended } = await first.startAgent({ prompt: 'Lead root', ...about });
  await ended;
  await first.dispose();
  await before.server.close();
  const journal = new SessionFolders(stateDir).journal(sessionId);
  const left = new SessionFolders(await temporaryFolder(t)).journal(sessionId);
  await cp(join(dirname(journal), 'blobs'), join(dirname(left), 'blobs'), { recursive: true });
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as SessionEvent);
  const created = events.findIndex((event) => event.type === 'agent.created' && event.agentId === agentId);
  await writeFile(left, `${lines.slice(0, created + 1).join('\n')}\n`);
  // At the same address: a session goes on nowhere else.
  const scripts = await agentScripts(t, secondLife, { port: Number(new URL(before.server.url).port) });
  const runtime = testRuntime(t, dirname(dirname(dirname(left))), scripts.server.url, { clock });
  return { runtime, sessionId, scripts };
}

test('an agent whose host died right behind its creation is interrupted, and resumed with its prompt', async (t) => {
  const { runtime, sessionId, scripts } = await cutBehindCreation(t, 'agent-1', { root: [says('Done.')] });
  const state = await runtime.openSession(sessionId);
  const [queued] = state.agents.get('agent-1')?.runs ?? [];
  assert.equal(queued?.prompt, 'Lead root');
  assert.equal(queued.state.status, 'interrupted');
  await (
    await runtime.resume(sessionId)
  ).settled;
  assert.equal(allTexts(scripts.requestsOf('root')[0])[0]?.trim(), 'Lead root');
  assert.equal(state.agents.get('agent-1')?.runs.at(-1)?.state.status, 'completed');
});

test('a sub-agent whose host died right behind its creation is taken up by its call, and reports once', async (t) => {
  const { runtime, sessionId, scripts } = await cutBehindCreation(t, 'agent-2', {
    root: [says('I wait.'), says('Done.')],
    kid: [says('Kid.')],
  });
  const state = await runtime.openSession(sessionId);
  await (
    await runtime.resume(sessionId)
  ).settled;
  assert.equal(allTexts(scripts.requestsOf('kid')[0])[0]?.trim(), 'Do kid');
  assert.equal(state.agents.size, 2);
  assert.deepEqual(
    state.agents.get('agent-2')?.runs.map((run) => run.state.status),
    ['completed'],
  );
  const texts = scripts.requestsOf('root').flatMap((request) => newTexts(request));
  assert.equal(texts.join('\n').match(/<status>completed<\/status>/g)?.length, 1);
});
