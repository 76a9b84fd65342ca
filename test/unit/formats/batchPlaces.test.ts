import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchPlaces } from '../../../src/formats/batchPlaces.ts';

const call = (id: string): string => `{ "id": "${id}", "tool": "git", "input": { "args": ["status"] } }`;

test('each call has its place in the text, comments and all', () => {
  const text = `// A comment\n{ "version": 1, "calls": [\n  ${call('a')}, // the first\n  ${call('b')},\n] }`;
  const places = batchPlaces(text);
  assert.deepEqual(
    places.map(({ offset, length }) => text.slice(offset, offset + length)),
    [call('a'), call('b')],
  );
  assert.deepEqual(places[0]?.input, { args: ['status'] });
});

test('a file with problems has the places of the calls that can be told', () => {
  assert.deepEqual(
    batchPlaces(`{ "calls": [1, {}, { "id": 2 }, ${call('a')}, ${call('a')}, { "id": "b" }] }`).map(
      ({ id }) => id,
    ),
    ['a', 'b'],
  );
});

test('what is no batch file has no places', () => {
  for (const text of ['', '[', '[]', 'null', '{}', '{ "calls": {} }', `{ "calls": [${call('a')}`])
    assert.deepEqual(batchPlaces(text), [], text);
});
