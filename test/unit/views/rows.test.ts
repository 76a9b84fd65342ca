import assert from 'node:assert/strict';
import test from 'node:test';
import type { Outcome } from '../../../src/core/calls.ts';
import { rowContexts } from '../../../src/contributions.ts';
import { targetOf } from '../../../src/views/rowIds.ts';
import { childRows, rootRows, rowOf } from '../../../src/views/rows.ts';
import type { Row } from '../../../src/views/rows.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

const error = { kind: 'internal', message: 'what happened' } as const;

const outcomes: Readonly<Record<string, Outcome>> = {
  succeeded: ok('fine'),
  failed: exited(3, 'ERROR'),
  timedOut: { status: 'timedOut', error },
  denied: { status: 'denied', error, by: 'person' },
  skipped: { status: 'skipped', error, because: 'c0' },
  cancelled: { status: 'cancelled', error, by: 'person' },
  interrupted: { status: 'interrupted', error },
};

function everyState(): SessionScript {
  const script = new SessionScript('batch', 'all').batch({ kind: 'file', file: '/w/all.batch.json' });
  for (const [id, outcome] of Object.entries(outcomes))
    script.call(id, 'terminal', { command: `make ${id}` }).settle(id, outcome);
  for (const id of ['queued', 'blocked', 'asking', 'running'])
    script.call(id, 'terminal', { command: `make ${id}` });
  script.add({ type: 'call.blocked', callId: 'blocked', waitsFor: ['running'] });
  const request = { sessionId: 's1', callId: 'asking', tool: 'terminal', subject: 'rm -rf build', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'asking', request });
  return script.start('running');
}

test('every state of a call has its own words, and no two share icon and colour', () => {
  const rows = childRows(everyState().state, 's1');
  assert.deepEqual(
    rows.map((row) => `${row.label} | ${row.description}`),
    [
      'succeeded: terminal make succeeded | 12 ms',
      'failed | failed, exit code 3 · terminal make failed · 12 ms',
      'timedOut | timed out · terminal make timedOut · 12 ms',
      'denied | denied · terminal make denied',
      'skipped | skipped because of c0 · terminal make skipped',
      'cancelled | cancelled · terminal make cancelled · 12 ms',
      'interrupted | interrupted · terminal make interrupted · 12 ms',
      'queued: terminal make queued | queued',
      'blocked | waits for running · terminal make blocked',
      'terminal make asking | waits for approval · asking',
      'running: terminal make running | running',
    ],
  );
  assert.equal(new Set(rows.map(({ icon }) => icon.name)).size, rows.length);
});

test('a row tells a screen reader its id, its tool, its argument and where it stands', () => {
  const row = childRows(everyState().state, 's1').find(({ id }) => id.endsWith('/failed'));
  assert.equal(row?.accessibilityLabel, 'failed, terminal, make failed, failed, exit code 3, 12 ms');
});

test("a call's tooltip holds its full id, its input and what happened, as plain text", () => {
  const row = childRows(everyState().state, 's1').find(({ id }) => id.endsWith('/failed'));
  assert.equal(
    row?.tooltip,
    [
      'terminal: failed, exit code 3 · 12 ms',
      'Call id: failed',
      'Input: {\n  "command": "make failed"\n}',
      'The command ended with exit code 3.',
    ].join('\n'),
  );
});

test("a confined command's tooltip says that it ran in the sandbox", () => {
  const output = { text: 'exit 0', bytes: 0, confined: true as const };
  const { state } = new SessionScript('batch', 'one')
    .batch({ kind: 'file', file: '/w/one.batch.json' })
    .call('a', 'terminal', { command: 'make' })
    .settle('a', { status: 'succeeded', output });
  assert.match(childRows(state, 's1')[0]?.tooltip ?? '', /\nRan in the sandbox: no network, /);
});

test('a waiting call shows the exact command in its tooltip, and its menus can answer', () => {
  const row = childRows(everyState().state, 's1').find(({ id }) => id.endsWith('/asking'));
  assert.match(row?.tooltip ?? '', /\nAsks to run in \/w: rm -rf build$/);
  assert.equal(row?.contextValue, `${rowContexts.askingCall}.command`);
});

test('a turn of which all that is left waits for a person says so, and nothing turns', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  for (const id of ['c1', 'c2', 'c3']) script.call(id, 'terminal', {});
  script.turnEnd('tool_use');
  script.settle('c1', ok('fine')).start('c2');
  const request = { sessionId: 's1', callId: 'c3', tool: 'terminal', subject: 'make', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'c3', request });
  const turn = () => childRows(script.state, 's1/a1')[0];
  assert.equal(turn()?.icon.name, 'loading~spin');
  assert.equal(turn()?.description, '1 of 3 · 1 unfinished · 1 to approve');
  script.settle('c2', ok('fine'));
  assert.equal(turn()?.icon.name, 'question');
  assert.equal(turn()?.accessibilityLabel, 'Turn 1, 2 of 3 succeeded, 1 to approve');
});

test('a call that is asked about again says so, and an edit does not ask to run', () => {
  const script = new SessionScript('batch', 'x').batch({ kind: 'api' }).call('c1', 'edit_file', {});
  const request = { sessionId: 's1', callId: 'c1', tool: 'edit_file', subject: 'a.ts', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'c1', request: { ...request, changed: ['/w/a.ts'] } });
  const [row] = childRows(script.state, 's1');
  assert.equal(row?.description, 'asked again, waits for approval · c1');
  assert.match(row?.tooltip ?? '', /because what you allowed has changed\.\nA click shows the changes\.$/);
});

test('only a shell command can be allowed for good; an edit that waits has answers of its own', () => {
  const contextOf = (tool: string): string | undefined => {
    const script = new SessionScript('batch', 'x').batch({ kind: 'api' }).call('c1', tool, {});
    const request = { sessionId: 's1', callId: 'c1', tool, subject: 'x', cwd: '/w' };
    script.add({ type: 'approval.requested', callId: 'c1', request });
    return rowOf(script.state, 's1/b1/c1')?.contextValue;
  };
  assert.equal(contextOf('git_commit'), rowContexts.askingCall);
  assert.equal(contextOf('edit_file'), rowContexts.askingEdit);
});

test('the newest session comes first', () => {
  const older = new SessionScript('batch', 'older', 's1');
  const newer = new SessionScript('batch', 'newer', 's2');
  const rows = rootRows([older.state, { ...newer.state, startedAt: 2_000_000 }]);
  assert.deepEqual(
    rows.map(({ label }) => label),
    ['newer', 'older'],
  );
});

test("a row's id names its place, and its call never changes with the state", () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c/1', 'git', { args: [] });
  const before = childRows(script.state, 's1/a1/t1');
  const after = childRows(script.start('c/1').settle('c/1', ok('')).state, 's1/a1/t1');
  assert.deepEqual(
    before.map(({ id }) => id),
    ['s1/a1/t1/c/1'],
  );
  assert.deepEqual(
    after.map(({ id }) => id),
    ['s1/a1/t1/c/1'],
  );
});

test('every row is found again by its id, and names the row above it', () => {
  const script = new SessionScript()
    .agent()
    .run('Go')
    .turn()
    .turnBatch()
    .call('c1', 'run_batch', { calls: [] })
    .batch({ kind: 'call', callId: 'c1' }, 'b2')
    .call('c1/x', 'git', { args: ['status'] }, 'b2');
  const { state } = script;
  const below = (parent: Row): readonly Row[] =>
    childRows(state, parent.id).flatMap((row) => {
      assert.equal(row.parentId, parent.id);
      return [row, ...below(row)];
    });
  const rows = rootRows([state]).flatMap((root) => [root, ...below(root)]);
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['s1', 's1/a1/t1', 's1/a1/t1/c1', 's1/a1/t1/c1/x'],
  );
  for (const row of rows) assert.deepEqual(rowOf(state, row.id), row);
});

test('an id of nothing has no target', () => {
  const { state } = everyState();
  for (const id of ['', 's2', 's1/', 's1/b1', 's1/b1/nothing', 's1/a1/t1'])
    assert.equal(targetOf(state, id), undefined);
});

test('a row that may still get children is open from the start, and closed for good where none came', () => {
  const script = new SessionScript().agent().run('Go');
  const isOpen = (rowId: string) => rowOf(script.state, rowId)?.isExpandable;
  assert.equal(isOpen('s1/a1'), true);
  script.turn();
  assert.equal(isOpen('s1/a1/t1'), true);
  script.text('Nothing to do.').turnEnd('end_turn');
  assert.equal(isOpen('s1/a1/t1'), false);
});
