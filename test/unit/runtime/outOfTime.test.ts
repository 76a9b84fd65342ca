/** Work that ends because its time is up is interrupted, not cancelled: no person stopped it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { agentScripts, asksFor, says, spawns } from '../../fixtures/agentScripts.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

/** Settles when the call has started. */
function started(runtime: Runtime, callId: string): Promise<void> {
  return new Promise((resolve) => {
    runtime.onEvent((event) => event.type === 'call.started' && event.callId === callId && resolve());
  });
}

const sleep = { command: 'exec sleep 600' };

test('X2: an agent whose time is up leaves its running call interrupted, and its resume runs what had not started', async (t) => {
  const after = ['t', 'write_file', { path: 'later.txt', content: 'x' }] as const;
  const scripts = await agentScripts(t, {
    root: [asksFor(spawns('s', 'kid', { permission: 'unlimited', budget: { wallMs: 5000 } })), says('Done.')],
    kid: [asksFor(['r', 'terminal', sleep], after), says('Kid.')],
  });
  const [folder, stateDir] = [await temporaryFolder(t), await temporaryFolder(t)];
  const clock = new TestClock();
  const runtime = testRuntime(t, stateDir, scripts.server.url, { clock });
  const sleeps = started(runtime, 'r');
  const about = { permission: 'unlimited', cwd: folder, roots: [folder] } as const;
  const { sessionId, ended } = await runtime.startAgent({ prompt: 'Lead root', ...about });
  await sleeps;
  clock.advance(5000);
  assert.equal((await ended).status, 'completed');
  const { agents, calls } = runtime.session(sessionId) ?? assert.fail();
  const kid = agents.get('agent-2')?.runs.at(-1)?.state;
  assert.deepEqual(
    [kid?.status, kid && 'terminationReason' in kid && kid.terminationReason],
    ['interrupted', 'wallTime'],
  );
  assert.deepEqual([calls.get('r')?.state.status, calls.get('t')?.state.status], ['interrupted', 'blocked']);
  await (
    await runtime.resume(sessionId, 'agent-2')
  ).settled;
  assert.equal(calls.get('t')?.state.status, 'succeeded');
});

test('X2: an agent whose call has a deadline is interrupted by it, and so is one that it awaits', async (t) => {
  const scripts = await agentScripts(t, {
    kid: [asksFor(spawns('k', 'low', { permission: 'unlimited' })), says('Kid.')],
    low: [asksFor(['r', 'terminal', sleep]), says('Low.')],
  });
  const [folder, stateDir] = [await temporaryFolder(t), await temporaryFolder(t)];
  const clock = new TestClock();
  const runtime = testRuntime(t, stateDir, scripts.server.url, { clock });
  const sleeps = started(runtime, 'r');
  const input = { prompt: 'Do kid', label: 'kid', permission: 'unlimited' };
  const calls = [{ id: 's', tool: 'spawn_agent', timeoutMs: 5000, input }];
  const about = { permission: 'unlimited', cwd: folder, roots: [folder] } as const;
  const { sessionId, settled } = await runtime.runBatch({ batch: { version: 1, calls }, ...about });
  await sleeps;
  clock.advance(5000);
  assert.equal((await settled)[0]?.status, 'timedOut');
  const state = runtime.session(sessionId) ?? assert.fail();
  const endings = [...state.agents.values()].map(({ runs }) => runs.at(-1)?.state.status);
  assert.deepEqual(endings, ['interrupted', 'interrupted']);
  assert.equal(state.calls.get('r')?.state.status, 'interrupted');
});
