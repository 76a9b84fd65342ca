/** Texts that are kept by what differs come back to the byte, and take little room. */
import assert from 'node:assert/strict';
import { readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { openJournalFile } from '../../../src/store/journalFile.ts';
import { isKept, keptText, readKeptText } from '../../../src/store/keptTexts.ts';
import { applyDelta, deltaOf } from '../../../src/store/textDelta.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const piece = fc.constantFrom(
  'a',
  'line\n',
  'ä',
  '🙂',
  '\r\n',
  'x'.repeat(300),
  'one of many lines\n'.repeat(40),
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

test('a text is said by another one exactly, whatever both are', () => {
  fc.assert(
    fc.property(text, text, text, text, (first, second, third, fourth) => {
      const base = Buffer.from(first + second + third);
      const target = Buffer.from(third + first + fourth + second);
      const parts = deltaOf(base, target, Infinity);
      assert.ok(parts);
      assert.deepEqual(applyDelta(base, parts), target);
    }),
    { seed: 20_261_130, numRuns: 300 },
  );
});

test('what is more new than common has no delta, and parts that do not fit say nothing', () => {
  const [base, target] = [Buffer.from('a'.repeat(4096)), Buffer.from('b'.repeat(4096))];
  assert.equal(deltaOf(base, target, 1024), undefined);
  assert.equal(applyDelta(base, [[4000, 200]]), undefined);
});

interface Kept {
  readonly folder: string;
  readonly texts: readonly string[];
  readonly bytes: () => Promise<number>;
}

/** Keeps a text and then each of its changed forms, as edits do. */
async function keep(t: Parameters<typeof temporaryFolder>[0], first: string, edits: number): Promise<Kept> {
  const folder = await temporaryFolder(t);
  const file = await openJournalFile(path.join(folder, 'journal'), folder);
  const texts = [first];
  for (let edit = 0; edit < edits; edit += 1) {
    const last = texts.at(-1) ?? '';
    const at = Math.floor((last.length * ((edit * 7) % 13)) / 13);
    texts.push(`${last.slice(0, at)}edit ${edit} 🙂${last.slice(at + 3)}`);
  }
  for (const [index, each] of texts.entries()) {
    const like = texts[index - 1];
    await file.writeBlob(keptText({ text: each, ...(like !== undefined && { like: textHash(like) }) }));
  }
  await file.close();
  const bytes = async (): Promise<number> => {
    let sum = 0;
    for (const name of await readdir(folder)) sum += (await stat(path.join(folder, name))).size;
    return sum;
  };
  return { folder, texts, bytes };
}

const lines = Array.from({ length: 20_000 }, (_, line) => `const line${line} = ${line * line};\n`).join('');

for (const [what, first] of [
  ['lines', lines],
  ['one line', lines.replaceAll('\n', ' ')],
] as const)
  test(`40 edits of a large file of ${what} take little more room than the file, and each text comes back`, async (t) => {
    const { folder, texts, bytes } = await keep(t, first, 40);
    assert.ok((await bytes()) < 1.2 * Buffer.byteLength(first), `${await bytes()} bytes`);
    for (const each of texts) {
      assert.ok(await isKept(textHash(each), folder));
      assert.ok((await readKeptText(textHash(each), folder)) === each);
    }
  });

test('a text whose base is lost or damaged is not kept any more, and the next one is kept whole', async (t) => {
  const { folder, texts } = await keep(t, lines, 3);
  const [first = '', second = '', , last = ''] = texts;
  const base = path.join(folder, textHash(first));
  await truncate(base, 1000);
  assert.equal(await readKeptText(textHash(last), folder), undefined);
  await rm(base);
  assert.equal(await isKept(textHash(last), folder), false);
  const file = await openJournalFile(path.join(folder, 'journal'), folder);
  await file.writeBlob(keptText({ text: second, like: textHash(first) }));
  await file.close();
  assert.ok((await readKeptText(textHash(second), folder)) === second);
  await writeFile(path.join(folder, `${textHash('x')}.delta`), '{"base":"../../secret"}');
  assert.equal(await isKept(textHash('x'), folder), false);
});
