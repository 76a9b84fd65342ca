/** What the replay model plays of a transcript. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody, SessionEvent } from '../../../src/core/events.ts';
import { createReplayModel } from '../../../src/models/replay.ts';
import { collect, collectUntilError, hello, never } from './asking.ts';
import { TestClock } from '../../fixtures/testClock.ts';

function journal(...bodies: readonly EventBody[]): SessionEvent[] {
  const first: EventBody = {
    type: 'session.started',
    kind: 'agent',
    title: 't',
    roots: [],
    cwd: '/',
    host: { name: 'test', version: '1', pid: 1 },
  };
  return [first, ...bodies].map((body, index) => ({
    v: 1,
    seq: index + 1,
    at: index,
    sessionId: 's',
    ...body,
  }));
}

function agent(agentId: string): EventBody[] {
  return [
    {
      type: 'agent.created',
      agentId,
      label: agentId,
      model: 'm',
      permission: 'read-only',
      systemPrompt: '',
      tools: [],
    },
    { type: 'run.queued', agentId, runId: `${agentId}-run`, prompt: 'go' },
  ];
}

function turnStarted(agentId: string, turnId: string, attempt = 1): EventBody {
  return { type: 'turn.started', agentId, runId: `${agentId}-run`, turnId, attempt, model: 'm' };
}

function text(agentId: string, turnId: string, index: number, words: string): EventBody {
  return { type: 'block.received', agentId, turnId, index, block: { type: 'text', text: words } };
}

function turnEnded(agentId: string, turnId: string, stopReason: string | null): EventBody {
  return { type: 'turn.ended', agentId, turnId, stopReason, usage: { ...noUsage, outputTokens: 7 } };
}

function batch(agentId: string, turnId: string, batchId: string): EventBody {
  const source = { kind: 'turn', agentId, turnId } as const;
  return { type: 'batch.started', batchId, source, permission: 'read-only', cwd: '/', failFast: false };
}

function call(batchId: string, callId: string, index: number): EventBody {
  return {
    type: 'call.queued',
    callId,
    batchId,
    index,
    tool: 'read_file',
    input: { kind: 'parsed', value: { path: callId } },
  };
}

/** A whole turn that says one word. */
function wordTurn(agentId: string, turnId: string, word: string): EventBody[] {
  return [
    turnStarted(agentId, turnId),
    text(agentId, turnId, 0, word),
    turnEnded(agentId, turnId, 'end_turn'),
  ];
}

async function wordOf(model: ReturnType<typeof createReplayModel>, agentId: string): Promise<string> {
  const [, block] = await collect(model, { ...hello, agentId });
  return block?.type === 'block' && block.block.type === 'text' ? block.block.text : 'no text';
}

const wholeTurn = journal(
  ...agent('root'),
  turnStarted('root', 't1'),
  {
    type: 'block.received',
    agentId: 'root',
    turnId: 't1',
    index: 0,
    block: { type: 'thinking', thinking: 'hm so', signature: 'sig' },
  },
  text('root', 't1', 1, '  I will look.\n'),
  turnEnded('root', 't1', 'tool_use'),
  batch('root', 't1', 'b1'),
  call('b1', 'x', 2),
  call('b1', 'y', 3),
);

void suite('a replay', () => {
  test('plays a turn word by word, with its calls under their own ids, in the order of the blocks', async () => {
    assert.deepEqual(await collect(createReplayModel(wholeTurn)), [
      { type: 'delta', index: 0, block: 'thinking', delta: 'hm ' },
      { type: 'delta', index: 0, block: 'thinking', delta: 'so' },
      { type: 'block', index: 0, block: { type: 'thinking', thinking: 'hm so', signature: 'sig' } },
      { type: 'delta', index: 1, block: 'text', delta: '  I ' },
      { type: 'delta', index: 1, block: 'text', delta: 'will ' },
      { type: 'delta', index: 1, block: 'text', delta: 'look.\n' },
      { type: 'block', index: 1, block: { type: 'text', text: '  I will look.\n' } },
      ...['x', 'y'].map((id, place) => ({
        type: 'block' as const,
        index: 2 + place,
        block: {
          type: 'tool_use' as const,
          id,
          name: 'read_file',
          input: { kind: 'parsed' as const, value: { path: id } },
        },
      })),
      { type: 'ended', stopReason: 'tool_use', usage: { ...noUsage, outputTokens: 7 } },
    ]);
  });

  test('plays each agent its own turns, in the order of the journal, however the requests interleave', async () => {
    const model = createReplayModel(
      journal(
        ...agent('root'),
        ...agent('sub'),
        ...wordTurn('root', 'r1', 'one'),
        ...wordTurn('sub', 's1', 'eins'),
        ...wordTurn('root', 'r2', 'two'),
        ...wordTurn('sub', 's2', 'zwei'),
      ),
    );
    const words: string[] = [];
    for (const agentId of ['sub', 'root', 'root', 'sub']) words.push(await wordOf(model, agentId));
    assert.deepEqual(words, ['eins', 'one', 'two', 'zwei']);
  });

  test('gives an agent with a new id the first recorded agent that nobody plays', async () => {
    const model = createReplayModel(
      journal(
        ...agent('old-a'),
        ...agent('old-b'),
        ...wordTurn('old-b', 'b1', 'B'),
        ...wordTurn('old-a', 'a1', 'A'),
      ),
    );
    assert.equal(await wordOf(model, 'new-1'), 'A');
    assert.equal(await wordOf(model, 'new-2'), 'B');
  });

  test('plays the last attempt of a turn that was asked again, and no call of those before', async () => {
    const model = createReplayModel(
      journal(
        ...agent('root'),
        turnStarted('root', 't1'),
        text('root', 't1', 0, 'discarded'),
        batch('root', 't1', 'b1'),
        call('b1', 'x', 1),
        { type: 'turn.discarded', agentId: 'root', turnId: 't1', reason: 'cut' },
        turnStarted('root', 't1', 2),
        text('root', 't1', 0, 'kept'),
        turnEnded('root', 't1', 'end_turn'),
        turnStarted('root', 't2'),
        text('root', 't2', 0, 'discarded'),
        { type: 'turn.discarded', agentId: 'root', turnId: 't2', reason: 'cut' },
        ...wordTurn('root', 't3', 'third'),
      ),
    );
    const first = await collect(model);
    assert.deepEqual(
      first.map((event) => event.type),
      ['delta', 'block', 'ended'],
    );
    assert.equal(first[0]?.type === 'delta' && first[0].delta, 'kept');
    assert.equal(await wordOf(model, 'root'), 'third');
  });

  test('puts a call that was queued before a later block where it stood in the turn', async () => {
    const events = journal(
      ...agent('root'),
      turnStarted('root', 't1'),
      batch('root', 't1', 'b1'),
      call('b1', 'x', 0),
      text('root', 't1', 1, 'meanwhile'),
      turnEnded('root', 't1', 'tool_use'),
    );
    const played = await collect(createReplayModel(events));
    assert.deepEqual(
      played.flatMap((event) => (event.type === 'block' ? [event.block.type] : [])),
      ['tool_use', 'text'],
    );
  });

  test('ends a turn without an end where the transcript has none', async () => {
    const events = journal(...agent('root'), turnStarted('root', 't1'), text('root', 't1', 0, 'and'));
    assert.deepEqual(
      (await collect(createReplayModel(events))).map((event) => event.type),
      ['delta', 'block'],
    );
  });

  test('says how many turns there were when there is none left', async () => {
    const model = createReplayModel(wholeTurn);
    await collect(model);
    for (let again = 0; again < 2; again += 1)
      await assert.rejects(collect(model), { kind: 'transcriptEnded', message: /holds 1 turn of/ });
    const empty = createReplayModel(journal());
    await assert.rejects(collect(empty), { kind: 'transcriptEnded', message: /holds 0 turns of/ });
  });

  test('waits on the clock before each delta', async () => {
    const clock = new TestClock();
    const model = createReplayModel(wholeTurn, { clock, chunkDelayMs: 40 });
    const turn = model.turn(hello, never)[Symbol.asyncIterator]();
    const first = turn.next();
    clock.advance(40);
    assert.deepEqual(await first, {
      done: false,
      value: { type: 'delta', index: 0, block: 'thinking', delta: 'hm ' },
    });
    assert.deepEqual(clock.delays, [40]);
  });

  test('throws the reason of an abort, also while it waits', async () => {
    const clock = new TestClock();
    const controller = new AbortController();
    const model = createReplayModel(wholeTurn, { clock, chunkDelayMs: 40 });
    const turn = model.turn(hello, controller.signal)[Symbol.asyncIterator]();
    const first = turn.next();
    const reason = new Error('stopped by a person');
    controller.abort(reason);
    await assert.rejects(async () => first, reason);
    assert.equal(clock.waiting, 0);
    const { error } = await collectUntilError(createReplayModel(wholeTurn), hello, AbortSignal.abort(reason));
    assert.equal(error, reason);
  });

  test('throws the reason of an abort between two words', async () => {
    const controller = new AbortController();
    const turn = createReplayModel(wholeTurn).turn(hello, controller.signal)[Symbol.asyncIterator]();
    await turn.next();
    const reason = new Error('stopped by a person');
    controller.abort(reason);
    await assert.rejects(async () => turn.next(), reason);
  });
});
