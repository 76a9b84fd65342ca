import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import type { IntendedEdit } from '../../../src/core/calls.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { editEndings, removeHalfWritten } from '../../../src/runtime/interruptedEdits.ts';
import { temporaryName } from '../../../src/core/temporaryFile.ts';
import { leftoverEndings } from '../../../src/runtime/leftovers.ts';
import { textHash } from '../../../src/store/textHash.ts';
import { memorySession, type MemorySession } from '../../fixtures/memorySession.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** A session whose host died while a call of that tool ran. */
async function cutOff(tool: string, file?: string, more: Partial<IntendedEdit> = {}): Promise<MemorySession> {
  const session = await memorySession(nodeClock);
  const { log } = session;
  const batch = {
    batchId: 'b',
    source: { kind: 'api' },
    permission: 'unlimited',
    cwd: '/w',
    failFast: false,
  } as const;
  await log.record({ type: 'batch.started', ...batch }, 'durable');
  const input = { kind: 'parsed', value: {} } as const;
  await log.record({ type: 'call.queued', callId: 'c', batchId: 'b', index: 0, tool, input }, 'durable');
  await log.record({ type: 'call.started', callId: 'c', attempt: 1 }, 'durable');
  if (file === undefined) return session;
  const hashes = { before: textHash('before'), after: textHash('after') };
  const edit = { path: file, ...hashes, text: 'Changed a.txt: 1 line added, 1 removed.', bytes: 5, ...more };
  await log.record({ type: 'edit.intended', callId: 'c', edit }, 'durable');
  return session;
}

async function takeOver(session: MemorySession): Promise<string> {
  const { log } = session;
  const edits = await editEndings(log.state, createFiles());
  for (const event of [...edits.events, ...leftoverEndings(log.state, new Map(), edits.callIds)])
    await log.record(event, 'durable');
  const call = log.state.calls.get('c')?.state;
  return call?.status === 'succeeded' ? `succeeded: ${call.output.text}` : (call?.status ?? '');
}

test('an edit that happened succeeds as if its host had lived', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  await writeFile(file, 'after');
  assert.equal(
    await takeOver(await cutOff('edit_file', file)),
    'succeeded: Changed a.txt: 1 line added, 1 removed.',
  );
});

test('an edit that did not happen is queued again', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  await writeFile(file, 'before');
  const session = await cutOff('edit_file', file);
  assert.equal(await takeOver(session), 'queued');
  assert.equal(session.log.state.calls.get('c')?.failedAttempts.length, 1);
  assert.equal(await takeOver(await cutOff('write_file')), 'queued');
});

test('an edit of a file that is neither as before nor as after stays interrupted', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  await writeFile(file, 'other');
  assert.equal(await takeOver(await cutOff('write_file', file)), 'interrupted');
  await rm(file);
  assert.equal(await takeOver(await cutOff('write_file', file)), 'interrupted');
});

test('a deletion that happened succeeds, one that did not is queued again', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  const left = (): Promise<MemorySession> =>
    cutOff('delete_file', file, { after: null, text: 'Deleted a.txt.' });
  assert.equal(await takeOver(await left()), 'succeeded: Deleted a.txt.');
  await writeFile(file, 'before');
  assert.equal(await takeOver(await left()), 'queued');
  await writeFile(file, 'other');
  assert.equal(await takeOver(await left()), 'interrupted');
});

test('a rename is settled by both names, also of what is no text', async (t) => {
  const folder = await temporaryFolder(t);
  const [from, to] = [path.join(folder, 'a.png'), path.join(folder, 'b.png')];
  const bytes = Buffer.from([0, 255]);
  const after = createHash('sha256').update(bytes).digest('hex');
  const left = (): Promise<MemorySession> =>
    cutOff('rename_file', to, { before: null, after, movedFrom: from, text: 'Renamed.' });
  await writeFile(from, bytes);
  assert.equal(await takeOver(await left()), 'queued');
  await writeFile(to, bytes);
  assert.equal(await takeOver(await left()), 'interrupted');
  await rm(from);
  assert.equal(await takeOver(await left()), 'succeeded: Renamed.');
});

test('calls of other tools stay interrupted', async () => {
  assert.equal(await takeOver(await cutOff('terminal')), 'interrupted');
});

test('what a dead host had half written is removed, and nothing of a live one', async (t) => {
  const folder = await temporaryFolder(t);
  const session = await cutOff('edit_file', path.join(folder, 'a.txt'));
  const { pid } = session.log.state.host;
  const names = [temporaryName(pid, 'x'), temporaryName(pid + 1, 'x'), 'a.txt'];
  for (const name of names) await writeFile(path.join(folder, name), '');
  await removeHalfWritten(session.log.state, pid);
  assert.deepEqual((await readdir(folder)).toSorted(), names.toSorted());
  await removeHalfWritten(session.log.state, pid + 1);
  assert.deepEqual((await readdir(folder)).toSorted(), names.slice(1).toSorted());
});
