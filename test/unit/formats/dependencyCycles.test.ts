import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencyCycles } from '../../../src/formats/dependencyCycles.ts';

function cycles(graph: Record<string, readonly string[]>): readonly string[] {
  return dependencyCycles(new Map(Object.entries(graph))).map((cycle) => cycle.join(' -> '));
}

test('no circle in a diamond, nor in names that nobody has, nor in a name that waits for itself', () => {
  assert.deepEqual(cycles({ a: ['b', 'c'], b: ['d'], c: ['d', 'nobody'], d: ['d'] }), []);
});

test('each circle of a graph is named once, from its first name on', () => {
  assert.deepEqual(cycles({ a: ['b'], b: ['a'], c: ['e'], d: ['c'], e: ['d'], f: ['a', 'c'] }), [
    'a -> b',
    'c -> e -> d',
  ]);
});

test('circles that share a name are both named', () => {
  assert.deepEqual(cycles({ a: ['b', 'c'], b: ['a'], c: ['a'] }), ['a -> b', 'a -> c']);
});

test('a circle behind a chain leaves the chain out', () => {
  assert.deepEqual(cycles({ a: ['b'], b: ['c'], c: ['b'] }), ['b -> c']);
});
