import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dependency } from '../../../src/core/calls.ts';
import { reads, unknownEffects, writes, type Effects } from '../../../src/core/effects.ts';
import { planBatch } from '../../../src/engine/plan.ts';

/** The waits of a batch, one call a line: `later <- earlier`. */
function waits(calls: Readonly<Record<string, Effects>>): string {
  const plan = planBatch(Object.entries(calls).map(([id, effects]) => ({ id, effects, after: [] })));
  return [...plan.waits].map(([id, list]) => `${id} <- ${list.map((wait) => wait.id).join(' ')}`).join('\n');
}

const read = reads('file:/w/a');
const write = writes('file:/w/a');
const elsewhere = writes('file:/w/b');

// design.md, "Ordering inside a batch": every cell of the table.
const table: readonly (readonly [string, Effects, Effects, string])[] = [
  ['read, read', read, read, ''],
  ['read, write of the same', read, write, 'later <- earlier'],
  ['read, write of another', read, elsewhere, ''],
  ['read, unknown', read, unknownEffects, ''],
  ['write, read of the same', write, read, 'later <- earlier'],
  ['write, read of another', elsewhere, read, ''],
  ['write, write of the same', write, write, 'later <- earlier'],
  ['write, write of another', write, elsewhere, ''],
  ['write, unknown', write, unknownEffects, 'later <- earlier'],
  ['unknown, read', unknownEffects, read, ''],
  ['unknown, write', unknownEffects, write, 'later <- earlier'],
  ['unknown, unknown', unknownEffects, unknownEffects, ''],
];

for (const [name, earlier, later, expected] of table)
  test(`order of ${name}: ${expected || 'parallel'}`, () =>
    assert.equal(waits({ earlier, later }), expected));

const overlaps: readonly (readonly [string, string, boolean])[] = [
  ['file:/w/a', 'file:/w/a', true],
  ['tree:/w', 'file:/w/src/a', true],
  ['file:/w/src/a', 'tree:/w', true],
  ['tree:/w/src', 'tree:/w', true],
  ['tree:/w', 'tree:/w/src', true],
  ['tree:/', 'file:/w/a', true],
  ['file:/w/a', 'tree:/w/a', true],
  ['tree:/w/src', 'file:/w/src2/a', false],
  ['tree:/w/src', 'tree:/w/src2', false],
  ['file:/w/src2/a', 'tree:/w/src', false],
  ['tree:/w/a', 'file:/w/a', true],
  ['file:/w/a', 'tree:/', true],
  ['tree:C:\\w', 'file:C:\\w\\a', true],
  ['file:C:\\w\\a', 'tree:C:\\w', true],
  ['file:C:\\w2\\a', 'tree:C:\\w', false],
  ['git:/w/.git:index', 'git:/w/.git:index', true],
  ['git:/w/.git:index', 'git:/w/.git:refs', false],
  ['git:/w/.git:index', 'tree:/w', false],
];

for (const [one, other, expected] of overlaps)
  test(`${one} and ${other} ${expected ? 'overlap' : 'do not overlap'}`, () => {
    assert.equal(waits({ earlier: writes(one), later: reads(other) }) !== '', expected);
    assert.equal(waits({ earlier: reads(one), later: writes(other) }) !== '', expected);
  });

test('a declared order turns a conflict round, and no waiting goes in a circle', () => {
  const after = (id: string): readonly Dependency[] => [{ id, when: 'succeeded' }];
  const plan = planBatch([
    { id: 'a', effects: write, after: after('c') },
    { id: 'b', effects: write, after: [] },
    { id: 'c', effects: write, after: [] },
  ]);
  const list = [...plan.waits].map(([id, all]) => `${id} <- ${all.map((wait) => wait.id).join(' ')}`);
  assert.deepEqual(list, ['a <- c', 'b <- c a']);
});

test('a call that depends on a call of a cycle is planned, and the cycle is named', () => {
  const plan = planBatch([
    { id: 'a', after: [{ id: 'b', when: 'settled' }] },
    { id: 'b', after: [{ id: 'a', when: 'settled' }] },
    { id: 'c', after: [{ id: 'a', when: 'settled' }] },
    { id: 'self', after: [{ id: 'self', when: 'settled' }] },
  ]);
  assert.deepEqual(
    [...plan.problems].map(([id, { kind }]) => `${id} ${kind}`),
    ['a cycle', 'b cycle', 'self cycle'],
  );
  assert.deepEqual([...plan.waits.keys()], ['c']);
});

test('of a call that is part of a cycle, and comes after one that is not there, the missing one is told first', () => {
  const after = (id: string) => ({ id, when: 'succeeded' }) as const;
  const { problems } = planBatch([
    { id: 'a', after: [after('b'), after('nobody')] },
    { id: 'b', after: [after('a')] },
  ]);
  assert.deepEqual(
    [...problems].map(([id, { kind }]) => `${id} ${kind}`),
    ['a dependency', 'b cycle'],
  );
});
