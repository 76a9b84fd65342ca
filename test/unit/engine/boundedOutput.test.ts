/** The last bound on what a model is given. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallOutput } from '../../../src/core/calls.ts';
import { withinBounds } from '../../../src/engine/boundedOutput.ts';

const long: CallOutput = { text: 'x'.repeat(400_000), bytes: 400_000 };

async function bounded(output: CallOutput, keep: (text: string) => Promise<string>): Promise<CallOutput> {
  const error = { kind: 'io', message: 'no' } as const;
  const outcome = await withinBounds('c', { status: 'failed', error, output }, keep);
  assert.ok(outcome.status === 'failed' && outcome.output);
  return outcome.output;
}

test('the partial output of a call that failed is shortened too, and kept whole', async () => {
  const kept: string[] = [];
  const output = await bounded(long, (text) => Promise.resolve((kept.push(text), '/kept')));
  assert.ok(output.text.length < 300_000);
  assert.equal(output.file, '/kept');
  assert.deepEqual(kept, [long.text]);
});

test('output that has a file already is not kept again', async () => {
  const output = await bounded({ ...long, file: '/there' }, () => Promise.reject(new Error('asked')));
  assert.equal(output.file, '/there');
  assert.match(output.text, /read_output/);
});

test('output that can not be kept is shortened all the same, and no file is named', async () => {
  const output = await bounded(long, () => Promise.reject(new Error('the disk is full')));
  assert.ok(output.text.length < 300_000);
  assert.equal(output.file, undefined);
  assert.doesNotMatch(output.text, /read_output/);
});
