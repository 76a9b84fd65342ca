import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallestChange } from '../../../src/adapters/vscode/smallestChange.ts';
import { seededRandom } from '../../fixtures/seededRandom.ts';

test('only the lines that differ are replaced', () => {
  assert.deepEqual(smallestChange('a\nb\nc\n', 'a\nB\nc\n'), { start: 2, end: 4, newText: 'B\n' });
  assert.deepEqual(smallestChange('a\r\nb\r\n', 'a\r\nx\r\nb\r\n'), {
    start: 3,
    end: 6,
    newText: 'x\r\nb\r\n',
  });
  assert.deepEqual(smallestChange('', 'a'), { start: 0, end: 0, newText: 'a' });
});

test('the change makes one text of the other', () => {
  const random = seededRandom(1);
  const text = (): string =>
    Array.from(
      { length: Math.floor(random() * 8) },
      () => ['a', 'b', '\n', '\r\n', '😀'][Math.floor(random() * 5)],
    ).join('');
  for (let count = 0; count < 5000; count += 1) {
    const [before, after] = [text(), text()];
    const { start, end, newText } = smallestChange(before, after);
    assert.equal(
      before.slice(0, start) + newText + before.slice(end),
      after,
      JSON.stringify({ before, after }),
    );
  }
});
