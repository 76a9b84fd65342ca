import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventBody, SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { JournalWriter } from '../../../src/store/journalWriter.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { SessionLog } from '../../../src/store/sessionLog.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const about = {
  type: 'session.started',
  kind: 'batch',
  title: 'test',
  roots: ['/w'],
  cwd: '/w',
  host: { name: 'test', version: '1', pid: 1 },
} as const;
const batch: EventBody = {
  type: 'batch.started',
  batchId: 'b',
  source: { kind: 'api' },
  permission: 'read-only',
  cwd: '/w',
  failFast: false,
};

function queued(callId: string, text = 'a'): EventBody {
  const input = { kind: 'parsed', value: { path: text } } as const;
  return { type: 'call.queued', callId, batchId: 'b', index: 0, tool: 'read_file', input };
}

function settled(callId: string, text = 'x'): EventBody {
  const outcome = { status: 'succeeded', output: { text, bytes: text.length } } as const;
  return { type: 'call.settled', callId, outcome, times: { durationMs: 1, attempts: 1 } };
}

async function folders(t: TestContext): Promise<SessionFolders> {
  const root = await mkdtemp(join(tmpdir(), 'allsettled-'));
  t.after(() => rm(root, { recursive: true }));
  const made = new SessionFolders(root);
  await made.create('s');
  return made;
}

async function open(
  at: SessionFolders,
  onEvent: (event: SessionEvent) => void = () => undefined,
): Promise<SessionLog> {
  const journal = await JournalWriter.open(at.journal('s'), at.blobs('s'));
  return SessionLog.start('s', about, { clock: new TestClock(), log: strictLog, journal, onEvent });
}

test('what was recorded is read back, and folds to the same state', async (t) => {
  const at = await folders(t);
  const log = await open(at);
  void log.record(batch, 'buffered');
  void log.record(queued('one'), 'buffered');
  await log.record(settled('one'), 'durable');
  await log.close();
  const { events, dropped } = await readJournal(at.journal('s'), at.blobs('s'));
  assert.equal(dropped, undefined);
  assert.deepEqual(
    events.map(({ seq, type }) => `${seq} ${type}`),
    ['1 session.started', '2 batch.started', '3 call.queued', '4 call.settled'],
  );
  assert.deepEqual(fold(events), log.state);
});

test('an outcome is in the file before anyone is told of it', async (t) => {
  const at = await folders(t);
  const inFile: Promise<boolean>[] = [];
  const log = await open(at, (event) => {
    if (event.type !== 'call.settled') return;
    inFile.push(readFile(at.journal('s'), 'utf8').then((text) => text.includes('"call.settled"')));
  });
  void log.record(batch, 'buffered');
  void log.record(queued('one'), 'buffered');
  await log.record(settled('one'), 'durable');
  assert.deepEqual(await Promise.allSettled(inFile), [{ status: 'fulfilled', value: true }]);
  await log.close();
});

test('events take effect in the order in which they were recorded, whatever their durability', async (t) => {
  const seen: number[] = [];
  const log = await open(await folders(t), ({ seq }) => void seen.push(seq));
  void log.record(batch, 'buffered');
  const pending = Array.from({ length: 20 }, (_, index) => {
    void log.record(queued(`c${index}`), 'buffered');
    return log.record(settled(`c${index}`), index % 2 ? 'durable' : 'buffered');
  });
  await Promise.allSettled(pending);
  assert.deepEqual(
    seen,
    Array.from({ length: 42 }, (_, index) => index + 1),
  );
  await log.close();
});

test('an event that is on disk waits for an earlier one that is not yet', async () => {
  const appends: PromiseWithResolvers<void>[] = [];
  const journal = {
    append: () => {
      const append = Promise.withResolvers<void>();
      appends.push(append);
      if (appends.length === 1) append.resolve(); // session.started
      return append.promise;
    },
    close: () => Promise.resolve(),
    flushNow: () => undefined,
  };
  const seen: number[] = [];
  const onEvent = ({ seq }: SessionEvent): void => void seen.push(seq);
  const log = await SessionLog.start('s', about, {
    clock: new TestClock(),
    log: strictLog,
    journal,
    onEvent,
  });
  const first = log.record(batch, 'durable');
  const second = log.record(queued('one'), 'durable');
  const third = log.record(queued('two'), 'buffered');
  appends[2]?.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(seen, [1]);
  appends[1]?.resolve();
  await Promise.allSettled([first, second, third]);
  assert.deepEqual(seen, [1, 2, 3, 4]);
});

test('a long text is a blob beside the journal, and comes back', async (t) => {
  const at = await folders(t);
  const log = await open(at);
  const long = 'ä'.repeat(40_000);
  void log.record(batch, 'buffered');
  void log.record(queued('one', long), 'buffered');
  await log.record(settled('one', long), 'durable');
  await log.close();
  assert.ok((await readFile(at.journal('s'), 'utf8')).length < 3000);
  const { events } = await readJournal(at.journal('s'), at.blobs('s'));
  assert.deepEqual(fold(events), log.state);
});

test('journal and blobs are readable by their owner alone', async (t) => {
  const at = await folders(t);
  const log = await open(at);
  await log.close();
  if (process.platform === 'win32') return;
  assert.equal((await stat(at.journal('s'))).mode & 0o777, 0o600);
  assert.equal((await stat(at.blobs('s'))).mode & 0o777, 0o700);
});

test('sessions are listed newest first, by their first lines, and those without a readable one apart', async (t) => {
  const at = await folders(t);
  const log = await open(at);
  await log.close();
  for (const [id, text] of [
    ['begun', ''],
    ['torn', '{"v":1,"ty'],
    ['changed', '{"type":"x"}\n{}\n'],
  ] as const) {
    await at.create(id);
    await writeFile(at.journal(id), text);
  }
  await at.create('empty');
  const { events, unreadable } = await at.firstEvents();
  assert.deepEqual(
    events.map((event) => event.sessionId),
    ['s'],
  );
  assert.deepEqual(unreadable, ['torn', 'changed']);
});
