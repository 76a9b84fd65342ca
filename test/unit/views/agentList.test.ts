import assert from 'node:assert/strict';
import test from 'node:test';
import type { SessionState } from '../../../src/core/states.ts';
import { agentList } from '../../../src/views/agentList.ts';
import { ok, SessionScript } from './sessionScript.ts';

const minute = 60_000;

/** One line for each entry, its actions last. */
function text(sessions: readonly SessionState[], now: number): readonly string[] {
  return agentList(sessions, now).map(
    ({ icon, label, description, detail, actions }) =>
      `${icon} ${label} | ${description} | ${detail} | ${actions.join(' ')}`,
  );
}

function interrupted(id = 's1'): SessionScript {
  const script = new SessionScript('agent', 'Find the slow query', id).agent().run('Go').turn().turnBatch();
  script.call('c1', 'read_file', { path: 'src/db.ts' }).start('c1').settle('c1', ok('x')).turnEnd('tool_use');
  return script.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
}

test('an interrupted agent shows why, what it did last and when, and can be resumed or dismissed', () => {
  const { state } = interrupted();
  assert.deepEqual(text([state], state.lastAt + 5 * minute), [
    'debug-disconnect Find the slow query | interrupted · the program was closed | read_file src/db.ts: succeeded · 5 min ago | resume open dismiss',
  ]);
});

test('once dismissed it is only there to be opened', () => {
  const script = interrupted();
  script.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  assert.match(
    text([script.state], script.state.lastAt)[0] ?? '',
    /\| dismissed · the program was closed .* \| open$/,
  );
});

test('what goes on can be stopped, and says since when', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'terminal', { command: 'npm test' }).start('c1');
  const startedAt = script.state.agents.get('a1')?.runs[0]?.startedAt ?? 0;
  assert.deepEqual(text([script.state], startedAt + minute), [
    'loading~spin Find the slow query | running | terminal npm test: running · for 1 min 00 s | open stop',
  ]);
});

test('what was interrupted stands above newer work', () => {
  const done = new SessionScript('agent', 'Newer', 's2').agent('a1', 'Newer').run('Go').end({});
  const newer = { ...done.state, startedAt: done.state.startedAt + 1 };
  const labels = agentList([interrupted().state, newer], 0).map(({ label }) => label);
  assert.deepEqual(labels, ['Find the slow query', 'Newer']);
});

test('a recording can not be resumed, only dismissed', () => {
  const script = interrupted();
  const events = script.events.map((event) =>
    event.type === 'agent.created' ? { ...event, model: 'replay' } : event,
  );
  script.events.splice(0, script.events.length, ...events);
  assert.match(text([script.state], 0)[0] ?? '', /\| open dismiss$/);
});

test('a batch whose host died can be resumed until it is', () => {
  const script = new SessionScript('batch', 'checks.batch.json').batch({ kind: 'api' });
  script.call('c1', 'git', {}).call('c2', 'git', {}).start('c1').settle('c1', ok(''));
  script.add({ type: 'batch.interrupted', batchId: 'b1' });
  const now = script.state.lastAt + 3 * 24 * 60 * minute;
  assert.deepEqual(text([script.state], now), [
    'debug-disconnect checks.batch.json | interrupted · 1 of 2 · 1 unfinished | 3 days ago | resume open dismiss',
  ]);
  script.add({ type: 'batch.resumed', batchId: 'b1' });
  assert.match(text([script.state], now)[0] ?? '', /^loading~spin .*\| open stop$/);
});

test('a sub-agent and a task say whose they are', () => {
  const family = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'spawn_agent', {});
  const created = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  const parent = { agentId: 'a1', callId: 'c1' };
  family.add({ type: 'agent.created', agentId: 'a2', label: 'Helper', ...created, parent });
  const tasks = new SessionScript('agents', 'checks.agents.json', 's2');
  tasks.add({
    type: 'agent.created',
    agentId: 'a1',
    label: 'one',
    ...created,
    task: { index: 0, note: 'one' },
  });
  assert.deepEqual(
    agentList([family.state, tasks.state], 0).map(
      ({ label, detail }) => `${label} | ${detail.split(' · ').at(-1)}`,
    ),
    ['Find the slow query | for 0 ms', 'Helper | of “Find the slow query”', 'one | of “checks.agents.json”'],
  );
});
