/** Whatever an agent did to files, taking it back gives the bytes from before, and undoing that the bytes from after. */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import { asksFor, says, type Part } from '../../fixtures/agentScripts.ts';
import { revertBench, snapshot, type RevertBench, type Snapshot } from '../../fixtures/revertBench.ts';
import { turnIdsOf } from '../../fixtures/turnIds.ts';

const names = ['a.txt', 'b.txt', 'sub/c.txt', 'sub/deep/d.txt'] as const;

interface Step {
  readonly kind: 'write' | 'edit' | 'delete' | 'rename';
  readonly file: number;
  readonly to: number;
  readonly text: string;
}

const text = fc
  .array(fc.constantFrom('one', 'zwei', '\r\n', '\n', 'ä', '🙂', ' ', '\t', ''), { maxLength: 6 })
  .map((parts) => parts.join(''));
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('write', 'edit', 'edit', 'delete', 'rename', 'rename'),
  file: fc.nat(names.length - 1),
  to: fc.nat(names.length - 1),
  text,
});
const story = fc.record({
  files: fc.array(fc.record({ text, hasMark: fc.boolean() }), { minLength: 1, maxLength: names.length }),
  turns: fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Each was told wrongly once. */
const oddStories: readonly Story[] = [
  {
    files: [{ text: '', hasMark: false }],
    turns: [
      [{ kind: 'write', file: 2, to: 0, text: '' }],
      [
        { kind: 'rename', file: 2, to: 1, text: '' },
        { kind: 'write', file: 2, to: 0, text: 'one' },
      ],
    ],
  },
  {
    files: [{ text: '', hasMark: true }],
    turns: [
      [
        { kind: 'delete', file: 0, to: 0, text: '' },
        { kind: 'write', file: 0, to: 0, text: '' },
      ],
    ],
  },
];

test('edits of any turns are taken back and brought back, byte for byte', { timeout: 180_000 }, async (t) => {
  const parts: Record<string, readonly Part[]> = {};
  const bench = await revertBench(t, parts);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      run += 1;
      const name = `run-${run}`;
      await layOut(bench.folder, told);
      const moments: Snapshot[] = [];
      parts[name] = partsOf(told, bench.folder, (moment) => moments.push(moment));
      const state = await bench.run(name);
      const after = await snapshot(bench.folder);
      const turns = turnIdsOf(state, 'agent-1').slice(1, -1); // The first reads, the last says that it is done.
      assert.deepEqual(moments.at(-1), after);
      const reverts = await takeBackOneByOne(bench, state.id, turns, moments);
      await bringBack(bench, state.id, reverts);
      assert.deepEqual(await snapshot(bench.folder), after);
      const all = await bench.revert(state.id, { kind: 'agent', agentId: 'agent-1' });
      assert.deepEqual(all.left, []);
      assert.deepEqual(await snapshot(bench.folder), moments[0]);
      if (all.revertId !== undefined) await bringBack(bench, state.id, [all.revertId]);
      assert.deepEqual(await snapshot(bench.folder), after);
    }),
    { seed: 20_261_121, numRuns: 16, examples: oddStories.map((told) => [told]) },
  );
});

/** The newest turn first, each alone. */
async function takeBackOneByOne(
  bench: RevertBench,
  id: string,
  turns: readonly string[],
  moments: readonly Snapshot[],
): Promise<readonly string[]> {
  const reverts: string[] = [];
  for (const [index, turnId] of [...turns.entries()].toReversed()) {
    const { revertId, left } = await bench.revert(id, { kind: 'turn', turnId });
    assert.deepEqual(left, []);
    assert.deepEqual(await snapshot(bench.folder), moments[index], `before turn ${index}`);
    if (revertId !== undefined) reverts.push(revertId);
  }
  return reverts;
}

async function bringBack(bench: RevertBench, id: string, reverts: readonly string[]): Promise<void> {
  for (const revertId of reverts.toReversed()) {
    const target: RevertTarget = { kind: 'revert', revertId };
    assert.deepEqual((await bench.revert(id, target)).left, []);
  }
}

async function layOut(folder: string, { files }: Story): Promise<void> {
  for (const name of Object.keys(await snapshot(folder))) await rm(path.join(folder, name));
  for (const [index, file] of files.entries()) {
    const at = path.join(folder, names[index] ?? '');
    await mkdir(path.dirname(at), { recursive: true });
    await writeFile(at, `${file.hasMark ? '\uFEFF' : ''}${file.text}`);
  }
}

/** The agent reads all files, then does the steps of each turn, as far as they make sense; `onMoment` hears of each turn's start. */
function partsOf(
  { files, turns }: Story,
  folder: string,
  onMoment: (moment: Snapshot) => void,
): readonly Part[] {
  const standing = new Map(files.map((file, index) => [names[index] ?? '', file.text]));
  const reads = [...standing.keys()].map(
    (name, index) => [`r${index}`, 'read_file', { path: name }] as const,
  );
  const replies = turns.map((steps, turn) => {
    const calls = steps
      .map((each, index) => callOf(each, `c${turn}-${index}`, standing))
      .filter((call) => call !== undefined);
    // A turn without a call would be the last one.
    return asksFor(...(calls.length > 0 ? calls : [[`c${turn}`, 'list_files', { pattern: '*' }] as const]));
  });
  const moment = async (): Promise<void> => onMoment(await snapshot(folder));
  return [
    asksFor(...reads),
    ...replies.map((reply) => async () => {
      await moment();
      return reply;
    }),
    async () => {
      await moment();
      return says('Done.');
    },
  ];
}

/** Undefined where the step makes no sense as the files stand; else it stands in `standing`. */
function callOf(
  { kind, file, to, text: wanted }: Step,
  id: string,
  standing: Map<string, string>,
): readonly [string, string, object] | undefined {
  const name = names[file] ?? '';
  const target = names[to] ?? '';
  const there = standing.get(name);
  switch (kind) {
    case 'write':
      if (there === wanted) return undefined;
      standing.set(name, wanted);
      return [id, 'write_file', { path: name, content: wanted }];
    case 'edit':
      if (!there || there === wanted) return undefined;
      standing.set(name, wanted);
      return [id, 'edit_file', { path: name, edits: [{ oldText: there, newText: wanted }] }];
    case 'delete':
      if (there === undefined) return undefined;
      standing.delete(name);
      return [id, 'delete_file', { path: name }];
    case 'rename':
      if (there === undefined || standing.has(target)) return undefined;
      standing.delete(name);
      standing.set(target, there);
      return [id, 'rename_file', { from: name, to: target }];
  }
}
