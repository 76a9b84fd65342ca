import assert from 'node:assert/strict';
import test from 'node:test';
import { parentRowId } from '../../../src/views/parentRows.ts';
import { targetOf } from '../../../src/views/rowIds.ts';
import { childRowIds, childRows } from '../../../src/views/rows.ts';
import { rowIdsTouchedBy } from '../../../src/views/touchedRows.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

function manyCalls(count: number): SessionScript {
  const script = new SessionScript('batch', 'many').batch({ kind: 'file', file: '/w/many.batch.json' });
  for (let index = 0; index < count; index += 1)
    script.call(`c${index}`, 'read_file', { path: 'a' }, 'b1', index);
  return script;
}

test('a batch of up to 200 calls is one list', () => {
  assert.equal(childRowIds(manyCalls(200).state, 's1').length, 200);
});

test('a larger batch is listed by the hundred, closed, with what became of each', () => {
  const script = manyCalls(250);
  for (let index = 0; index < 100; index += 1) script.settle(`c${index}`, ok('fine'));
  script.settle('c100', exited(3, 'ERROR')).settle('c101', ok('fine'));
  const rows = childRows(script.state, 's1');
  assert.deepEqual(
    rows.map(({ label, description, startsClosed }) => [label, description, startsClosed]),
    [
      ['Calls 1 to 100', '100 of 100', true],
      ['Calls 101 to 200', '1 of 100 · 1 failed · 98 unfinished', true],
      ['Calls 201 to 250', '0 of 50 · 50 unfinished', true],
    ],
  );
});

test('each call stands in its range, and each range in its batch', () => {
  const { state } = manyCalls(250);
  const [, second = ''] = childRowIds(state, 's1');
  const ids = childRowIds(state, second);
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [100, 's1/b1/c100', 's1/b1/c199']);
  for (const id of ids) {
    const target = targetOf(state, id);
    assert.equal(target && parentRowId(state, target), second);
  }
  const range = targetOf(state, second);
  assert.equal(range && parentRowId(state, range), 's1');
});

test('an event of a call touches its row, its range and its batch, and no other', () => {
  const script = manyCalls(250);
  const { state } = script;
  const event = script.add({ type: 'call.started', callId: 'c120', attempt: 1 });
  assert.deepEqual(rowIdsTouchedBy(event, state), ['s1/b1/c120', 's1/b1//100', 's1']);
});

test('a range that no batch has is no row', () => {
  assert.equal(targetOf(manyCalls(1).state, 's1/b2//0'), undefined);
});
