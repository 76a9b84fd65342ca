/** A program that dies at any byte of a write into a file: the next one knows the file for torn, and makes it good. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { isTorn, writeOver } from '../../../src/adapters/node/writeOver.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

type Handle = Parameters<typeof writeOver>[0];

/** All that a file held on its way, one byte written after the other. */
async function statesOf(work: (handle: Handle) => Promise<void>, begun: Buffer): Promise<readonly Buffer[]> {
  let content = begun;
  const states: Buffer[] = [content];
  const fake = {
    write(bytes: Buffer, start: number, length: number, position: number) {
      for (let at = 0; at < length; at += 1) {
        const next = Buffer.alloc(Math.max(content.length, position + at + 1));
        content.copy(next);
        next[position + at] = bytes[start + at] ?? 0;
        states.push((content = next));
      }
      return Promise.resolve({ bytesWritten: length });
    },
    truncate(length: number) {
      states.push((content = content.subarray(0, length)));
      return Promise.resolve();
    },
    sync: () => Promise.resolve(),
  };
  await work(fake as unknown as Handle);
  return states;
}

const bytes = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }).map((text) => Buffer.from(text));

test('K5: at each byte of a write the file is torn, as before or as after; so it is while it is made good', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.nat(), async (old, now, cut) => {
      const states = await statesOf((handle) => writeOver(handle, old, now), old);
      assert.deepEqual(states.at(-1), now);
      for (const state of states) assert.ok(isTorn(state, old, now) || state.equals(now));
      const torn = states[cut % states.length] ?? old;
      if (torn.equals(now)) return;
      const back = await statesOf((handle) => writeOver(handle, torn, old), torn);
      assert.deepEqual(back.at(-1), old);
      for (const state of back) assert.ok(isTorn(state, old, now));
    }),
    { numRuns: 1500, seed: 20261201 },
  );
});

test('K5: what somebody else wrote is not taken for torn', () => {
  const [old, now] = [Buffer.from('one two three'), Buffer.from('ONE TWO THREE four')];
  for (const other of [
    '',
    'one',
    'ONE two thre',
    'one two three five',
    'ONE my three',
    'ONE TWO THREE four five',
  ])
    assert.equal(isTorn(Buffer.from(other), old, now), false, other);
});

const cases = [
  ['ONE TWO three', 'one two three'],
  ['one two three fo', 'one two three'],
  ['ONE TWO THREE four', 'ONE TWO THREE four'],
  ['one two', 'one two'],
] as const;

for (const [found, after] of cases)
  test(`K5: a file that holds ${found} is ${after === found ? 'left alone' : 'made good'}`, async (t) => {
    const file = path.join(await temporaryFolder(t), 'a.txt');
    await writeFile(file, found);
    const form = { encoding: 'UTF-8', hasMark: false } as const;
    const torn = { path: file, before: 'one two three', after: 'ONE TWO THREE four', form };
    const restored = await createFiles().restoreTorn(torn, new AbortController().signal);
    assert.equal(await readFile(file, 'utf8'), after);
    assert.equal(restored, after !== found);
  });

test('K5, K11 11e: a file in another encoding is made good in that encoding', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
  await writeFile(file, Buffer.concat([utf16('TW'), utf16('two').subarray(6)]));
  const form = { encoding: 'UTF-16 LE', hasMark: true } as const;
  const torn = { path: file, before: 'two', after: 'TWO', form };
  assert.equal(await createFiles().restoreTorn(torn, new AbortController().signal), true);
  assert.deepEqual(await readFile(file), utf16('two'));
});
