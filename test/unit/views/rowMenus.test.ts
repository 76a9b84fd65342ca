/** The menus of package.json on each state of each kind of row, as a person finds them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Outcome } from '../../../src/core/calls.ts';
import type { RunEnding } from '../../../src/core/agents.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { views } from '../../../src/contributions.ts';
import { withPrefixOffered } from '../../../src/views/callRow.ts';
import { childRows, rowOf } from '../../../src/views/rows.ts';
import type { Row } from '../../../src/views/rows.ts';
import { sessionRow } from '../../../src/views/sessionRow.ts';
import { holds } from '../whenClause.ts';
import { ok, SessionScript } from './sessionScript.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

const manifest = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'),
) as {
  readonly contributes: {
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly commands: readonly { readonly command: string; readonly title: string }[];
  };
};
const titles = new Map(manifest.contributes.commands.map(({ command, title }) => [command, title]));

/** `inline buttons | entries of the menu`, in their order. */
function menu({ contextValue }: Pick<Row, 'contextValue'>): string {
  const shown = (manifest.contributes.menus['view/item/context'] ?? [])
    .filter(({ when }) => holds(when, { view: views.sessions, viewItem: contextValue }))
    .toSorted((a, b) => (a.group ?? '').localeCompare(b.group ?? ''));
  const titlesOf = (items: readonly MenuItem[]): string =>
    items.map(({ command }) => titles.get(command)).join(', ');
  const isInline = ({ group }: MenuItem): boolean => group?.startsWith('inline') === true;
  return `${titlesOf(shown.filter(isInline))} | ${titlesOf(shown.filter((item) => !isInline(item)))}`;
}

const error = { kind: 'internal', message: 'what happened' } as const;
const exit3 = { kind: 'exitCode', message: 'exit 3' } as const;

const outcomes: Readonly<Record<Outcome['status'], Outcome>> = {
  succeeded: ok('fine'),
  failed: { status: 'failed', error: exit3 },
  timedOut: { status: 'timedOut', error },
  denied: { status: 'denied', error, by: 'person' },
  skipped: { status: 'skipped', error, because: 'c0' },
  cancelled: { status: 'cancelled', error, by: 'person' },
  interrupted: { status: 'interrupted', error },
};

/** A batch with one call of a tool, brought to a state. */
function callRowIn(state: string, tool: string, source: 'file' | 'api' = 'api'): Row {
  const script = new SessionScript('batch', 'x');
  script.batch(source === 'api' ? { kind: 'api' } : { kind: 'file', file: '/w/x.batch.json' });
  script.call('c1', tool, { command: 'npm run build', path: 'a.ts' });
  if (state === 'blocked') script.add({ type: 'call.blocked', callId: 'c1', waitsFor: ['c0'] });
  if (state === 'awaitingApproval') {
    const request = { sessionId: 's1', callId: 'c1', tool, subject: 'npm run build', cwd: '/w' };
    script.add({ type: 'approval.requested', callId: 'c1', request });
  }
  if (state === 'running') script.start('c1');
  const outcome = Object.hasOwn(outcomes, state) ? outcomes[state as Outcome['status']] : undefined;
  if (outcome) script.settle('c1', outcome);
  const [row] = childRows(script.state, 's1');
  assert.ok(row);
  return row;
}

const openStates = ['queued', 'blocked', 'running'] as const;
const settledStates = Object.keys(outcomes);
const answers =
  'Allow Once, Deny | Allow Once, Allow This Command for the Session, Always Allow Exactly This Command…';
const callEntries = 'Open Result, Show Raw Input';
const open = `Cancel Call | ${callEntries}, Copy Call ID, Cancel Call`;
const settled = `Open Result | ${callEntries}, Copy Result, Copy Call ID`;

test('a call that is open can be cancelled, and one that has settled copied: of any tool, in every state', () => {
  for (const tool of ['terminal', 'read_file', 'git_commit', 'edit_file', 'run_batch']) {
    for (const state of openStates) assert.equal(menu(callRowIn(state, tool)), open, `${tool} ${state}`);
    for (const state of settledStates) {
      const isEdited = tool === 'edit_file' && state === 'succeeded';
      const edited =
        'Open File | Show Changes, Open File, Open Result, Show Raw Input, Copy Result, Copy Call ID';
      assert.equal(menu(callRowIn(state, tool)), isEdited ? edited : settled, `${tool} ${state}`);
    }
  }
});

test('a command with a suggested beginning has the menus of its state, before and after it was approved', () => {
  for (const state of openStates)
    assert.equal(menu(withPrefixOffered(callRowIn(state, 'terminal'))), open, state);
  for (const state of settledStates)
    assert.equal(menu(withPrefixOffered(callRowIn(state, 'terminal'))), settled, state);
  for (const state of [...openStates, ...settledStates]) {
    const row = callRowIn(state, 'terminal');
    assert.deepEqual(withPrefixOffered(row), row, state);
  }
  const asking = callRowIn('awaitingApproval', 'terminal');
  const rest = `Deny, Deny with a Reason…, Show All of It, ${callEntries}, Copy Call ID, Cancel Call`;
  assert.equal(menu(asking), `${answers}, ${rest}`);
  assert.equal(
    menu(withPrefixOffered(asking)),
    `${answers}, Always Allow Commands That Begin Like It…, ${rest}`,
  );
});

test('a waiting call of another tool has no rule to make, and a waiting edit has answers of its own', () => {
  const other = withPrefixOffered(callRowIn('awaitingApproval', 'git_commit'));
  assert.doesNotMatch(menu(other), /Always/);
  assert.match(menu(other), /^Allow Once, Deny \| Allow Once, .*Deny, .*Cancel Call$/);
  assert.equal(
    menu(withPrefixOffered(callRowIn('awaitingApproval', 'edit_file'))),
    `Review Changes, Accept Edit, Reject Edit | Review Changes, Accept Edit, Reject Edit, Deny with a Reason…, ${callEntries}, Copy Call ID, Cancel Call`,
  );
});

test('a call of a batch file leads back to its line', () => {
  for (const state of [...openStates, ...settledStates])
    assert.match(menu(callRowIn(state, 'terminal', 'file')), /Show in Batch File/, state);
});

const created = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
const worktree = { path: '/state/w', branch: 'b', base: 'abc' };

/** A session with one root agent, whose run ended so or goes on, and a sub-agent as it. */
function family(status?: RunEnding['status'], hasWorktree = false): SessionState {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'spawn_agent', { label: 'Helper' }).call('c2', 'run_agents', {}).turnEnd('tool_use');
  const own = { ...created, ...(hasWorktree && { worktree }) };
  const task = { index: 0, note: 'Task' };
  const parent = (callId: string) => ({ agentId: 'a1', callId });
  script.add({ type: 'agent.created', agentId: 'a2', label: 'Helper', ...own, parent: parent('c1') });
  script.add({ type: 'agent.created', agentId: 'a3', label: 'Task', ...own, parent: parent('c2'), task });
  script.run('Look', 'r2', 'a2').run('Look', 'r3', 'a3');
  if (!status) return script.state;
  return script.end({ status }, 'r3', 'a3').end({ status }, 'r2', 'a2').end({ status }).state;
}

const conversation = 'Open Conversation';
const ended = `${conversation}, Follow Up… | ${conversation}, Follow Up…`;
const failed = `${conversation}, Try Again, Follow Up… | ${conversation}, Follow Up…, Try Again`;
const interrupted = `${conversation}, Resume… | ${conversation}, Follow Up…, Resume…`;
const ofCall = `${callEntries}, Copy Call ID`;
const exported = 'Export Session…';
const kept = `${exported}, Delete Session…`;

const byEnding: readonly {
  readonly status?: RunEnding['status'];
  readonly session: string;
  readonly spawned: string;
  readonly task: string;
}[] = [
  {
    session: `${conversation}, Stop | ${conversation}, Stop, ${exported}`,
    spawned: `${conversation}, Stop Agent | ${conversation}, ${ofCall}, Stop Agent`,
    task: `${conversation}, Stop Agent | ${conversation}, Stop Agent`,
  },
  ...(['completed', 'incomplete', 'cancelled'] as const).map((status) => ({
    status,
    session: `${ended}, ${kept}`,
    spawned: `${ended}, ${ofCall}`,
    task: ended,
  })),
  { status: 'failed', session: `${failed}, ${kept}`, spawned: `${failed}, ${ofCall}`, task: failed },
  {
    status: 'interrupted',
    session: `${interrupted}, Resume All, Dismiss, ${kept}`,
    spawned: `${interrupted}, Dismiss, ${ofCall}`,
    task: `${interrupted}, Dismiss`,
  },
];

test('an agent has the same menu in the row of its session, of its call and in its own, in every state', () => {
  for (const { status, session, spawned, task } of byEnding) {
    const state = family(status);
    const menuOf = (rowId: string): string => menu(rowOf(state, rowId) ?? { contextValue: '' });
    assert.equal(menu(sessionRow(state)), session, `session ${status}`);
    assert.equal(menuOf('s1/a1/t1/c1'), spawned, `spawned ${status}`);
    assert.equal(menuOf('s1/a3'), task, `task ${status}`);
  }
});

test('an agent with a worktree has its entries beside all others, once its run has ended', () => {
  const entries = 'View Worktree Changes…, Apply Worktree Changes…, Merge Worktree…, Discard Worktree…';
  for (const { status, task } of byEnding) {
    const row = rowOf(family(status, true), 's1/a3') ?? { contextValue: '' };
    const [inline = '', menuEntries = ''] = task.split(' | ');
    const expected = status ? `${inline}, View Worktree Changes… | ${menuEntries}, ${entries}` : task;
    assert.equal(menu(row), expected, status);
  }
});

test('a batch and an agents file can be stopped, resumed and put away', () => {
  const batch = new SessionScript('batch', 'x').batch({ kind: 'api' }).call('c1', 'git', {});
  const agents = new SessionScript('agents', 'x');
  agents.add({ type: 'tasks.queued', notes: ['one'], maxConcurrency: 1, failFast: false, requests: [] });
  for (const { state } of [batch, agents]) assert.equal(menu(sessionRow(state)), `Stop | Stop, ${exported}`);
  batch.add({ type: 'batch.interrupted', batchId: 'b1' });
  agents.add({ type: 'tasks.interrupted' });
  for (const { state } of [batch, agents])
    assert.equal(menu(sessionRow(state)), `Resume… | Resume…, Dismiss, ${kept}`);
  batch.settle('c1', ok(''));
  agents.add({ type: 'tasks.ended' });
  assert.equal(menu(sessionRow(new SessionScript('batch', 'x').state)), ` | ${kept}`);
});

test('a session that works can resume all sub-agents that were cut off', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'spawn_agent', {});
  const parent = { agentId: 'a1', callId: 'c1' };
  script.add({ type: 'agent.created', agentId: 'a2', label: 'Helper', ...created, parent });
  script.run('Look', 'r2', 'a2');
  assert.doesNotMatch(menu(sessionRow(script.state)), /Resume All/);
  script.end({ status: 'interrupted' }, 'r2', 'a2');
  assert.match(menu(sessionRow(script.state)), /^Open Conversation, Stop \| .*Resume All/);
});

test('a turn can be cancelled while its calls are open', () => {
  assert.equal(
    menu({ contextValue: 'turn.working' }),
    'Cancel the Calls of This Turn | Cancel the Calls of This Turn',
  );
  assert.equal(menu({ contextValue: 'turn' }), ' | ');
  for (const contextValue of ['range', 'task']) assert.equal(menu({ contextValue }), ' | ');
});

test('the demo is offered no follow-up, because no model would answer it', () => {
  const rowOfModel = (model: string): Row =>
    sessionRow(
      new SessionScript().agent('a1', 'Demo', model).run('Go').turn().turnEnd('end_turn').end({}).state,
    );
  assert.match(menu(rowOfModel('model-1')), /Follow Up…/);
  assert.doesNotMatch(menu(rowOfModel('replay')), /Follow Up…/);
  assert.match(menu(rowOfModel('replay')), /Open Conversation/);
});
