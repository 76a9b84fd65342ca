/** The texts before and after edits that were made, as a click on their rows shows them. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EditedFile, SideOfEdit } from '../../../src/core/calls.ts';
import type { BatchCall } from '../../../src/formats/batchFile.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const never = new AbortController().signal;

interface Edited {
  readonly folder: string;
  readonly runtime: Runtime;
  readonly sessionId: string;
  /** `before -> after`, and `=` at the end if the file still holds that. */
  readonly texts: (callId: string) => Promise<readonly string[]>;
}

/** Runs the calls one after the other in a folder that holds a.txt. */
async function edited(t: TestContext, calls: readonly Omit<BatchCall, 'after'>[]): Promise<Edited> {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'a.txt'), 'one\ntwo\n');
  const runtime = testRuntime(t, await temporaryFolder(t), 'http://127.0.0.1:9');
  const ordered = calls.map((call, index) => ({
    ...call,
    ...(index > 0 && { after: [{ id: calls[index - 1]?.id ?? '', when: 'succeeded' as const }] }),
  }));
  const batch = { version: 1 as const, calls: ordered };
  const place = { cwd: folder, roots: [folder] };
  const { sessionId, settled } = await runtime.runBatch({ ...place, batch, permission: 'unlimited' });
  for (const { status, error } of await settled) assert.equal(status, 'succeeded', error?.message);
  const texts = async (callId: string): Promise<readonly string[]> =>
    (await runtime.editTexts(sessionId, callId, never)).map(textOf);
  return { folder, runtime, sessionId, texts };
}

function textOf({ path: file, movedFrom, before, after, isAsLeft }: EditedFile): string {
  const name = [movedFrom, file]
    .flatMap((each) => (each === undefined ? [] : [path.basename(each)]))
    .join(' > ');
  return `${name}: ${sideText(before)} -> ${sideText(after)}${isAsLeft ? ' =' : ''}`;
}

function sideText(side: SideOfEdit): string {
  return side.kind === 'text' ? JSON.stringify(side.text) : side.kind;
}

const edit = (id: string, oldText: string, newText: string): BatchCall => ({
  id,
  tool: 'edit_file',
  input: { path: 'a.txt', edits: [{ oldText, newText }] },
});

test('an edit shows its text from before and what stands in the file', async (t) => {
  const { texts } = await edited(t, [edit('e', 'one', 'ONE')]);
  assert.deepEqual(await texts('e'), ['a.txt: "one\\ntwo\\n" -> "ONE\\ntwo\\n" =']);
});

test('each of several edits of a file shows its own step', async (t) => {
  const { texts } = await edited(t, [edit('e1', 'one', '1'), edit('e2', 'two', '2'), edit('e3', '2', 'II')]);
  assert.deepEqual(await texts('e1'), ['a.txt: "one\\ntwo\\n" -> "1\\ntwo\\n"']);
  assert.deepEqual(await texts('e2'), ['a.txt: "1\\ntwo\\n" -> "1\\n2\\n"']);
  assert.deepEqual(await texts('e3'), ['a.txt: "1\\n2\\n" -> "1\\nII\\n" =']);
});

test('the text that an edit left is shown also after somebody has changed or deleted the file', async (t) => {
  const { folder, texts } = await edited(t, [edit('e', 'one', 'ONE')]);
  await writeFile(path.join(folder, 'a.txt'), 'other\n');
  assert.deepEqual(await texts('e'), ['a.txt: "one\\ntwo\\n" -> "ONE\\ntwo\\n"']);
  await rm(path.join(folder, 'a.txt'));
  assert.deepEqual(await texts('e'), ['a.txt: "one\\ntwo\\n" -> "ONE\\ntwo\\n"']);
});

test('a new file has nothing before it, a deleted one nothing after, a renamed one the same text on both sides', async (t) => {
  const { folder, texts } = await edited(t, [
    { id: 'w', tool: 'write_file', input: { path: 'new.txt', content: 'fresh\n' } },
    { id: 'm', tool: 'rename_file', input: { from: 'new.txt', to: 'moved.txt' } },
    { id: 'd', tool: 'delete_file', input: { path: 'a.txt' } },
  ]);
  assert.deepEqual(await texts('w'), ['new.txt: noFile -> "fresh\\n"']);
  assert.deepEqual(await texts('m'), ['new.txt > moved.txt: "fresh\\n" -> "fresh\\n" =']);
  assert.deepEqual(await texts('d'), ['a.txt: "one\\ntwo\\n" -> noFile']);
  await rm(path.join(folder, 'moved.txt'));
  assert.deepEqual(await texts('m'), ['new.txt > moved.txt: "fresh\\n" -> "fresh\\n"']);
});

test('a call that changed nothing has no texts', async (t) => {
  const { texts } = await edited(t, [{ id: 'r', tool: 'read_file', input: { path: 'a.txt' } }]);
  assert.deepEqual(await texts('r'), []);
});
