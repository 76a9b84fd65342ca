/** What is on disk before it is done or told, and what happens when the disk takes nothing any more. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody } from '../../../src/core/events.ts';
import type { UnsavedAnswer } from '../../../src/core/ports.ts';
import type { Tool, ToolContext } from '../../../src/core/tools.ts';
import { Batch, type BatchRequest, type EnginePorts } from '../../../src/engine/batch.ts';
import { JournalWriter } from '../../../src/store/journalWriter.ts';
import { SessionLog } from '../../../src/store/sessionLog.ts';
import { diskFull, fakeJournalFile, type FakeJournalFile } from '../../fixtures/fakeJournalFile.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { call, done, startTestBatch, tool } from '../engine/testBatch.ts';

interface Session {
  readonly file: FakeJournalFile;
  readonly log: SessionLog;
  /** `type` or `id status` of each event that was told. */
  readonly told: readonly string[];
  /** The problems that the person was told. */
  readonly problems: readonly string[];
  readonly answer: (answer: UnsavedAnswer) => void;
  /** A batch of these calls, started. */
  readonly run: (...ids: readonly string[]) => Promise<Batch>;
  /** The request that other batches of the session are made of. */
  readonly request: BatchRequest;
  readonly ports: EnginePorts;
}

const ran: string[] = [];
/** The call of `slow` ends with this. */
let slow: Promise<void> = Promise.resolve();
const tools: readonly Tool[] = [
  tool('read', () => done('seen')),
  tool('slow', () => slow.then(() => done('seen'))),
  writer('write'),
  writer('other'),
];

const agentRun: readonly EventBody[] = [
  {
    type: 'agent.created',
    ...{ agentId: 'a', label: 'a', model: 'm', permission: 'read-only', systemPrompt: '', tools: [] },
  },
  { type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'Why?' },
];
const runEnded: EventBody = {
  type: 'run.ended',
  agentId: 'a',
  runId: 'r',
  ending: {
    ...{ status: 'completed', stopReason: 'end_turn', terminationReason: 'endTurn', message: '' },
    ...{ usage: noUsage, text: 'Done.', lastActivity: '' },
  },
};

function writer(name: string): Tool {
  const effectsAre = { kind: 'known', reads: [], writes: [`file:/w/${name}`] } as const;
  const run = (_input: unknown, { callId }: ToolContext) => {
    ran.push(callId);
    return done('written');
  };
  return tool(name, run, { effectsAre, lane: 'process' });
}

async function session(): Promise<Session> {
  ran.length = 0;
  const file = fakeJournalFile();
  const told: string[] = [];
  const problems: string[] = [];
  const answered = Promise.withResolvers<UnsavedAnswer>();
  const batches: Batch[] = [];
  const log = await SessionLog.start(
    'session-1',
    {
      type: 'session.started',
      kind: 'batch',
      title: 'test',
      roots: ['/w'],
      cwd: '/w',
      host: { name: 'test', version: '1', pid: 1 },
    },
    {
      clock: new TestClock(),
      log: strictLog,
      journal: new JournalWriter(file),
      onEvent: (event) =>
        void told.push(
          event.type === 'call.settled' ? `${event.callId} ${event.outcome.status}` : event.type,
        ),
      askUnsaved: async (_title, problem) => {
        problems.push(problem);
        const answer = await answered.promise;
        if (answer !== 'goOn') for (const batch of batches) batch.cancel('host');
        return answer;
      },
    },
  );
  const { request, ports } = await startTestBatch({ tools, calls: [], lanes: { process: 1 } });
  const run = async (...ids: readonly string[]): Promise<Batch> => {
    const batch = new Batch({ ...request, id: `batch-${ids.join()}` }, { ...ports, recorder: log });
    batches.push(batch);
    for (const [index, id] of ids.entries()) batch.add({ ...call(id, id.replace(/\d$/, '')), index });
    void batch.start();
    await turns();
    return batch;
  };
  return { file, log, told, problems, answer: answered.resolve, run, request, ports };
}

/** Enough turns of the event loop for all that waits for nothing else. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

void suite('before it is done or told', () => {
  test('the intent of a call with effects is on disk', async () => {
    const { file, run } = await session();
    const synced = Promise.withResolvers<void>();
    file.holdSyncs(synced.promise);
    const batch = await run('write1');
    assert.deepEqual(file.asked.slice(-2), ['call.started', 'sync']);
    assert.deepEqual(ran, []);
    synced.resolve();
    await batch.ended;
    assert.deepEqual(ran, ['write1']);
  });

  test('J1: all calls of a batch are on disk, with their number and by one sync', async () => {
    const { file, log, request, ports } = await session();
    const synced = Promise.withResolvers<void>();
    file.holdSyncs(synced.promise);
    const before = file.asked.length;
    const ids = ['read1', 'read2', 'read3'];
    const batch = new Batch({ ...request, id: 'whole', callCount: 3 }, { ...ports, recorder: log });
    for (const [index, id] of ids.entries()) batch.add({ ...call(id, 'read'), index });
    void batch.start();
    await turns();
    const queued = ['batch.started', 'call.queued', 'call.queued', 'call.queued', 'sync'];
    assert.deepEqual(file.asked.slice(before), queued, 'nothing starts before the sync');
    synced.resolve();
    await batch.ended;
    assert.equal(log.state.batches.get('whole')?.callCount, 3);
    assert.equal(file.asked[before + queued.length], 'call.started');
  });

  test('an outcome is on disk', async () => {
    const { file, told, log, run } = await session();
    const synced = Promise.withResolvers<void>();
    file.holdSyncs(synced.promise);
    const batch = await run('read1');
    let isHandedOn = false;
    void batch.ended.then(() => (isHandedOn = true));
    await turns();
    assert.deepEqual(file.asked.slice(-2), ['call.settled', 'sync']);
    assert.equal(isHandedOn, false, 'the model is not given it yet');
    assert.equal(told.includes('read1 succeeded'), false);
    assert.equal(log.state.calls.get('read1')?.state.status, 'running');
    synced.resolve();
    await batch.ended;
    assert.equal(told.at(-1), 'read1 succeeded');
  });
});

void suite('on a full disk', () => {
  test('a call whose intent is not saved does not start, its outcome says so, and its slot is free at once', async () => {
    const { file, problems, answer, log, run } = await session();
    file.failWith(diskFull());
    const batch = await run('write1', 'other1');
    assert.deepEqual(problems, ['The disk that sessions are kept on is full. Free some space on it.']);
    answer('goOn');
    await batch.ended;
    assert.deepEqual(ran, []);
    for (const id of ['write1', 'other1']) {
      const state = log.state.calls.get(id)?.state;
      assert.ok(state?.status === 'failed' && state.attempts === 0 && state.startedAt === undefined);
      assert.equal(state.error.kind, 'io');
      assert.match(state.error.message, /journal can't be written.*not started and had no effect/);
    }
  });

  test('nothing is told before the person agrees, and then the session goes on in memory', async () => {
    const { file, told, problems, answer, run } = await session();
    file.failWith(diskFull());
    const first = await run('read1');
    assert.equal(told.includes('read1 succeeded'), false);
    answer('goOn');
    await first.ended;
    assert.equal(told.at(-1), 'read1 succeeded');
    await (
      await run('write1')
    ).ended;
    assert.deepEqual(ran, ['write1']);
    assert.equal(problems.length, 1, 'the person is told once');
    assert.equal(file.asked.includes('call.started'), false, 'nothing follows what was lost');
  });

  for (const refusal of ['stop', 'nobodyThere'] as const)
    test(`Z1: whoever answers ${refusal} is told no outcome that is not on disk, and nothing starts any more`, async () => {
      const { file, told, log, answer, run } = await session();
      file.failWith(diskFull());
      const first = await run('read1', 'write1');
      answer(refusal);
      await first.ended;
      assert.deepEqual(told.slice(-2).sort(), ['read1 interrupted', 'write1 failed']);
      assert.equal(file.asked.includes('call.settled'), false);
      const unknown = log.state.calls.get('read1')?.state;
      assert.ok(unknown?.status === 'interrupted');
      assert.match(
        unknown.error.message,
        /^This call succeeded, which could not be saved and is not on record\./,
      );
      assert.equal(unknown.output?.text, 'seen', 'what it brought can still be read');
      await (
        await run('write2')
      ).ended;
      assert.deepEqual(ran, []);
      assert.equal(told.at(-1), 'write2 failed');
    });

  test('a session that is closed while the person is asked is not held up', async () => {
    const { file, told, log, run } = await session();
    file.failWith(diskFull());
    const batch = await run('read1');
    log.stopAsking();
    await batch.ended;
    assert.equal(told.at(-1), 'read1 interrupted');
    await log.close();
  });

  test('Z1: an outcome that comes after the person stopped the session is told as unknown, too', async () => {
    const { file, told, answer, run } = await session();
    const ending = Promise.withResolvers<void>();
    slow = ending.promise;
    const batch = await run('slow1', 'read1');
    file.failWith(diskFull());
    await run('read2');
    answer('stop');
    await turns();
    ending.resolve();
    await batch.ended;
    assert.deepEqual(
      told.filter((line) => line.startsWith('slow1')),
      ['slow1 interrupted'],
    );
  });

  test('Z1: a run that completed is not told as completed where its ending is not on disk', async () => {
    const { file, log, answer } = await session();
    for (const event of agentRun) await log.record(event, 'durable');
    file.failWith(diskFull());
    const ended = log.record(runEnded, 'durable');
    answer('nobodyThere');
    await ended;
    const run = log.state.agents.get('a')?.runs[0]?.state;
    assert.ok(run?.status === 'interrupted');
    assert.deepEqual([run.terminationReason, run.text], ['notSaved', 'Done.']);
  });

  test('Z1: whoever goes on in memory is told outcomes and endings as they were', async () => {
    const { file, log, answer } = await session();
    for (const event of agentRun) await log.record(event, 'durable');
    file.failWith(diskFull());
    const ended = log.record(runEnded, 'durable');
    answer('goOn');
    await ended;
    assert.equal(log.state.agents.get('a')?.runs[0]?.state.status, 'completed');
  });
});
