import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
  };
}

const text = readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8');
const items = (JSON.parse(text) as Manifest).contributes.menus['view/item/context'] ?? [];

/** What the menus of a row offer that matches by a pattern. */
function offered(contextValue: string): string {
  const patterns = items.flatMap(({ command, when }) => {
    const pattern = /viewItem =~ \/(.*)\/$/.exec(when)?.[1];
    return pattern !== undefined && new RegExp(pattern).test(contextValue) ? [command.split('.')[1]] : [];
  });
  return [...new Set(patterns)].sort().join(' ');
}

test('a row offers to revert its edits, and to undo that, beside all that it offers otherwise', () => {
  const endings = ['', '.edits', '.reverted', '.edits.reverted'];
  const reverting = ['', ' revertX', ' undoRevert', ' revertX undoRevert'];
  const added = (context: string, command: string): string =>
    offered(context)
      .split(' ')
      .filter(
        (each) =>
          !offered(context.replace(/(\.edits)?(\.reverted)?$/, ''))
            .split(' ')
            .includes(each),
      )
      .map((each) => (each === command ? ' revertX' : ` ${each}`))
      .join('');
  for (const row of [
    'agent.ended',
    'agent.interrupted',
    'agent.ended.worktree',
    'agent.interrupted.worktree.taken',
  ])
    assert.deepEqual(
      endings.map((end) => added(`${row}${end}`, 'revertAgent')),
      reverting,
      row,
    );
  assert.deepEqual(
    endings.map((end) => added(`turn${end}`, 'revertTurn')),
    reverting,
  );
  for (const row of ['agent.working', 'turn.working', 'session.agent.ended', 'call.settled'])
    assert.doesNotMatch(offered(row), /revert/i);
});

test('what a row offers otherwise does not depend on its edits', () => {
  for (const row of [
    'agent.ended',
    'agent.interrupted',
    'agent.ended.worktree',
    'agent.interrupted.worktree.taken',
  ])
    for (const end of ['.edits', '.reverted', '.edits.reverted']) {
      const own = offered(`${row}${end}`).replaceAll(/ ?(revertAgent|undoRevert)/g, '');
      assert.equal(own, offered(row), `${row}${end}`);
    }
});
