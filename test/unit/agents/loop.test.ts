/** The loop against a hand-written model: which endings it reaches, and what it asks again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSettled } from '../../../src/core/calls.ts';
import { noUsage, type RunEnding } from '../../../src/core/agents.ts';
import type { Log } from '../../../src/core/ports.ts';
import { ModelError, type Model, type ModelEvent, type ModelRequest } from '../../../src/core/models.ts';
import { runAgent, type LoopPorts, type RunStop } from '../../../src/agents/loop.ts';
import { Batch } from '../../../src/engine/batch.ts';
import { CallIds } from '../../../src/engine/callIds.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { memorySession, strictLog, type MemorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { done, settleDown, tool } from '../engine/testBatch.ts';

type Step = ModelEvent | Error | Promise<unknown>;

const usage = { ...noUsage, outputTokens: 1 };

function text(words: string): ModelEvent {
  return { type: 'block', index: 0, block: { type: 'text', text: words } };
}

function use(id: string, index = 1): ModelEvent {
  return {
    type: 'block',
    index,
    block: { type: 'tool_use', id, name: 'look', input: { kind: 'parsed', value: {} } },
  };
}

function ended(stopReason: string | null): ModelEvent {
  return { type: 'ended', stopReason, usage };
}

interface LoopRun {
  readonly session: MemorySession;
  readonly clock: TestClock;
  readonly requests: readonly ModelRequest[];
  readonly stopping: AbortController;
  readonly ending: Promise<RunEnding>;
}

/** Runs an agent whose n-th request gets the n-th reply. */
async function startRun(
  replies: readonly (readonly Step[])[],
  { maxTurns = 10, log = strictLog }: { readonly maxTurns?: number; readonly log?: Log } = {},
): Promise<LoopRun> {
  const clock = new TestClock();
  const session = await memorySession(clock);
  const requests: ModelRequest[] = [];
  const model: Model = {
    async *turn(request, signal) {
      requests.push(request);
      for (const step of replies[requests.length - 1] ?? []) {
        if (step instanceof Promise) await step;
        else if (step instanceof Error) throw step;
        else yield step;
        signal.throwIfAborted();
      }
    },
  };
  const recorder = session.log;
  const agent = {
    agentId: 'a',
    label: 'a',
    model: 'm',
    permission: 'read-only',
    systemPrompt: '',
    tools: [],
  } as const;
  await recorder.record({ type: 'agent.created', ...agent }, 'durable');
  await recorder.record({ type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'Why?' }, 'durable');
  const lanes = new Lanes({ io: 4, process: 4, model: 4 });
  const look = tool('look', () => done('seen'));
  const live = { show: () => undefined };
  const ports: LoopPorts = {
    recorder,
    live,
    model,
    clock,
    log,
    lanes,
    openBatch: (request, engine) => new Batch(request, engine),
    tools: [look],
    limits: { maxTurns, maxAttempts: 3, longestWaitMs: 60_000 },
    engine: {
      recorder,
      lanes,
      clock,
      live,
      tools: new Map([['look', look]]),
      callIds: new CallIds([]),
      approvals: { ask: () => Promise.reject(new Error('nobody is there')) },
      outputs: { fileFor: () => Promise.resolve('/dev/null'), keep: () => Promise.resolve('/kept') },
      judge: () => ({ kind: 'allow' }),
      timeoutMs: () => undefined,
    },
  };
  const stopping = new AbortController();
  const ending = runAgent({ agentId: 'a', runId: 'r', cwd: '/w', roots: ['/w'] }, ports, stopping.signal);
  return { session, clock, requests, stopping, ending };
}

function openCalls({ session }: LoopRun): number {
  return [...session.log.state.calls.values()].filter(({ state }) => !isSettled(state)).length;
}

/** Lets the pauses before each further attempt pass. */
async function passPauses({ clock }: LoopRun, pauses: number): Promise<void> {
  for (let count = 0; count < pauses; count += 1) {
    await settleDown();
    clock.advance(60_000);
  }
}

test('calls of a turn are run, their results go back, and the run is completed when the model ends its turn', async () => {
  const run = await startRun([
    [text('I look.'), use('c1', 1), use('c2', 2), ended('tool_use')],
    [text('Found.'), ended('end_turn')],
  ]);
  const ending = await run.ending;
  assert.equal(
    `${ending.status} ${ending.terminationReason} ${ending.stopReason}`,
    'completed endTurn end_turn',
  );
  assert.equal(ending.text, 'Found.');
  assert.equal(ending.usage.outputTokens, 2);
  const results = run.requests[1]?.messages.at(-1);
  assert.deepEqual(
    results?.content.map((block) => block.type === 'tool_result' && `${block.toolUseId} ${block.text}`),
    ['c1 seen', 'c2 seen\n\n2 of 2 calls succeeded'],
  );
  assert.equal(
    run.session.story(),
    [
      'agent.created',
      'r run.queued',
      'r run.started',
      'a-turn-1 turn.started',
      'a-turn-1 block.received',
      'batch.started',
      'c1 call.queued',
      'c2 call.queued',
      'a-turn-1 turn.ended',
      'c1 call.started',
      'c2 call.started',
      'c1 succeeded',
      'c2 succeeded',
      'a-turn-2 turn.started',
      'a-turn-2 block.received',
      'a-turn-2 turn.ended',
      'r completed (endTurn)',
    ].join('\n'),
  );
});

const endings: readonly (readonly [string, readonly Step[], string])[] = [
  ['end_turn with text', [text('x'), ended('end_turn')], 'completed endTurn'],
  ['stop_sequence with text', [text('x'), ended('stop_sequence')], 'completed endTurn'],
  ['end_turn without text', [ended('end_turn')], 'incomplete noText'],
  ['end_turn with blank text', [text(' \n'), ended('end_turn')], 'incomplete noText'],
  ['max_tokens', [text('x'), use('c'), ended('max_tokens')], 'interrupted maxTokens'],
  ['a full context window', [text('x'), ended('model_context_window_exceeded')], 'interrupted contextWindow'],
  ['a refusal', [text('x'), ended('refusal')], 'failed refusal'],
  ['an unknown stop reason', [text('x'), ended('tired')], 'interrupted unknownStopReason'],
  ['a wrong key', [new ModelError('authentication', 'wrong key')], 'failed authentication'],
  ['no key', [new ModelError('noKey', 'no key')], 'failed authentication'],
  ['an invalid request', [new ModelError('invalidRequest', 'bad')], 'failed invalidRequest'],
  ['an unusable model', [new ModelError('unusableModel', 'bad')], 'failed unusableModel'],
  ['the end of a transcript', [new ModelError('transcriptEnded', 'over')], 'interrupted transcriptEnded'],
];

for (const [what, reply, expected] of endings)
  test(`${what} ends a run ${expected}, at once and without running a call`, async () => {
    const run = await startRun([reply]);
    const ending = await run.ending;
    assert.equal(`${ending.status} ${ending.terminationReason}`, expected);
    assert.notEqual(ending.message, '');
    assert.equal(run.requests.length, 1);
    assert.doesNotMatch(run.session.story(), /call\.started/);
    assert.equal(openCalls(run), 0);
  });

const askedAgain: readonly (readonly [string, readonly Step[], string])[] = [
  ['a cut stream', [text('half')], 'interrupted streamCut'],
  ['a cut after a call', [text('half'), use('c')], 'interrupted streamCut'],
  ['a null stop reason', [text('half'), ended(null)], 'interrupted noStopReason'],
  ['a stop for no call', [text('half'), ended('tool_use')], 'interrupted unknownStopReason'],
  ['a rate limit', [new ModelError('rateLimit', 'slow down')], 'interrupted rateLimit'],
  ['an overloaded API', [new ModelError('overloaded', 'later')], 'interrupted serverError'],
  ['a broken server', [new ModelError('server', 'later')], 'interrupted serverError'],
  ['no network', [new ModelError('connection', 'check')], 'interrupted connection'],
  ['a stalled stream', [text('half'), new ModelError('stalled', 'silence')], 'interrupted streamCut'],
];

for (const [what, reply, expected] of askedAgain) {
  test(`${what} is asked again, and goes on where the next reply is whole`, async () => {
    const run = await startRun([reply, [text('Whole.'), ended('end_turn')]]);
    await passPauses(run, 1);
    assert.equal((await run.ending).status, 'completed');
    assert.equal(run.requests.length, 2);
    assert.deepEqual(run.requests[0]?.messages, run.requests[1]?.messages);
    assert.doesNotMatch(run.session.story(), /call\.started/);
    assert.equal(openCalls(run), 0);
  });

  test(`${what}, three times, ends a run ${expected} and never completed`, async () => {
    const run = await startRun([reply, reply, reply]);
    await passPauses(run, 2);
    const ending = await run.ending;
    assert.equal(`${ending.status} ${ending.terminationReason}`, expected);
    assert.equal(run.requests.length, 3);
    assert.doesNotMatch(run.session.story(), /call\.started/);
    assert.equal(openCalls(run), 0);
  });
}

test('a wait that the API asks for is kept and shown; one beyond the cap ends the run with its time', async () => {
  const limit = (retryAfterMs: number): Error => new ModelError('rateLimit', 'Slow down.', { retryAfterMs });
  const kept = await startRun([[limit(7000)], [text('x'), ended('end_turn')]]);
  await settleDown();
  const state = kept.session.log.state.agents.get('a')?.runs[0]?.state;
  assert.deepEqual(state, { status: 'waiting', waitingFor: 'rateLimit', until: kept.clock.now() + 7000 });
  kept.clock.advance(6999);
  await settleDown();
  assert.equal(kept.requests.length, 1);
  kept.clock.advance(1);
  assert.equal((await kept.ending).status, 'completed');

  const beyond = await (await startRun([[limit(3_600_000)]])).ending;
  assert.equal(`${beyond.status} ${beyond.terminationReason}`, 'interrupted rateLimit');
  assert.match(beyond.message, /3600 s/);
});

test('a run that is stopped in the middle of a reply is cancelled and keeps its partial text', async () => {
  const rest = Promise.withResolvers<undefined>();
  const run = await startRun([
    [{ type: 'delta', index: 0, block: 'text', delta: 'I was about' }, rest.promise, text('too late')],
  ]);
  await settleDown();
  run.stopping.abort('person' satisfies RunStop);
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'cancelled cancelledByPerson');
  assert.equal(ending.text, 'I was about');
  rest.resolve(undefined);
  await settleDown();
  assert.match(run.session.story(), /a-turn-1 turn\.discarded\nr cancelled \(cancelledByPerson\)$/);
});

test('a run that is stopped while its calls run is cancelled, and each call has an outcome', async () => {
  const run = await startRun([[use('c1', 0), ended('tool_use')]]);
  run.stopping.abort('parent' satisfies RunStop);
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'cancelled cancelledByParent');
});

test('a run that takes too many turns is interrupted', async () => {
  const run = await startRun(
    Array.from({ length: 5 }, (_, index) => [use(`c${index}`, 0), ended('tool_use')]),
    { maxTurns: 3 },
  );
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'interrupted maxTurns');
  assert.equal(run.requests.length, 3);
});

test('a fault of our own ends the run failed, is logged, and is not thrown', async () => {
  const errors: string[] = [];
  const log: Log = { ...strictLog, error: (message) => void errors.push(message) };
  const ending = await (await startRun([[new TypeError('our mistake')]], { log })).ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'failed internal');
  assert.match(ending.message, /our mistake/);
  assert.equal(errors.length, 1);
});
