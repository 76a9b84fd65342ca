import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkpointsOf, coveredAgents, coveredCalls } from '../../../src/core/checkpoints.ts';
import type { CallOutput, IntendedEdit, Outcome } from '../../../src/core/calls.ts';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import { SessionScript } from '../views/sessionScript.ts';

const turn: RevertTarget = { kind: 'turn', turnId: 't1' };
const agent: RevertTarget = { kind: 'agent', agentId: 'a1' };
const cancelled: Outcome = {
  status: 'cancelled',
  by: 'person',
  error: { kind: 'cancelled', message: '' },
};

function failed(kind: 'changed' | 'internal'): Outcome {
  return { status: 'failed', error: { kind, message: '' } };
}

function succeeded(output: Partial<CallOutput> = {}): Outcome {
  return { status: 'succeeded', output: { text: '', bytes: 0, ...output } };
}

/** One edit for each outcome, of the file from `A` to `B` to `C` and so on. */
class Edits {
  readonly script = new SessionScript().agent().run('Go.').turn().turnBatch();
  private count = 0;

  edit(
    before: string | null,
    after: string | null,
    outcome: Outcome,
    more: Partial<IntendedEdit> = {},
  ): this {
    this.count += 1;
    const callId = `c${this.count}`;
    this.script.call(callId, 'edit_file', {}, 'b1', this.count).start(callId);
    this.script.add({
      type: 'edit.intended',
      callId,
      edit: { path: '/w/a', before, after, text: '', bytes: 0, ...more },
    });
    this.script.settle(callId, outcome);
    return this;
  }

  /** `A -> left`, and what else is to be said, one file a line. */
  text(target: RevertTarget = turn): string {
    const lines = checkpointsOf(this.script.state, target).map(
      ({ path, restoreTo, left, between, later, hasNewTraits, movedTo }) =>
        [
          `${path}: ${restoreTo} <- ${left.join(' or ')}`,
          ...(between ? [`between${between.by?.kind === 'call' ? ` by ${between.by.callId}` : ''}`] : []),
          ...(later.length > 0 ? [`later ${later.map(({ after }) => after).join(', ')}`] : []),
          ...(hasNewTraits ? ['new traits'] : []),
          ...(movedTo === undefined ? [] : [`moved to ${movedTo}`]),
        ].join('; '),
    );
    return lines.join('\n');
  }
}

test('several edits of a file lead back to what stood there before the first', () => {
  assert.equal(new Edits().edit('A', 'B', succeeded()).edit('B', 'C', succeeded()).text(), '/w/a: A <- C');
  assert.equal(new Edits().edit(null, 'B', succeeded()).text(), '/w/a: null <- B');
});

test('a text that the editor formatted is what the edit left', () => {
  const seen = { path: '/w/a', hash: 'B formatted' };
  const edits = new Edits().edit('A', 'B', succeeded({ seen }));
  assert.equal(edits.text(), '/w/a: A <- B formatted');
  assert.equal(edits.edit('B formatted', 'C', succeeded()).text(), '/w/a: A <- C');
});

test('an edit that failed did not happen; one that was stopped may have', () => {
  assert.equal(new Edits().edit('A', 'B', failed('changed')).text(), '');
  assert.equal(new Edits().edit('A', 'B', cancelled).text(), '/w/a: A <- B');
  assert.equal(new Edits().edit('A', 'B', succeeded()).edit('B', 'C', cancelled).text(), '/w/a: A <- B or C');
  assert.equal(
    new Edits().edit('A', 'B', succeeded()).edit('B', 'C', failed('internal')).text(),
    '/w/a: A <- B or C',
  );
  const goneOn = new Edits().edit('A', 'B', cancelled);
  assert.equal(goneOn.edit('A', 'C', succeeded()).text(), '/w/a: A <- C', 'it had not happened');
  const happened = new Edits().edit('A', 'B', cancelled);
  assert.equal(happened.edit('B', 'C', succeeded()).text(), '/w/a: A <- C', 'it had happened');
});

test('what an earlier attempt was about to do counts as possible', () => {
  const edits = new Edits();
  edits.script.call('x', 'edit_file', {}, 'b1', 9).start('x');
  const said = { path: '/w/a', text: '', bytes: 0 };
  edits.script.add({ type: 'edit.intended', callId: 'x', edit: { ...said, before: 'A', after: 'B' } });
  edits.script.add({ type: 'call.started', callId: 'x', attempt: 2 });
  edits.script.add({ type: 'edit.intended', callId: 'x', edit: { ...said, before: 'A', after: 'B' } });
  const times = { startedAt: 1, durationMs: 1, attempts: 2 };
  edits.script.add({ type: 'call.settled', callId: 'x', outcome: succeeded(), times });
  assert.equal(edits.text(), '/w/a: A <- B');
});

test('a change that nobody here made stands between two edits', () => {
  const edits = new Edits().edit('A', 'B', succeeded()).edit('X', 'C', succeeded());
  assert.equal(edits.text(), '/w/a: A <- C; between');
});

test('another agent’s change is named, between or later', () => {
  const edits = new Edits().edit('A', 'B', succeeded());
  edits.script.agent('a2', 'Other').run('Go.', 'r2', 'a2').turn('t2', 'r2', 'a2');
  edits.script
    .batch({ kind: 'turn', agentId: 'a2', turnId: 't2' }, 'b2')
    .call('o', 'edit_file', {}, 'b2')
    .start('o');
  const said = { path: '/w/a', text: '', bytes: 0 };
  edits.script.add({ type: 'edit.intended', callId: 'o', edit: { ...said, before: 'B', after: 'X' } });
  edits.script.settle('o', succeeded());
  assert.equal(edits.text(), '/w/a: A <- B; later X');
  assert.equal(edits.edit('X', 'C', succeeded()).text(), '/w/a: A <- C; between by o');
  assert.equal(edits.text({ kind: 'agent', agentId: 'a2' }), '/w/a: B <- X; later C');
});

test('a move is the end of one file and the beginning of another', () => {
  const moved = new Edits().edit(null, 'H', succeeded(), { path: '/w/b', movedFrom: '/w/a' });
  assert.equal(moved.text(), '/w/a: H <- ; new traits; moved to /w/b\n/w/b: null <- H');
});

test('a revert and its undoing are nobody else’s changes', () => {
  const edits = new Edits().edit('A', 'B', succeeded());
  const revert = (revertId: string, before: string, after: string, target: RevertTarget): void => {
    const files = [{ path: '/w/a', before, after }];
    edits.script.add({ type: 'revert.started', revertId, target, callIds: ['c1'], files, leftOut: [] });
    edits.script.add({ type: 'revert.ended', revertId, notRestored: [] });
  };
  revert('R1', 'B', 'A', turn);
  assert.equal(edits.text(), '/w/a: A <- B or A');
  assert.equal(edits.text({ kind: 'revert', revertId: 'R1' }), '/w/a: B <- A');
  edits.edit('A', 'C', succeeded());
  assert.equal(edits.text(), '/w/a: A <- C', 'the agent went on from what was restored');
  revert('R2', 'X', 'A', turn);
  assert.equal(edits.text(), '/w/a: A <- C; later A', 'but what it was not told of is');
});

test('a target covers the calls inside of its calls and the agents that they started, and what they cover rests with them', () => {
  const { script } = new Edits();
  script.call('s', 'spawn_agent', {}).start('s');
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  for (const [agentId, parent] of [
    ['kid', 'a1'],
    ['idle', 'a1'],
  ] as const)
    script.add({
      type: 'agent.created',
      agentId,
      label: agentId,
      ...rest,
      parent: { agentId: parent, callId: 's' },
    });
  script.run('Go.', 'r2', 'kid').turn('t2', 'r2', 'kid');
  script
    .batch({ kind: 'turn', agentId: 'kid', turnId: 't2' }, 'b2')
    .call('batch', 'run_batch', {}, 'b2')
    .start('batch');
  script.batch({ kind: 'call', callId: 'batch' }, 'b3').call('inner', 'write_file', {}, 'b3').start('inner');
  const edit = { path: '/w/a', before: null, after: 'B', text: '', bytes: 0 };
  script.add({ type: 'edit.intended', callId: 'inner', edit });
  script.turn('t3').turnBatch('b4', 't3').call('later', 'write_file', {}, 'b4').start('later');
  script.add({ type: 'edit.intended', callId: 'later', edit: { ...edit, path: '/w/b' } });
  const { state } = script;
  const covered = (target: RevertTarget): string =>
    `${[...coveredCalls(state, target)].join(' ')} of ${[...coveredAgents(state, target)].join(' ')}`;
  assert.equal(covered(turn), 'inner of a1 kid idle');
  assert.equal(covered(agent), 'inner later of a1 kid idle');
  assert.equal(covered({ kind: 'agent', agentId: 'kid' }), 'inner of kid');
  assert.equal(covered({ kind: 'turn', turnId: 't3' }), 'later of a1');
  const edited = [...state.turns.values()].filter(({ hasEdits }) => hasEdits).map(({ id }) => id);
  assert.deepEqual(edited, ['t1', 't2', 't3']);
  assert.deepEqual(
    [...state.agents.values()].filter(({ hasEdits }) => hasEdits).map(({ id }) => id),
    ['a1', 'kid'],
  );
});
