/** The loop against a hand-written model: which endings it reaches, and what it asks again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSettled } from '../../../src/core/calls.ts';
import { noUsage, type AgentLimits, type RunEnding } from '../../../src/core/agents.ts';
import type { Log } from '../../../src/core/ports.ts';
import { ModelError, type Model, type ModelEvent, type ModelRequest } from '../../../src/core/models.ts';
import { maxPauses } from '../../../src/agents/endings.ts';
import { messagesOf } from '../../../src/agents/history.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import type { RunStop } from '../../../src/agents/stops.ts';
import { mostTokens } from '../../../src/agents/turnBudget.ts';
import { memorySession, strictLog, type MemorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { settleDown } from '../engine/testBatch.ts';
import { queueRun, testLoopPorts } from './testLoop.ts';

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

async function* wordsOnly(): AsyncGenerator<ModelEvent> {
  await Promise.resolve();
  yield text('Played.');
  yield ended('end_turn');
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

interface TestRunOptions {
  readonly limits?: AgentLimits;
  readonly maxTurns?: number;
  readonly maxTokens?: number;
  readonly log?: Log;
}

/** Runs an agent whose n-th request gets the n-th reply. */
async function startRun(
  replies: readonly (readonly Step[])[],
  { maxTurns = 10, maxTokens = 1000, log = strictLog, limits: ofAgent }: TestRunOptions = {},
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
    ...(ofAgent && { limits: ofAgent }),
  } as const;
  await recorder.record({ type: 'agent.created', ...agent }, 'durable');
  await recorder.record({ type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'Why?' }, 'durable');
  const limits = { maxTurns, turnRetries: 2, longestWaitMs: 60_000, maxTokens };
  const ports = { ...testLoopPorts({ recorder, model, clock, limits }), log };
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

for (const stopReason of ['end_turn', 'stop_sequence', 'pause_turn'])
  test(`X6: a whole reply that asks for calls runs them, also if its stop reason is ${stopReason}`, async () => {
    const run = await startRun([
      [text('I will.'), use('c1', 1), ended(stopReason)],
      [text('Found.'), ended('end_turn')],
    ]);
    const ending = await run.ending;
    assert.equal(`${ending.status} ${ending.text}`, 'completed Found.');
    assert.equal(run.session.log.state.calls.get('c1')?.state.status, 'succeeded');
    const last = run.requests[1]?.messages.slice(-2).map(({ content }) => content.map(({ type }) => type));
    assert.deepEqual(last, [['text', 'tool_use'], ['tool_result']]);
  });

for (const stopReason of ['refusal', 'model_context_window_exceeded', 'max_tokens', 'odd', null])
  test(`X6: a reply that ends with ${stopReason} is never completed, and its calls are not run`, async () => {
    const replies = Array.from({ length: 4 }, (_, turn) => [use(`c${turn}`, 1), ended(stopReason)]);
    const run = await startRun(replies);
    await passPauses(run, 3);
    const { status } = await run.ending;
    assert.notEqual(status, 'completed');
    assert.equal(openCalls(run), 0);
    const messages = messagesOf(run.session.log.state, 'a');
    assert.ok(messages.every(({ content }) => content.every(({ type }) => type !== 'tool_use')));
  });

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
      'tools.described',
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
  ['a refusal', [text('x'), ended('refusal')], 'failed refusal'],
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
  ['an unknown stop reason', [text('half'), ended('tired')], 'interrupted unknownStopReason'],
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
  assert.deepEqual(state, {
    status: 'waiting',
    waitingFor: 'rateLimit',
    until: kept.clock.now() + 7000,
    waitMs: 7000,
  });
  kept.clock.advance(6999);
  await settleDown();
  assert.equal(kept.requests.length, 1);
  kept.clock.advance(1);
  assert.equal((await kept.ending).status, 'completed');

  const beyond = await (await startRun([[limit(3_600_000)]])).ending;
  assert.equal(`${beyond.status} ${beyond.terminationReason}`, 'interrupted rateLimit');
  assert.match(beyond.message, /3600 s/);
});

test('a reply that was cut at the limit of tokens is asked for once more, at once and with twice as many', async () => {
  const run = await startRun([
    [text('Too lo'), use('c'), ended('max_tokens')],
    [text('All of it.'), ended('end_turn')],
  ]);
  assert.equal((await run.ending).status, 'completed');
  assert.deepEqual(
    run.requests.map(({ maxTokens }) => maxTokens),
    [undefined, 2000],
  );
  assert.deepEqual(run.requests[0]?.messages, run.requests[1]?.messages);
  assert.doesNotMatch(run.session.story(), /call\.started|run\.waiting/);
  assert.equal(openCalls(run), 0);
});

test('a reply that is cut with twice as many tokens too ends the run interrupted, and its call never runs', async () => {
  const cut = [text('Too lo'), use('c'), ended('max_tokens')];
  const run = await startRun([cut, cut]);
  const ending = await run.ending;
  assert.equal(
    `${ending.status} ${ending.terminationReason} ${ending.stopReason}`,
    'interrupted maxTokens max_tokens',
  );
  assert.equal(ending.text, 'Too lo');
  assert.match(ending.message, /allsettled\.maxTokens/);
  assert.equal(run.requests.length, 2);
  assert.doesNotMatch(run.session.story(), /call\.started/);
  assert.equal(openCalls(run), 0);
});

test('no more tokens are asked for than a model can write, nor the same number again', async () => {
  const cut = [text('Too lo'), ended('max_tokens')];
  const bounded = await startRun([cut, cut], { maxTokens: mostTokens - 1 });
  assert.equal((await bounded.ending).terminationReason, 'maxTokens');
  assert.equal(bounded.requests[1]?.maxTokens, mostTokens);
  const already = await startRun([cut, cut], { maxTokens: mostTokens });
  assert.equal((await already.ending).terminationReason, 'maxTokens');
  assert.equal(already.requests.length, 1);
});

test('a model that refuses the larger number leaves the run interrupted by the first cut', async () => {
  const run = await startRun([
    [text('Too lo'), ended('max_tokens')],
    [new ModelError('invalidRequest', 'max_tokens: 2000 > 1500')],
  ]);
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'interrupted maxTokens');
});

test('after a failure the larger number is asked for again', async () => {
  const run = await startRun([
    [ended('max_tokens')],
    [text('half')],
    [text('All of it.'), ended('end_turn')],
  ]);
  await passPauses(run, 1);
  assert.equal((await run.ending).status, 'completed');
  assert.deepEqual(
    run.requests.map(({ maxTokens }) => maxTokens),
    [undefined, 2000, 2000],
  );
});

test('a paused turn goes back as it is, and the run is completed when the model ends it', async () => {
  const thinking = { type: 'thinking', thinking: 'hm', signature: 'sig' } as const;
  const run = await startRun([
    [
      { type: 'block', index: 0, block: thinking },
      { ...text('First,'), index: 1 } as ModelEvent,
      ended('pause_turn'),
    ],
    [ended('end_turn')],
  ]);
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.text}`, 'completed First,');
  assert.deepEqual(run.requests[1]?.messages.at(-1), {
    role: 'assistant',
    content: [thinking, { type: 'text', text: 'First,' }],
  });
});

test('a model that pauses again and again is interrupted; a turn that goes on in between starts the count anew', async () => {
  const pause = [text('…'), ended('pause_turn')];
  const endless = await startRun(
    Array.from({ length: 20 }, () => pause),
    { maxTurns: 20 },
  );
  const ending = await endless.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'interrupted pauseLimit');
  assert.equal(endless.requests.length, maxPauses + 1);

  const pauses = Array.from({ length: maxPauses }, () => pause);
  const working = await startRun(
    [...pauses, [use('c'), ended('tool_use')], ...pauses, [text('Done.'), ended('end_turn')]],
    { maxTurns: 20 },
  );
  assert.equal((await working.ending).status, 'completed');
});

test('pauses between attempts grow, vary by chance, and are shown as what they are', async () => {
  const run = await startRun([[text('half')], [text('half')], [text('x'), ended('end_turn')]]);
  await settleDown();
  const state = (): unknown => run.session.log.state.agents.get('a')?.runs[0]?.state;
  assert.deepEqual(state(), {
    status: 'waiting',
    waitingFor: 'retry',
    until: run.clock.now() + 375,
    waitMs: 375,
  });
  run.clock.advance(375);
  await settleDown();
  assert.deepEqual(state(), {
    status: 'waiting',
    waitingFor: 'retry',
    until: run.clock.now() + 750,
    waitMs: 750,
  });
  run.clock.advance(750);
  assert.equal((await run.ending).status, 'completed');
});

test('a short wait that the API names again and again is kept, and does not use up the budget at once', async () => {
  const limit = new ModelError('rateLimit', 'Slow down.', { retryAfterMs: 400 });
  const run = await startRun([[limit], [limit], [text('x'), ended('end_turn')]]);
  await settleDown();
  const state = (): unknown => run.session.log.state.agents.get('a')?.runs[0]?.state;
  assert.deepEqual(state(), {
    status: 'waiting',
    waitingFor: 'rateLimit',
    until: run.clock.now() + 400,
    waitMs: 400,
  });
  run.clock.advance(400);
  await settleDown();
  assert.deepEqual(state(), {
    status: 'waiting',
    waitingFor: 'rateLimit',
    until: run.clock.now() + 750,
    waitMs: 750,
  });
  run.clock.advance(750);
  assert.equal((await run.ending).status, 'completed');
});

test('a pause for all holds back a run that has not asked yet, which then ends with the time or goes on', async () => {
  const clock = new TestClock();
  const { log: recorder } = await memorySession(clock);
  const waits = [7000, 3_600_000];
  const model: Model = {
    async *turn() {
      await Promise.resolve();
      const retryAfterMs = waits.shift();
      if (retryAfterMs !== undefined) throw new ModelError('rateLimit', 'Slow down.', { retryAfterMs });
      yield text('Fine.');
      yield ended('end_turn');
    },
  };
  const limits = { maxTurns: 10, turnRetries: 2, longestWaitMs: 60_000, maxTokens: 1000 };
  const ports = testLoopPorts({ recorder, model, clock, limits });
  const start = async (agentId: string, replay?: Model): Promise<RunEnding> => {
    await queueRun(recorder, agentId);
    const request = { agentId, runId: `${agentId}-run-1`, cwd: '/w', roots: ['/w'] };
    return runAgent(request, { ...ports, ...(replay && { model: replay }) }, new AbortController().signal);
  };
  const stateOf = (agentId: string): unknown => recorder.state.agents.get(agentId)?.runs[0]?.state;

  const refused = start('refused');
  await settleDown();
  const held = start('held');
  await settleDown();
  const until = clock.now() + 7000;
  assert.deepEqual(stateOf('held'), { status: 'waiting', waitingFor: 'rateLimit', until, waitMs: 7000 });
  // A transcript asks nobody.
  assert.equal((await start('local', { ...model, isLocal: true, turn: wordsOnly })).status, 'completed');
  clock.advance(7000);
  // One of the two meets the hour, and the other is not sent before it.
  const endings = [await refused, await held];
  assert.deepEqual(
    endings.map(({ status, terminationReason }) => `${status} ${terminationReason}`),
    ['interrupted rateLimit', 'interrupted rateLimit'],
  );
  for (const { message } of endings) assert.match(message, /3600 s/);
  assert.equal((await start('late')).terminationReason, 'rateLimit');
  assert.equal(waits.length, 0);
});

test('a run that waits for the rate limit is stopped at once', async () => {
  const run = await startRun([[new ModelError('rateLimit', 'Slow down.', { retryAfterMs: 30_000 })]]);
  await settleDown();
  run.stopping.abort('person' satisfies RunStop);
  assert.equal((await run.ending).terminationReason, 'cancelledByPerson');
  assert.equal(run.requests.length, 1);
});

test('nothing of a turn that failed in its middle is sent back with a follow-up', async () => {
  const run = await startRun([[text('half'), new ModelError('authentication', 'revoked')]]);
  assert.equal((await run.ending).text, 'half');
  assert.match(run.session.story(), /turn\.discarded/);
  assert.deepEqual(messagesOf(run.session.log.state, 'a').length, 1);
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
  // Eleven characters, which the API would have counted at the end of the reply.
  assert.deepEqual(ending.usage, { ...noUsage, outputTokens: 3, isEstimated: true });
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

test('a turn that breaks for whatever reason runs none of its calls', async () => {
  const log: Log = { ...strictLog, error: () => undefined };
  const run = await startRun([[text('x'), use('c1', 1), new TypeError('our mistake')]], { log });
  assert.equal((await run.ending).terminationReason, 'internal');
  assert.doesNotMatch(run.session.story(), /call\.started/);
  assert.match(run.session.story(), /c1 cancelled/);
});

for (const [what, reply] of [
  ['without text', [ended('end_turn')]],
  ['with blank text', [text(' \n'), ended('end_turn')]],
] as const) {
  test(`a turn that ends ${what} is reminded once, and a text then completes the run`, async () => {
    const run = await startRun([reply, [text('Found.'), ended('end_turn')]]);
    const ending = await run.ending;
    assert.equal(`${ending.status} ${ending.terminationReason}: ${ending.text}`, 'completed endTurn: Found.');
    assert.match(JSON.stringify(run.requests[1]?.messages.at(-1)), /Your turn ended without any text/);
    const [reminder] = run.session.log.state.agents.get('a')?.messages ?? [];
    assert.equal(`${reminder?.kind} ${reminder?.state.status}`, 'reminder accepted');
  });

  test(`a turn that ends ${what} also after its reminder leaves the run incomplete`, async () => {
    const run = await startRun([reply, reply]);
    const ending = await run.ending;
    assert.equal(`${ending.status} ${ending.terminationReason}`, 'incomplete noText');
    assert.equal(run.requests.length, 2);
  });
}

test('a transcript that ends where a reminder would come leaves the run incomplete', async () => {
  const run = await startRun([[ended('end_turn')], [new ModelError('transcriptEnded', 'over')]]);
  assert.equal((await run.ending).terminationReason, 'noText');
});

test('a run that has used its tokens takes no further turn, and says so', async () => {
  const look = [text('I look.'), use('c1'), ended('tool_use')];
  const run = await startRun([look, look], { limits: { maxTokens: 1 } });
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'interrupted tokenBudget');
  assert.equal(run.requests.length, 1);
  assert.equal(openCalls(run), 0);
});

test('a run that has taken its turns takes no further one, where the agent has fewer than the setting', async () => {
  const run = await startRun([[text('I look.'), use('c1'), ended('tool_use')]], { limits: { maxTurns: 1 } });
  assert.equal((await run.ending).terminationReason, 'maxTurns');
});

test('a run whose time is over ends with what it has, and is not called cancelled', async () => {
  const never = Promise.withResolvers<undefined>();
  const run = await startRun([[text('half'), never.promise]], { limits: { maxWallMs: 5000 } });
  await settleDown();
  run.clock.advance(5000);
  const ending = await run.ending;
  assert.equal(`${ending.status} ${ending.terminationReason}: ${ending.text}`, 'interrupted wallTime: half');
  never.resolve(undefined);
});

test('what cut and stopped turns have cost is counted, as far as the API said it', async () => {
  const costs = (outputTokens: number): ModelEvent => ({
    type: 'usage',
    usage: { ...noUsage, outputTokens },
  });
  const never = Promise.withResolvers<undefined>();
  const run = await startRun([
    [costs(3), costs(5)],
    [costs(7), never.promise],
  ]);
  await passPauses(run, 1);
  await settleDown();
  run.stopping.abort('person' satisfies RunStop);
  assert.equal((await run.ending).usage.outputTokens, 12);
  const turn = run.session.log.state.turns.get('a-turn-1');
  assert.equal(turn?.state.status === 'discarded' && turn.state.usage?.outputTokens, 7);
  never.resolve(undefined);
});

test('a queued message stands once in the history, is pending while the turn is cut, and delivered when accepted', async () => {
  const cut = Promise.withResolvers<undefined>();
  const run = await startRun([
    [text('I look.'), use('c1'), cut.promise, ended('tool_use')],
    [],
    [text('half')],
    [text('Found.'), ended('end_turn')],
  ]);
  await settleDown();
  const message = { type: 'message.queued', agentId: 'a', kind: 'parent' } as const;
  for (const messageId of ['m1', 'm2'])
    await run.session.log.record({ ...message, messageId, text: `word ${messageId}` }, 'durable');
  cut.resolve(undefined);
  await settleDown();
  const standing = (): readonly string[] =>
    run.session.log.state.agents.get('a')?.messages.map(({ state }) => state.status) ?? [];
  assert.deepEqual(standing(), ['placed', 'placed']);
  await passPauses(run, 1);
  await settleDown();
  assert.deepEqual(standing(), ['accepted', 'accepted']);
  await passPauses(run, 1);
  assert.equal((await run.ending).status, 'completed');
  for (const request of run.requests.slice(1))
    assert.deepEqual(
      request.messages.at(-1)?.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['tool_result', 'word m1', 'word m2'],
    );
  assert.equal(run.session.story().match(/message\.placed/g)?.length, 1);
  assert.equal(run.session.story().match(/message\.delivered/g)?.length, 1);
});

test('the reason of a discarded reply says when it is asked again by itself, and advises nothing', async () => {
  const run = await startRun([[text('half')], [text('half')], [text('half')]]);
  await passPauses(run, 2);
  assert.match(
    (await run.ending).message,
    /^The reply broke off before its end\. Send a follow-up to go on\.$/,
  );
  const reasons = run.session.events.flatMap((event) =>
    event.type === 'turn.discarded' ? [event.reason] : [],
  );
  assert.match(reasons[0] ?? '', /^The reply broke off before its end\. Asked again in \d+ s \(2 of 3\)\.$/);
  assert.match(reasons[1] ?? '', / Asked again in \d+ s \(3 of 3\)\.$/);
  assert.equal(reasons[2], 'The reply broke off before its end.');
});
