/** In which order a journal reaches the disk, and when its writer says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalFile } from '../../../src/store/journalFile.ts';
import { JournalWriter } from '../../../src/store/journalWriter.ts';

/** A disk that notes what it is asked for; a sync lasts until the test ends it. */
function fakeDisk(): { file: JournalFile; asked: string[]; synced: PromiseWithResolvers<void> } {
  const asked: string[] = [];
  const synced = Promise.withResolvers<void>();
  const note = (what: string): Promise<void> => {
    asked.push(what);
    return Promise.resolve();
  };
  const file: JournalFile = {
    append: (lines) => note(`append ${lines.replaceAll('\n', ';')}`),
    sync: () => {
      asked.push('sync');
      return synced.promise;
    },
    writeBlob: ({ name }, isSynced) => note(`${isSynced ? 'synced ' : ''}blob ${name}`),
    close: () => note('close'),
  };
  return { file, asked, synced };
}

const blob = { name: 'b', text: 'long' };

test('the blobs of a durable line are synced before the line is written, and the line after', async () => {
  const { file, asked, synced } = fakeDisk();
  synced.resolve();
  await new JournalWriter(file).append('line', [blob], 'durable');
  assert.deepEqual(asked, ['synced blob b', 'append line;', 'sync']);
});

test('a durable line settles only when it is synced', async () => {
  const { file, asked, synced } = fakeDisk();
  const writer = new JournalWriter(file);
  let isSettled = false;
  const settled = writer.append('line', [], 'durable').then(() => (isSettled = true));
  const appended = writer.append('later', [], 'buffered');
  // Enough turns of the event loop for a writer that doesn't wait for its sync.
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  assert.deepEqual([asked.at(-1), isSettled], ['sync', false]);
  synced.resolve();
  await Promise.allSettled([settled, appended]);
  assert.equal(isSettled, true);
});

test('a buffered line is written after its blobs, and not synced', async () => {
  const { file, asked } = fakeDisk();
  await new JournalWriter(file).append('line', [blob], 'buffered');
  assert.deepEqual(asked, ['blob b', 'append line;']);
});

test('lines that come together are written together, their blobs first, and share one sync', async () => {
  const { file, asked, synced } = fakeDisk();
  synced.resolve();
  const writer = new JournalWriter(file);
  const all = [
    writer.append('one', [], 'buffered'),
    writer.append('two', [blob], 'durable'),
    writer.append('three', [], 'durable'),
  ];
  await Promise.allSettled(all);
  assert.deepEqual(asked, ['synced blob b', 'append one;two;three;', 'sync']);
});

test('what waits is written before the file is closed', async () => {
  const { file, asked } = fakeDisk();
  const writer = new JournalWriter(file);
  void writer.append('line', [], 'buffered');
  await writer.close();
  assert.deepEqual(asked, ['append line;', 'close']);
});

test('a line that can not be written rejects, and the next one is tried', async () => {
  const { file, asked } = fakeDisk();
  let isFull = true;
  const writer = new JournalWriter({
    ...file,
    append: (lines) => (isFull ? Promise.reject(new Error('full')) : file.append(lines)),
  });
  await assert.rejects(writer.append('one', [], 'buffered'), /full/);
  isFull = false;
  await writer.append('two', [], 'buffered');
  assert.deepEqual(asked, ['append two;']);
});
