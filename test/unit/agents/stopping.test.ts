/** A run that is stopped, wherever it stands; and what its ending waits for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAgent } from '../../../src/agents/loop.ts';
import { streamCut } from '../../../src/agents/endings.ts';
import { TurnBudget } from '../../../src/agents/turnBudget.ts';
import { noUsage, type RunEnding } from '../../../src/core/agents.ts';
import type { Model, ModelEvent } from '../../../src/core/models.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { failed, settleDown, tool } from '../engine/testBatch.ts';
import { queueRun, testLoopPorts } from './testLoop.ts';

const limits = { maxTurns: 10, turnRetries: 2, longestWaitMs: 60_000, maxTokens: 1000 };
const use: ModelEvent = {
  type: 'block',
  index: 0,
  block: { type: 'tool_use', id: 'c', name: 'slow', input: { kind: 'parsed', value: {} } },
};

function replying(...events: readonly ModelEvent[]): { readonly model: Model; readonly asked: () => number } {
  let asked = 0;
  const model: Model = {
    async *turn() {
      asked += 1;
      await Promise.resolve();
      yield* events;
    },
  };
  return { model, asked: () => asked };
}

function request(agentId: string): Parameters<typeof runAgent>[0] {
  return { agentId, runId: `${agentId}-run-1`, cwd: '/w', roots: ['/w'] };
}

for (const [why, expected] of [
  ['person', 'cancelledByPerson'],
  ['parent', 'cancelledByParent'],
  ['host', 'hostExit'],
] as const)
  test(`a run that its ${why} stops while a call runs stops the call, and asks the model nothing more`, async () => {
    const clock = new TestClock();
    const { log: recorder, story } = await memorySession(clock);
    await queueRun(recorder, 'a');
    const { model, asked } = replying(use, { type: 'ended', stopReason: 'tool_use', usage: noUsage });
    const begun = Promise.withResolvers<void>();
    const slow = tool('slow', (_input, { signal }) => {
      begun.resolve();
      return new Promise<ToolResult>((resolve) => signal.addEventListener('abort', () => resolve(failed())));
    });
    const stopping = new AbortController();
    const ports = testLoopPorts({ recorder, model, clock, limits, tools: [slow] });
    const ending = runAgent(request('a'), ports, stopping.signal);
    await begun.promise;
    stopping.abort(why);
    assert.equal((await ending).terminationReason, expected);
    const call = recorder.state.calls.get('c')?.state;
    assert.equal(call?.status === 'cancelled' ? call.by : call?.status, why === 'host' ? 'interrupted' : why);
    assert.equal(asked(), 1);
    assert.equal(story().match(/turn\.started/g)?.length, 1);
    assert.equal(clock.waiting, 0);
  });

test('a run that is stopped while it waits for the model lane has no turn, and ends at once', async () => {
  const clock = new TestClock();
  const { log: recorder, story } = await memorySession(clock);
  const gate = Promise.withResolvers<void>();
  const model: Model = {
    async *turn() {
      await gate.promise;
      yield { type: 'block', index: 0, block: { type: 'text', text: 'Done.' } };
      yield { type: 'ended', stopReason: 'end_turn', usage: noUsage };
    },
  };
  const ports = testLoopPorts({ recorder, model, clock, limits, width: 1 });
  await queueRun(recorder, 'first');
  await queueRun(recorder, 'second');
  const first = runAgent(request('first'), ports, new AbortController().signal);
  const stopping = new AbortController();
  const second = runAgent(request('second'), ports, stopping.signal);
  await settleDown();
  stopping.abort('person');
  assert.equal((await second).terminationReason, 'cancelledByPerson');
  gate.resolve();
  assert.equal((await first).status, 'completed');
  assert.doesNotMatch(story(), /second-turn/);
});

test('an ending is on disk before anybody is told of it', async () => {
  const clock = new TestClock();
  const { log } = await memorySession(clock);
  await queueRun(log, 'a');
  const disk = Promise.withResolvers<void>();
  const recorder: Recorder = {
    state: log.state,
    record: async (event, durability) => {
      if (event.type === 'run.ended' && durability === 'durable') await disk.promise;
      await log.record(event, durability);
    },
  };
  const { model } = replying({ type: 'ended', stopReason: 'end_turn', usage: noUsage });
  let told: RunEnding | undefined;
  const ports = testLoopPorts({ recorder, model, clock, limits });
  const ending = runAgent(request('a'), ports, new AbortController().signal).then((end) => (told = end));
  await settleDown();
  assert.equal(told, undefined);
  disk.resolve();
  assert.equal((await ending).status, 'incomplete');
});

test('no pause between attempts is longer than a run may wait', () => {
  const short = { ...limits, turnRetries: 100, longestWaitMs: 1500 };
  const budget = new TurnBudget(short, new TestClock(), () => 0.999);
  const reply = { verdict: streamCut, stopReason: null, usage: noUsage, text: '', isWhole: false };
  const pauses = Array.from({ length: 8 }, () => {
    const decision = budget.decide(reply);
    return decision.kind === 'askAgain' ? decision.delayMs : Infinity;
  });
  assert.ok(
    pauses.every((delayMs) => delayMs <= 1500),
    String(pauses),
  );
});

test('a run that pauses before it asks again leaves no timer when it is stopped, and works again when it is not', async () => {
  for (const isStopped of [true, false]) {
    const clock = new TestClock();
    const { log: recorder } = await memorySession(clock);
    await queueRun(recorder, 'a');
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const model: Model = {
      async *turn() {
        if ((asked += 1) > 1) await gate.promise;
        yield { type: 'delta', index: 0, block: 'text', delta: 'half' };
      },
    };
    const stopping = new AbortController();
    const ports = testLoopPorts({ recorder, model, clock, limits: { ...limits, turnRetries: 1 } });
    const ending = runAgent(request('a'), ports, stopping.signal);
    await settleDown();
    assert.equal(recorder.state.agents.get('a')?.runs[0]?.state.status, 'waiting');
    if (isStopped) stopping.abort('person');
    else clock.advance(1000);
    await settleDown();
    const { status } = recorder.state.agents.get('a')?.runs[0]?.state ?? {};
    assert.equal(status, isStopped ? 'cancelled' : 'running');
    assert.equal(clock.waiting, 0);
    gate.resolve();
    await ending;
  }
});
