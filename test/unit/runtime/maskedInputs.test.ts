/**
 * An input that held the API key is masked on disk. A later life does not run the masked input in its place,
 * and says so.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import type { ApprovalRequest } from '../../../src/core/calls.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { keySign } from '../../../src/core/keyMask.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { agentScripts, asksFor, says } from '../../fixtures/agentScripts.ts';
import { SessionScript } from '../views/sessionScript.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const key = 'sk-ant-secret-0123456789';
const refusal = 'It held the API key, which is not kept; ask for it again.';
const sleep = { tool: 'terminal', input: { command: 'exec sleep 600' } } as const;

interface Bench {
  readonly folder: string;
  readonly program: (url?: string) => Runtime;
}

async function bench(t: TestContext): Promise<Bench> {
  const [folder, stateDir] = [await temporaryFolder(t), await temporaryFolder(t)];
  let ids = 0;
  const secrets = { apiKey: () => Promise.resolve(key) };
  const newId = () => `id${(ids += 1)}`;
  return { folder, program: (url) => testRuntime(t, stateDir, url, { secrets, newId }) };
}

/** Settles with the first event that fits. */
function until(runtime: Runtime, fits: (event: SessionEvent) => boolean): Promise<SessionEvent> {
  return new Promise((resolve) => {
    const listener = runtime.onEvent((event) => {
      if (!fits(event)) return;
      listener.dispose();
      resolve(event);
    });
  });
}

/** Returns the outcome of each call, by its id. */
function outcomes({ calls }: SessionState): Readonly<Record<string, string>> {
  const told = [...calls.values()].map(({ id, state }) => {
    const message = 'error' in state ? state.error.message : '';
    return [id, message === refusal ? `${state.status}: the key` : state.status];
  });
  return Object.fromEntries(told) as Record<string, string>;
}

test('M1: calls of a batch that held the key fail with the reason when it goes on, and nothing of them runs', async (t) => {
  const { folder, program } = await bench(t);
  const after = [{ id: 'b', when: 'settled' }] as const;
  const inner = [
    { id: 'x', ...sleep },
    {
      id: 'y',
      tool: 'terminal',
      input: { command: `echo ${key} > y.txt` },
      after: [{ id: 'x', when: 'settled' }],
    },
  ];
  const calls = [
    { id: 'b', tool: 'run_batch', input: { calls: inner } },
    { id: 'k', tool: 'terminal', input: { command: `printf %s '${key}' | wc -c > len.txt` }, after },
    { id: 'w', tool: 'write_file', input: { path: 'w.txt', content: `key=${key}` }, after },
    { id: 'o', tool: 'terminal', input: { command: 'echo ran > o.txt' }, after },
  ];
  const first = program();
  const runs = until(first, (event) => event.type === 'call.started' && event.callId === 'b/x');
  const about = { permission: 'unlimited', cwd: folder, roots: [folder] } as const;
  const { sessionId, settled } = await first.runBatch({ batch: { version: 1, calls }, ...about });
  await runs;
  await first.dispose();
  await settled;
  const next = program();
  await next.openSession(sessionId);
  await (
    await next.resume(sessionId)
  ).settled;
  const state = next.session(sessionId) ?? assert.fail();
  assert.deepEqual(outcomes(state), {
    b: 'interrupted',
    k: 'failed: the key',
    w: 'failed: the key',
    'b/x': 'interrupted',
    'b/y': 'failed: the key',
    o: 'succeeded',
  });
  assert.deepEqual(await readdir(folder), ['o.txt']);
});

test('M1: calls of a turn that held the key fail with the reason, and the model is told', async (t) => {
  const { folder, program } = await bench(t);
  const scripts = await agentScripts(t, {
    root: [
      asksFor(['a', 'terminal', sleep.input], ['w', 'write_file', { path: 'w.txt', content: key }]),
      says('Done.'),
    ],
  });
  const first = program(scripts.server.url);
  const runs = until(first, (event) => event.type === 'call.started' && event.callId === 'a');
  const about = { permission: 'unlimited', cwd: folder, roots: [folder] } as const;
  const { sessionId, ended } = await first.startAgent({ prompt: 'Lead root', ...about });
  await runs;
  await first.dispose();
  assert.equal((await ended).status, 'interrupted');
  const next = program(scripts.server.url);
  await next.openSession(sessionId);
  await (
    await next.resume(sessionId)
  ).settled;
  assert.match(JSON.stringify(scripts.requestsOf('root')[1]), new RegExp(refusal));
  assert.deepEqual(await readdir(folder), []);
});

test('M1: a task whose request held the key is skipped with the reason when its list goes on', async (t) => {
  const { folder, program } = await bench(t);
  const scripts = await agentScripts(t, {
    root: [asksFor(['a', 'terminal', sleep.input]), says('Done.')],
    second: [says('Second.')],
  });
  const first = program(scripts.server.url);
  const runs = until(first, (event) => event.type === 'call.started');
  const tasks = [
    { note: 'first', prompt: 'Lead root', permission: 'unlimited' },
    { note: 'keyed', prompt: `Use ${key} second` },
    { note: 'second', prompt: 'Lead second' },
  ] as const;
  const about = { permission: 'unlimited', cwd: folder, roots: [folder] } as const;
  const started = await first.runAgents({ agents: { tasks, maxConcurrency: 1 }, ...about });
  assert.ok(started.ok);
  await runs;
  await first.dispose();
  await started.settled;
  const next = program(scripts.server.url);
  await next.openSession(started.sessionId);
  await (
    await next.resume(started.sessionId)
  ).settled;
  const { skippedTasks } = next.session(started.sessionId) ?? assert.fail();
  assert.deepEqual(skippedTasks, [{ index: 1, note: 'keyed', reason: refusal }]);
  assert.equal(scripts.requestsOf('second').length, 1);
});

test('M1: what a person allowed for the session while the key stood in it covers nothing with the sign in its place', () => {
  const script = new SessionScript('batch').batch({ kind: 'api' });
  const input = { kind: 'parsed', value: { command: `echo ${keySign}` } } as const;
  const call = { callId: 'c', batchId: 'b1', index: 0, tool: 'terminal', input } as const;
  const request: ApprovalRequest = {
    ...{ sessionId: 's1', callId: 'c', tool: 'terminal', cwd: '/w' },
    subject: `echo ${keySign}`,
  };
  const allowed = (isMasked: boolean): number => {
    const queued = script.add({ type: 'call.queued', ...call, callId: isMasked ? 'c' : 'd' });
    if (isMasked) Object.assign(queued, { isMasked: true });
    script.add({
      type: 'approval.requested',
      callId: queued.type === 'call.queued' ? queued.callId : '',
      request,
    });
    const answer = 'allowForSession';
    script.add({ type: 'approval.answered', callId: isMasked ? 'c' : 'd', answer });
    return script.state.allowed.size;
  };
  assert.equal(allowed(true), 0);
  assert.equal(allowed(false), 1);
});

test('M1: an edit whose path held the key is not judged by the file at the masked path', async (t) => {
  const { folder, program } = await bench(t);
  const first = program();
  const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
  const call = { id: 'w', tool: 'write_file', input: { path: `${key}.txt`, content: 'x' } };
  const intended = until(first, ({ type }) => type === 'edit.intended');
  const { sessionId, settled } = await first.runBatch({ batch: { version: 1, calls: [call] }, ...about });
  assert.equal((await intended).isMasked, true);
  await settled;
  const { calls, fileChanges } = first.session(sessionId) ?? assert.fail();
  assert.equal(calls.get('w')?.isEditMasked, true);
  assert.deepEqual(fileChanges, []);
});
