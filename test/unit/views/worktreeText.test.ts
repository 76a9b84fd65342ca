import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentRow } from '../../../src/views/agentRow.ts';
import { rowIdsTouchedBy } from '../../../src/views/touchedRows.ts';
import type { TouchedRows } from '../../../src/views/touchedRows.ts';
import { rowOf } from '../../../src/views/rows.ts';
import { changesText, discardedText, worktreeDescription } from '../../../src/views/worktreeText.ts';
import { SessionScript } from './sessionScript.ts';

test('a discarded worktree says where everything went', () => {
  assert.equal(discardedText('Helper', {}), 'The worktree of “Helper” is removed.');
  assert.equal(
    discardedText('Helper', { keptPatch: '/kept/a.patch', keptBranch: 'allsettled/s-a' }),
    'The worktree of “Helper” is removed; a patch holds what was in it, its commits stay on the branch allsettled/s-a.',
  );
});

test('a worktree in a list says of which repository, how old and where it is', () => {
  const worktree = { path: '/state/w', branch: 'allsettled/s-a', base: 'abc' };
  const known = {
    sessionId: 's',
    agentId: 'a',
    label: 'A',
    worktree,
    repository: '/home/x/project',
    createdAt: 0,
  };
  assert.deepEqual(worktreeDescription(known, 2 * 60 * 60 * 1000), {
    description: 'project, 2 h ago',
    detail: 'allsettled/s-a in /state/w',
  });
  const summary = { text: '1 file changed, 2 lines added, 0 removed', isTaken: true };
  const { description } = worktreeDescription(known, 0, summary);
  assert.equal(description, 'project, just now · 1 file changed · merged or applied');
});

test('an agent’s row says that it has a worktree, for the menus and for the person', () => {
  const script = new SessionScript().agent().run('Go').turn().turnEnd('end_turn');
  const written =
    'In its worktree /state/w, on branch allsettled/s-a: 1 file changed, 2 lines added, 0 removed.';
  script.end({ changes: `${written} A person can view, apply, merge or discard them.` });
  const plain = rowOf(script.state, 's1/a1');
  const worktree = { path: '/state/w', branch: 'allsettled/s-a', base: 'abc' };
  const agent = script.state.agents.get('a1');
  assert.ok(agent);
  const row = agentRow(script.state, { ...agent, worktree });
  assert.equal(plain?.contextValue, 'agent.ended');
  assert.equal(row.contextValue, 'agent.ended.worktree');
  assert.equal(row.description, 'completed · worktree: 1 file changed · 40 ms');
  const lines = ['1 file changed, 2 lines added, 0 removed', 'Branch: allsettled/s-a', 'Folder: /state/w'];
  assert.ok(row.tooltip.includes(`\nWorktree: ${lines.join('\n')}`), row.tooltip);
  assert.doesNotMatch(row.tooltip, /A person can/);
});

test('once it was taken over the row says so, and its menus only view and remove it, until a further run', () => {
  const script = new SessionScript();
  const worktree = { path: '/state/w', branch: 'b', base: 'abc' };
  const created = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [], worktree } as const;
  script.add({ type: 'agent.created', agentId: 'a1', label: 'Helper', ...created });
  script.run('Go').end({ changes: 'In its worktree /state/w, on branch b: 1 file changed.' });
  const settle = (fate: 'merged' | 'discarded'): TouchedRows =>
    rowIdsTouchedBy(script.add({ type: 'worktree.settled', agentId: 'a1', fate }), script.state);
  const text = (): string => {
    const row = rowOf(script.state, 's1/a1');
    return `${row?.contextValue}: ${row?.description}`;
  };
  assert.equal(text(), 'agent.ended.worktree: completed · worktree: 1 file changed · 20 ms');
  assert.deepEqual(settle('merged'), ['s1']);
  assert.equal(text(), 'agent.ended.worktree.taken: completed · worktree: merged · 20 ms');
  script.run('More', 'r2', 'a1', 'r1').end({}, 'r2');
  assert.equal(text(), 'agent.ended.worktree: completed · worktree · 20 ms');
  settle('discarded');
  assert.equal(text(), 'agent.ended: completed · worktree: discarded · 20 ms');
});

test('a worktree that is gone, or could not be looked at, says so and no more', () => {
  const worktree = { path: '/state/w', branch: 'b', base: 'abc' };
  assert.equal(changesText('Its worktree, on branch b, is gone.', worktree), 'gone');
  const untold =
    'In its worktree /state/w, on branch b: what is in it could not be told (No git.). A person can view, apply, merge or discard them.';
  assert.equal(changesText(untold, worktree), 'what is in it could not be told (No git.)');
  assert.equal(changesText(undefined, worktree), '');
});
