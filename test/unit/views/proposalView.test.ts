import assert from 'node:assert/strict';
import test from 'node:test';
import type { Proposal } from '../../../src/core/calls.ts';
import { proposalDiffs } from '../../../src/views/proposalView.ts';

function diffsOf(...edits: Extract<Proposal, { ok: true }>['edits']) {
  return proposalDiffs({ ok: true, edits }, 'Lookout');
}

const titles = (...edits: Extract<Proposal, { ok: true }>['edits']): readonly string[] =>
  diffsOf(...edits).map(({ title }) => title);

test('each file of an edit has its diff, with who proposes it in the title', () => {
  const diffs = diffsOf(
    { path: '/w/src/a.ts', before: 'one\n', after: 'two\n' },
    { path: '/w/b.md', before: undefined, after: 'new\n' },
    { path: '/w/c.md', before: 'old\n', after: undefined },
  );
  assert.deepEqual(
    diffs.map(({ title, before, after, paths }) => [title, before, after, ...paths]),
    [
      ['a.ts (proposed by Lookout)', 'one\n', 'two\n', '/w/src/a.ts'],
      ['b.md (new file, proposed by Lookout)', '', 'new\n', '/w/b.md'],
      ['c.md (deletion proposed by Lookout)', 'old\n', '', '/w/c.md'],
    ],
  );
});

test('a renamed file is one diff, in whichever order its sides come', () => {
  const from = { path: '/w/a.ts', before: 'text', after: undefined };
  const to = { path: '/w/b.ts', before: undefined, after: 'text' };
  for (const edits of [
    [from, to],
    [to, from],
  ]) {
    const [diff, ...others] = diffsOf(...edits);
    assert.equal(others.length, 0);
    assert.equal(diff?.title, 'a.ts → b.ts (rename proposed by Lookout)');
    assert.deepEqual(
      [diff.beforeName, diff.afterName, diff.before, diff.after],
      ['a.ts', 'b.ts', 'text', 'text'],
    );
  }
});

test('two edits that are no rename are two diffs', () => {
  const created = { path: '/w/a', before: undefined, after: 'x' };
  const deleted = { path: '/w/b', before: 'y', after: undefined };
  assert.equal(diffsOf(created, { ...created, path: '/w/c' }).length, 2);
  assert.equal(diffsOf(deleted, { ...deleted, path: '/w/c' }).length, 2);
});

test('what a diff editor leaves out is said in the title', () => {
  assert.deepEqual(titles({ path: '/w/a', before: 'a\n b\n', after: 'a  \n\tb\r\n' }), [
    'a (only blanks and line ends, proposed by Lookout)',
  ]);
  assert.deepEqual(titles({ path: '/w/a', before: 'a b', after: 'ab' }), ['a (proposed by Lookout)']);
});

test('an edit that can not be made now says why, and changes nothing', () => {
  const [diff] = proposalDiffs(
    { ok: false, error: { kind: 'changed', message: 'a.ts has changed. Read it again.' } },
    'Lookout',
  );
  assert.match(
    diff?.after ?? '',
    /can not be made now\.\nAccepted, it would fail:\n\na\.ts has changed\.\nRead it again\./,
  );
  assert.equal(diff?.before, diff?.after);
});

test('a file name can not reorder the title', () => {
  assert.doesNotMatch(titles({ path: '/w/a\u202ets.exe', before: '', after: 'x' }).join(), /\u202e/);
});
