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
    bytes: 0,
    append: (lines) => note(`append ${lines.replaceAll('\n', ';')}`),
    sync: () => {
      asked.push('sync');
      return synced.promise;
    },
    writeBlob: ({ name }) => note(`blob ${name}`),
    cutTo: (bytes) => note(`cut to ${bytes}`),
    appendNow: (lines) => void note(`append now ${lines.replaceAll('\n', ';')}`),
    close: () => note('close'),
  };
  return { file, asked, synced };
}

const blob = { name: 'b', text: 'long' };

test('the blobs of a durable line are written before the line, and the line is synced', async () => {
  const { file, asked, synced } = fakeDisk();
  synced.resolve();
  await new JournalWriter(file).append('line', [blob], 'durable');
  assert.deepEqual(asked, ['blob b', 'append line;', 'sync']);
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
  assert.deepEqual(asked, ['blob b', 'append one;two;three;', 'sync']);
});

test('what waits is written before the file is closed', async () => {
  const { file, asked } = fakeDisk();
  const writer = new JournalWriter(file);
  void writer.append('line', [], 'buffered');
  await writer.close();
  assert.deepEqual(asked, ['append line;', 'close']);
});

test('after a line that can not be written none follows, and the file ends with the last whole one', async () => {
  const { file, asked, synced } = fakeDisk();
  synced.resolve();
  let isFull = false;
  const writer = new JournalWriter({
    ...file,
    append: (lines) => (isFull ? Promise.reject(new Error('full')) : file.append(lines)),
  });
  await writer.append('one', [], 'buffered');
  isFull = true;
  await assert.rejects(writer.append('two', [], 'buffered'), /full/);
  isFull = false;
  await assert.rejects(writer.append('three', [], 'durable'), /full/);
  writer.flushNow();
  assert.deepEqual(asked, ['append one;', 'cut to 4']);
});

test('lines whose sync failed are taken back, because nobody knows what the disk has of them', async () => {
  const { file, asked } = fakeDisk();
  const sync = (): Promise<void> => Promise.reject(new Error('EIO'));
  await assert.rejects(new JournalWriter({ ...file, sync, bytes: 10 }).append('one', [], 'durable'), /EIO/);
  assert.deepEqual(asked, ['append one;', 'cut to 10']);
});

test('what waits is written at once where the program is about to end, up to a line with a blob', async () => {
  const { file, asked } = fakeDisk();
  const writer = new JournalWriter(file);
  const one = writer.append('one', [], 'durable');
  void writer.append('two', [], 'buffered');
  void writer.append('three', [blob], 'buffered');
  writer.flushNow();
  assert.deepEqual(asked, ['append now one;two;']);
  await one;
});

test('what is being written is not written a second time', async () => {
  const { file, asked, synced } = fakeDisk();
  const writer = new JournalWriter(file);
  const one = writer.append('one', [], 'durable');
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  const two = writer.append('two', [], 'buffered');
  writer.flushNow();
  synced.resolve();
  await one;
  await two;
  assert.deepEqual(asked, ['append one;', 'sync', 'append two;']);
});
