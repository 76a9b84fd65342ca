/** What is saved of a reply that grows. */
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventBody } from '../../../src/core/events.ts';
import { PartialTexts, readPartialTexts } from '../../../src/store/partialTexts.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

interface Saving {
  readonly folder: string;
  readonly clock: TestClock;
  readonly texts: PartialTexts;
  readonly event: (body: EventBody) => void;
  /** A delta of the first block. */
  readonly write: (delta: string) => void;
  readonly saved: () => Promise<unknown>;
}

async function saving(t: TestContext): Promise<Saving> {
  const folder = path.join(await temporaryFolder(t), 'partial');
  const clock = new TestClock();
  const texts = new PartialTexts(folder, clock);
  const event = (body: EventBody): void => texts.onEvent({ v: 1, seq: 1, at: 0, sessionId: 's', ...body });
  const place = { sessionId: 's', agentId: 'a', turnId: 't' } as const;
  const write = (delta: string): void =>
    texts.onLive({ type: 'live.text', ...place, index: 0, block: 'text', delta });
  const saved = async (): Promise<unknown> => {
    await texts.settled();
    return [...(await readPartialTexts(folder)).values()];
  };
  event(started(1));
  return { folder, clock, texts, event, write, saved };
}

function started(attempt: number): EventBody {
  return { type: 'turn.started', agentId: 'a', runId: 'r', turnId: 't', attempt, model: 'm' };
}

const partial = { agentId: 'a', turnId: 't', attempt: 1 };

test('a reply is saved once a second while it grows, as a whole', async (t) => {
  const { folder, clock, write, saved } = await saving(t);
  write('one ');
  write('two');
  assert.deepEqual(await saved(), []);
  clock.advance(1000);
  assert.deepEqual(await saved(), [{ ...partial, text: 'one two' }]);
  assert.equal(clock.waiting, 0, 'nothing is due while nothing grows');
  write(' three');
  clock.advance(999);
  assert.deepEqual(await saved(), [{ ...partial, text: 'one two' }]);
  clock.advance(1);
  assert.deepEqual(await saved(), [{ ...partial, text: 'one two three' }]);
  const [file = ''] = await readdir(folder);
  assert.equal((await stat(path.join(folder, file))).mode & 0o777, 0o600);
});

test('whole blocks are saved with the one that grows', async (t) => {
  const { clock, event, write, saved } = await saving(t);
  write('half');
  event({
    type: 'block.received',
    agentId: 'a',
    turnId: 't',
    index: 0,
    block: { type: 'text', text: 'whole' },
  });
  event({
    type: 'block.received',
    agentId: 'a',
    turnId: 't',
    index: 1,
    block: { type: 'text', text: 'next' },
  });
  clock.advance(1000);
  assert.deepEqual(await saved(), [{ ...partial, text: 'whole\n\nnext' }]);
});

for (const ending of [
  { type: 'turn.discarded', agentId: 'a', turnId: 't', reason: 'cut' },
  {
    type: 'turn.ended',
    agentId: 'a',
    turnId: 't',
    stopReason: 'end_turn',
    usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  },
] as const satisfies readonly EventBody[])
  test(`${ending.type} takes it away, and a further attempt begins anew`, async (t) => {
    const { clock, event, write, saved } = await saving(t);
    write('first');
    clock.advance(1000);
    event(ending);
    assert.deepEqual(await saved(), []);
    write('late');
    clock.advance(1000);
    assert.deepEqual(await saved(), []);
    event(started(2));
    write('second');
    clock.advance(1000);
    assert.deepEqual(await saved(), [{ ...partial, attempt: 2, text: 'second' }]);
  });

test('a reply that quotes the API key in use is saved without it', async (t) => {
  const folder = path.join(await temporaryFolder(t), 'partial');
  const clock = new TestClock();
  const texts = new PartialTexts(folder, clock, () => 'secret');
  texts.onEvent({ v: 1, seq: 1, at: 0, sessionId: 's', ...started(1) });
  const place = { sessionId: 's', agentId: 'a', turnId: 't' } as const;
  texts.onLive({ type: 'live.text', ...place, index: 0, block: 'text', delta: 'It is secret.' });
  clock.advance(1000);
  await texts.settled();
  assert.deepEqual(
    [...(await readPartialTexts(folder)).values()],
    [{ ...partial, text: 'It is [API key].' }],
  );
});
