import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedFile, RevertPlan, RevertTarget } from '../../../src/core/reverts.ts';
import { nothingToRevert, revertedText, revertQuestion } from '../../../src/views/revertText.ts';
import { rowOf } from '../../../src/views/rows.ts';
import { rowIdsTouchedBy } from '../../../src/views/touchedRows.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { ok, SessionScript } from './sessionScript.ts';

const turn: RevertTarget = { kind: 'turn', turnId: 't1' };
const agent: RevertTarget = { kind: 'agent', agentId: 'a1' };

/** Two turns that each write a file. */
function script(): SessionScript {
  const session = new SessionScript().agent().run('Go.');
  for (const number of [1, 2]) {
    const turnId = `t${number}`;
    session.turn(turnId).turnEnd('tool_use', turnId).turnBatch(`b${number}`, turnId);
    session
      .call(`c${number}`, 'write_file', { path: `${number}.txt`, content: 'x' }, `b${number}`)
      .start(`c${number}`);
    edit(session, `c${number}`, `/w/${number}.txt`, null, `h${number}`);
    session.settle(`c${number}`, ok('Made it.'));
  }
  return session;
}

function edit(
  session: SessionScript,
  callId: string,
  path: string,
  before: string | null,
  after: string | null,
): void {
  const said = { text: '', bytes: 0 };
  session.add({ type: 'edit.intended', callId, edit: { path, before, after, ...said } });
}

function revert(
  session: SessionScript,
  revertId: string,
  target: RevertTarget,
  leftOut: readonly string[] = [],
): void {
  const isUndoing = target.kind === 'revert';
  const numbers = target.kind === 'turn' ? ['1'] : ['1', '2'];
  const undone = session.state.reverts.find(({ id }) => isUndoing && id === target.revertId);
  const callIds = undone?.callIds ?? numbers.map((number) => `c${number}`);
  const paths = callIds.map((id) => `/w/${id.slice(1)}.txt`).filter((path) => !leftOut.includes(path));
  const hashes = isUndoing ? { before: null, after: 'h' } : { before: 'h', after: null };
  session.add({
    type: 'revert.started',
    revertId,
    target,
    callIds,
    files: paths.map((path) => ({ path, ...hashes })),
    leftOut: leftOut.map((path) => ({ path, why: 'it has been changed since' })),
  });
  session.add({ type: 'revert.ended', revertId, notRestored: [] });
}

function contexts({ state }: SessionScript): string {
  return ['s1/a1', 's1/a1/t1', 's1/a1/t2'].map((id) => rowOf(state, id)?.contextValue).join(' ');
}

test('the tree says what was reverted, and offers to undo it where it was done', () => {
  const session = script();
  assert.equal(contexts(session), 'agent.working turn turn', 'not while the agent works');
  session.end({});
  assert.equal(contexts(session), 'agent.ended.edits turn.edits turn.edits');
  revert(session, 'revert-1', turn);
  assert.equal(contexts(session), 'agent.ended.edits turn.reverted turn.edits');
  assert.equal(
    treeText(session.state, 0),
    [
      'Find the slow query  completed · partly reverted · 160 ms',
      '  Turn 1  1 of 1 · reverted',
      '    ✓ write_file 1.txt  12 ms',
      '  Turn 2  1 of 1',
      '    ✓ write_file 2.txt  12 ms',
    ].join('\n'),
  );
  revert(session, 'revert-2', { kind: 'revert', revertId: 'revert-1' });
  assert.equal(contexts(session), 'agent.ended.edits turn.edits turn.edits');
  revert(session, 'revert-3', agent, ['/w/2.txt']);
  assert.equal(contexts(session), 'agent.ended.edits.reverted turn turn.edits');
  assert.match(
    treeText(session.state, 0),
    /Turn 1 {2}1 of 1 · reverted\n.*\n {2}Turn 2 {2}1 of 1 · partly reverted/,
  );
});

test('a revert that was cut off is not said to be whole', () => {
  const session = script().end({});
  session.add({
    type: 'revert.started',
    revertId: 'revert-1',
    target: turn,
    callIds: ['c1'],
    files: [{ path: '/w/1.txt', before: 'h1', after: null }],
    leftOut: [],
  });
  assert.match(treeText(session.state, 0), /Turn 1 {2}1 of 1 · partly reverted/);
  const why = 'the program was closed before it was restored';
  session.add({ type: 'revert.ended', revertId: 'revert-1', notRestored: [{ path: '/w/1.txt', why }] });
  assert.match(treeText(session.state, 0), /Turn 1 {2}1 of 1 · partly reverted/);
});

test('a revert redraws the row that it is told on, and so does its undoing', () => {
  const session = script().end({});
  revert(session, 'revert-1', turn);
  const ended = session.events.at(-1);
  assert.ok(ended);
  assert.deepEqual(rowIdsTouchedBy(ended, session.state), ['s1/a1/t1', 's1']);
  revert(session, 'revert-2', { kind: 'revert', revertId: 'revert-1' });
  const undone = session.events.at(-1);
  assert.ok(undone);
  assert.deepEqual(rowIdsTouchedBy(undone, session.state), ['s1/a1/t1', 's1']);
});

const asLeft = { kind: 'asLeft' } as const;

function plan(files: readonly PlannedFile[], target: RevertTarget = turn): RevertPlan {
  return { sessionId: 's1', target, callIds: ['c1'], files };
}

test('a person is told of each file what becomes of it, who changed it since, and what is not covered', () => {
  const { state } = script().end({});
  const question = revertQuestion(
    state,
    plan([
      { path: '/w/a.txt', found: 'x', restoreTo: 'y', standing: asLeft },
      { path: '/w/sub/new.txt', found: 'x', restoreTo: null, standing: asLeft },
      { path: '/w/gone.txt', found: null, restoreTo: 'y', standing: asLeft },
      { path: '/w/old.txt', found: null, restoreTo: 'z', movesFrom: '/w/moved.txt', standing: asLeft },
      { path: '/w/moved.txt', found: 'z', restoreTo: null, movesTo: '/w/old.txt', standing: asLeft },
      { path: '/w/mine.txt', found: 'm', restoreTo: 'y', standing: { kind: 'changed', when: 'since' } },
      {
        path: '/w/2.txt',
        found: 'm',
        restoreTo: 'y',
        standing: { kind: 'changed', when: 'since', callId: 'c2' },
      },
      { path: '/w/both.txt', found: 'm', restoreTo: 'y', standing: { kind: 'changed', when: 'between' } },
      {
        path: '/elsewhere/\u202Eb.txt',
        found: undefined,
        restoreTo: 'y',
        standing: { kind: 'impossible', why: 'it can’t be read' },
      },
      { path: '/w/same.txt', found: 'y', restoreTo: 'y', standing: { kind: 'asBefore' } },
    ]),
  );
  assert.deepEqual([question?.plain, question?.changed], [4, 3]);
  assert.equal(question?.question, 'Revert the edits of turn 1 of “Find the slow query”?');
  assert.equal(
    question.detail,
    [
      'Restored:',
      '• a.txt',
      '• sub/new.txt – is deleted',
      '• gone.txt – comes back',
      '• old.txt – moves back from moved.txt',
      '',
      'Changed since by you or others:',
      '• mine.txt',
      '• 2.txt – by turn 2 of “Agent”',
      '• both.txt – between the edits',
      '',
      'Left as they are:',
      '• /elsewhere/⟨U+202E⟩b.txt – it can’t be read',
      '',
      'This covers files that its tools wrote, deleted or renamed, and those of the agents that it started. ' +
        'What commands changed is not covered. You can undo it.',
    ].join('\n'),
  );
});

test('of many files the first ten are named', () => {
  const { state } = script().end({});
  const files = Array.from({ length: 14 }, (_, index) => ({
    path: `/w/${index}.txt`,
    found: 'x',
    restoreTo: 'y',
    standing: asLeft,
  }));
  const lines = revertQuestion(state, plan(files))?.detail.split('\n\n')[0]?.split('\n') ?? [];
  assert.deepEqual([lines.length, lines.at(-1)], [12, 'and 4 more']);
});

test('where there is nothing to restore, that is said and why', () => {
  const { state } = script().end({});
  const asBefore: PlannedFile = {
    path: '/w/a.txt',
    found: 'y',
    restoreTo: 'y',
    standing: { kind: 'asBefore' },
  };
  assert.equal(revertQuestion(state, plan([asBefore])), undefined);
  assert.equal(
    nothingToRevert(state, plan([asBefore])),
    'The files are already as they were before turn 1 of “Find the slow query”.',
  );
  assert.equal(
    nothingToRevert(state, plan([])),
    'Turn 1 of “Find the slow query” changed no files with its edits. What commands changed can not be reverted here.',
  );
  const lost: PlannedFile = {
    ...asBefore,
    standing: { kind: 'impossible', why: 'its text from before was not kept' },
  };
  assert.equal(
    nothingToRevert(state, plan([lost])),
    'Nothing can be restored. • a.txt – its text from before was not kept. Nothing was changed.',
  );
});

test('afterwards a person is told what was done and what was left', () => {
  const session = script().end({});
  const restored = [{ path: '/w/a.txt', before: 'x', after: 'y' }];
  const result = { revertId: 'revert-1', restored, unsaved: [], left: [] };
  assert.equal(
    revertedText(session.state, turn, result),
    'Reverted 1 file of turn 1 of “Find the slow query”.',
  );
  const left = [{ path: '/w/b.txt', why: 'it changed just now' }];
  assert.equal(
    revertedText(session.state, agent, { ...result, unsaved: ['/w/a.txt'], left }),
    'Reverted 1 file of “Find the slow query”. 1 file not saved yet: save in the editor. Left as it is: b.txt (it changed just now).',
  );
  revert(session, 'revert-1', turn);
  const undone = revertedText(session.state, { kind: 'revert', revertId: 'revert-1' }, result);
  assert.equal(undone, 'Brought back 1 file of turn 1 of “Find the slow query”.');
});
