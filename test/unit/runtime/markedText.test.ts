/** B1: a byte order mark at the beginning of a content is the file's mark; edits, reverts and their undoing are exact. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { UnsavedTexts } from '../../../src/adapters/node/files.ts';
import { asksFor, says, type Part } from '../../fixtures/agentScripts.ts';
import { revertBench, snapshot } from '../../fixtures/revertBench.ts';
import { toolBench } from '../tools/toolBench.ts';

const mark = '\uFEFF';
const write = (content: string) => ['w', 'write_file', { path: 'n.ps1', content }] as const;
const edit = (oldText: string, newText: string) =>
  ['e', 'edit_file', { path: 'n.ps1', edits: [{ oldText, newText }] }] as const;
const read = asksFor(['r', 'read_file', { path: 'n.ps1' }]);

/** The text of the file before, the requests of each turn, and the text of the file after. */
const stories: readonly (readonly [string | undefined, readonly Part[], string])[] = [
  [undefined, [asksFor(write(`${mark}one\r\n`)), asksFor(edit('one', 'two'))], `${mark}two\r\n`],
  ['one', [read, asksFor(write(`${mark}two`))], `${mark}two`],
  [`${mark}one`, [read, asksFor(write(`${mark}two`)), asksFor(edit('two', 'three'))], `${mark}three`],
  [`${mark}one`, [read, asksFor(write('two'))], `${mark}two`],
  ['one', [read, asksFor(write(`${mark}one`)), asksFor(edit('one', '1'))], `${mark}1`],
  [
    'one',
    [read, asksFor(edit('one', `${mark}two`)), asksFor(['e2', 'edit_file', edit('two', '2')[2]])],
    `${mark}2`,
  ],
  [`${mark}one`, [read, asksFor(edit(`${mark}one`, `${mark}two`))], `${mark}two`],
  [`${mark}one one`, [read, asksFor(edit(`${mark}one`, 'two'))], `${mark}two one`],
  [`${mark}${mark}one`, [read, asksFor(edit('one', 'two'))], `${mark}${mark}two`],
  [`${mark}${mark}one`, [read, asksFor(edit(`${mark}one`, `${mark}two`))], `${mark}${mark}two`],
  ['one', [read, asksFor(edit('ne', `${mark}ne`))], `o${mark}ne`],
];

for (const [index, [before, parts, after]] of stories.entries())
  test(`B1: story ${index}: the bytes are exact, after a revert and after its undoing too`, async (t) => {
    const files: Readonly<Record<string, string>> = before === undefined ? {} : { 'n.ps1': before };
    const bench = await revertBench(t, { root: [...parts, says('Done.')] }, files);
    const start = await snapshot(bench.folder);
    const { id } = await bench.run('root');
    assert.equal(await readFile(path.join(bench.folder, 'n.ps1'), 'utf8'), after);
    const end = await snapshot(bench.folder);
    await bench.restart();
    await bench.runtime.openSession(id);
    const reverted = await bench.revert(id, { kind: 'agent', agentId: 'agent-1' });
    assert.deepEqual([reverted.left, await snapshot(bench.folder)], [[], start]);
    const { revertId = '' } = reverted;
    assert.deepEqual((await bench.revert(id, { kind: 'revert', revertId })).left, []);
    assert.deepEqual(await snapshot(bench.folder), end);
  });

test('B1: a file that has the mark and the text is left alone, and an edit that adds nothing fails', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'n.ps1'), `${mark}one`);
  assert.match(await bench.text('write_file', write(`${mark}one`)[2]), /holds exactly this text already/);
  assert.match(
    await bench.text('edit_file', edit('one', `${mark}one`)[2]),
    /^invalidInput: .*change nothing/,
  );
  assert.match(
    await bench.text('edit_file', edit(`${mark}one`, 'one')[2]),
    /^invalidInput: .*change nothing/,
  );
});

/** As VS Code does: what it makes has the bytes of the text, what it saves keeps the file's mark. */
function markKeepingEditor(): UnsavedTexts {
  return {
    unsavedText: () => undefined,
    async write({ path: file, text, replaces }) {
      const hasMark = replaces !== undefined && (await readFile(file, 'utf8')).startsWith(mark);
      await writeFile(file, hasMark ? `${mark}${text}` : text);
      return { ok: true, text, isUnsaved: false };
    },
  };
}

test('B1: through an editor too the mark is there once', async (t: TestContext) => {
  const bench = await toolBench(t, markKeepingEditor());
  const file = path.join(bench.root, 'n.ps1');
  const asAgent = { agentId: 'agent-1' };
  await bench.text('write_file', write(`${mark}one`)[2], asAgent);
  assert.equal(await readFile(file, 'utf8'), `${mark}one`);
  assert.match(await bench.text('edit_file', edit('one', 'two')[2], asAgent), /^Changed/);
  assert.match(await bench.text('write_file', write(`${mark}three`)[2], asAgent), /^Changed/);
  assert.equal(await readFile(file, 'utf8'), `${mark}three`);
  await writeFile(file, 'plain');
  await bench.text('read_file', { path: 'n.ps1' }, asAgent);
  assert.match(await bench.text('write_file', write(`${mark}marked`)[2], asAgent), /^Changed/);
  assert.equal(await readFile(file, 'utf8'), `${mark}marked`);
});
