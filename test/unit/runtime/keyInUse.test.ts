import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { LiveEvent, SessionEvent } from '../../../src/core/events.ts';
import { KeyInUse, LiveMask } from '../../../src/runtime/keyInUse.ts';

const key = 'sk-ant-api03-AbCdEf_0123-xyz';

async function keyInUse(): Promise<KeyInUse> {
  const inUse = new KeyInUse({ apiKey: () => Promise.resolve(key) });
  await inUse.read();
  return inUse;
}

function text(delta: string, more: Partial<Extract<LiveEvent, { type: 'live.text' }>> = {}): LiveEvent {
  const place = { sessionId: 's1', agentId: 'a1', turnId: 't1', index: 0, block: 'text' } as const;
  return { type: 'live.text', ...place, delta, ...more };
}

function deltas(mask: LiveMask, events: readonly LiveEvent[]): readonly string[] {
  return events.flatMap((event) => {
    const shown = mask.masked(event);
    return shown?.type === 'live.text' ? [`${shown.agentId} ${shown.index}: ${shown.delta}`] : [];
  });
}

test('a reply that quotes the key is masked while it grows, each block for itself', () => {
  const mask = new LiveMask(() => key);
  const [beginning, end] = [key.slice(0, 9), key.slice(9)];
  const seen = deltas(mask, [
    text(`It is ${beginning}`),
    text(beginning, { agentId: 'a2' }),
    text(beginning, { index: 1 }),
    text(`${end}.`),
    text('no key', { agentId: 'a2' }),
    text(end, { index: 1 }),
  ]);
  assert.deepEqual(seen, ['a1 0: It is ', 'a1 0: [API key].', `a2 0: ${beginning}no key`, 'a1 1: [API key]']);
});

test('what an earlier reply held back does not come with the next', () => {
  const over = (body: Partial<SessionEvent>): SessionEvent =>
    ({ v: 1, seq: 1, at: 0, sessionId: 's1', agentId: 'a1', turnId: 't1', ...body }) as SessionEvent;
  const endings = [
    over({ type: 'block.received', index: 0, block: { type: 'text', text: '' } }),
    over({ type: 'turn.started', attempt: 2 }),
    over({ type: 'turn.discarded', reason: 'cut' }),
    over({ type: 'run.ended' }),
  ];
  for (const ending of endings) {
    const mask = new LiveMask(() => key);
    mask.masked(text(key.slice(0, 9)));
    mask.masked(text(key.slice(0, 9), { agentId: 'a12' }));
    mask.forget(ending);
    const seen = deltas(mask, [text(key.slice(9)), text(key.slice(9), { agentId: 'a12' })]);
    assert.deepEqual(seen, [`a1 0: ${key.slice(9)}`, 'a12 0: [API key]'], ending.type);
  }
});

test('without a key nothing is held back', () => {
  const event = text('sk-ant');
  assert.equal(new LiveMask(() => undefined).masked(event), event);
});

test('no log gets the key, neither in a message nor in a cause or its cause', async () => {
  const inUse = await keyInUse();
  const lines: unknown[] = [];
  const note = (...told: unknown[]): void => void lines.push(...told);
  const log = inUse.maskedLog({ info: note, warn: note, error: note });
  log.info(`i ${key}`);
  log.warn(`w ${key}`);
  log.error(`e ${key}`, new Error('outer', { cause: { headers: { authorization: `Bearer ${key}` } } }));
  const plain = new Error('plain');
  log.error('e', plain);
  assert.ok(!inspect(lines, { depth: 9 }).includes(key));
  assert.deepEqual(lines.slice(0, 3), ['i [API key]', 'w [API key]', 'e [API key]']);
  assert.match(String(lines[3]), /Bearer \[API key\]/);
  assert.equal(lines.at(-1), plain);
});

test('a key that was cleared, or can no longer be read, is masked all the same', async () => {
  let answer: () => Promise<string | undefined> = () => Promise.resolve(key);
  const inUse = new KeyInUse({ apiKey: () => answer() });
  assert.equal(inUse.mask(key), key);
  assert.equal(await inUse.note(), key);
  answer = () => Promise.resolve(undefined);
  assert.equal(await inUse.read(), undefined);
  answer = () => Promise.reject(new Error('locked'));
  assert.equal(await inUse.note(), undefined);
  await assert.rejects(inUse.read(), /locked/);
  assert.equal(inUse.now(), key);
  assert.equal(inUse.mask(`a ${key}`), 'a [API key]');
});
