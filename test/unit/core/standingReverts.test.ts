/** The account of reverts, and of their undoing, if their program died before all files were restored. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import { revertedOf, revertToUndo } from '../../../src/core/standingReverts.ts';
import { ok, SessionScript } from '../views/sessionScript.ts';

const agent: RevertTarget = { kind: 'agent', agentId: 'a1' };
const files = ['/w/1.txt', '/w/2.txt', '/w/3.txt'];

/** Whose a revert is, and which files it did not restore. */
type Cut = readonly [RevertTarget, readonly string[]];

/** Three edits, and then these reverts. */
function sessionWith(...reverts: readonly Cut[]): SessionScript {
  const session = new SessionScript().agent().run('Go.').turn().turnEnd('tool_use').turnBatch();
  for (const [index, path] of files.entries()) {
    session.call(`c${index}`, 'write_file', { path, content: 'x' }).start(`c${index}`);
    const edit = { path, before: null, after: 'h', text: '', bytes: 0 };
    session.add({ type: 'edit.intended', callId: `c${index}`, edit });
    session.settle(`c${index}`, ok('Made it.'));
  }
  for (const [index, [target, left]] of reverts.entries()) {
    const revertId = `revert-${index + 1}`;
    session.add({
      type: 'revert.started',
      revertId,
      target,
      callIds: ['c0', 'c1', 'c2'],
      files: files.map((path) => ({ path, before: 'h', after: null })),
      leftOut: [],
    });
    const notRestored = left.map((path) => ({ path, why: 'the program was closed before it was restored' }));
    session.add({ type: 'revert.ended', revertId, notRestored });
  }
  return session;
}

const undo = (number: number): RevertTarget => ({ kind: 'revert', revertId: `revert-${number}` });
const [first = '', second = ''] = files;

describe('J1, reverts: a revert that was cut off counts as what it restored', () => {
  const scenes: readonly (readonly [string, readonly Cut[], string])[] = [
    ['all of it', [[agent, []]], 'whole, undoes revert-1'],
    ['some of it', [[agent, [first]]], 'partly, undoes revert-1'],
    ['nothing of it', [[agent, files]], 'partly, undoes revert-1'],
    [
      'its undoing whole',
      [
        [agent, []],
        [undo(1), []],
      ],
      'no, undoes nothing',
    ],
    [
      'its undoing in part',
      [
        [agent, []],
        [undo(1), [first, second]],
      ],
      'partly, undoes revert-1',
    ],
    [
      'nothing of its undoing',
      [
        [agent, []],
        [undo(1), files],
      ],
      'whole, undoes revert-1',
    ],
    [
      'its undoing in two parts',
      [
        [agent, []],
        [undo(1), [first]],
        [undo(1), []],
      ],
      'no, undoes nothing',
    ],
    [
      'the undoing of its undoing',
      [
        [agent, []],
        [undo(1), []],
        [undo(2), []],
      ],
      'whole, undoes revert-1',
    ],
    [
      'half the undoing of its undoing',
      [
        [agent, []],
        [undo(1), []],
        [undo(2), [first]],
      ],
      'partly, undoes revert-1',
    ],
  ];
  for (const [what, reverts, wanted] of scenes)
    test(what, () => {
      const { state } = sessionWith(...reverts);
      const said = `${revertedOf(state, agent)}, undoes ${revertToUndo(state, agent)?.id ?? 'nothing'}`;
      assert.equal(said, wanted);
    });
});
