/** One request to the model that is stopped, and one that the API turns away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAgent } from '../../../src/agents/loop.ts';
import { TurnInProgress } from '../../../src/agents/turn.ts';
import { noUsage } from '../../../src/core/agents.ts';
import { ModelError, type Model, type ModelEvent, type ModelRequest } from '../../../src/core/models.ts';
import type { IndexedCall } from '../../../src/engine/batch.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { settleDown } from '../engine/testBatch.ts';
import { queueRun, testLoopPorts } from './testLoop.ts';

const request: ModelRequest = { agentId: 'a', model: 'm', system: '', messages: [], tools: [] };
const text = { type: 'block', index: 0, block: { type: 'text', text: 'late' } } as const;
const use: ModelEvent = {
  type: 'block',
  index: 1,
  block: { type: 'tool_use', id: 'c', name: 'look', input: { kind: 'parsed', value: { path: 'a' } } },
};

/** What a model does once it was stopped, without heeding its signal. */
const heedless: Readonly<Record<string, readonly (ModelEvent | Error)[]>> = {
  'goes on': [text, use, { type: 'ended', stopReason: 'tool_use', usage: noUsage }],
  'ends without a word': [],
  fails: [new ModelError('rateLimit', 'Slow down.')],
  breaks: [new TypeError('our mistake')],
};

for (const [what, rest] of Object.entries(heedless)) {
  const waitingModel = (): {
    readonly model: Model;
    readonly begun: Promise<void>;
    readonly go: () => void;
  } => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const model: Model = {
      async *turn() {
        begun.resolve();
        await gate.promise;
        for (const step of rest) {
          if (step instanceof Error) throw step;
          yield step;
        }
      },
    };
    return { model, begun: begun.promise, go: gate.resolve };
  };

  test(`a stopped request whose model ${what} rejects with the reason, and takes nothing more`, async () => {
    const { model, go } = waitingModel();
    const { log: recorder, story } = await memorySession(new TestClock());
    await queueRun(recorder, 'a');
    const calls: IndexedCall[] = [];
    const place = { sessionId: 's', agentId: 'a', runId: 'a-run-1', turnId: 't', attempt: 1, textBefore: '' };
    const turn = new TurnInProgress(place, {
      recorder,
      live: { show: () => undefined },
      model,
      takeCall: (call) => void calls.push(call),
      onAccepted: () => undefined,
    });
    const stopping = new AbortController();
    const asked = turn.ask(request, stopping.signal);
    stopping.abort('person');
    go();
    await assert.rejects(asked, (reason) => reason === 'person');
    assert.deepEqual(calls, []);
    assert.doesNotMatch(story(), /block\.received/);
  });

  test(`a run that is stopped ends at once, and nothing follows its ending, though its model ${what}`, async () => {
    const { model, begun, go } = waitingModel();
    const clock = new TestClock();
    const { log: recorder, story } = await memorySession(clock);
    await queueRun(recorder, 'a');
    const limits = { maxTurns: 10, turnRetries: 2, longestWaitMs: 60_000, maxTokens: 1000 };
    const stopping = new AbortController();
    const run = { agentId: 'a', runId: 'a-run-1', cwd: '/w', roots: ['/w'] };
    const ending = runAgent(run, testLoopPorts({ recorder, model, clock, limits }), stopping.signal);
    await begun;
    stopping.abort('person');
    assert.equal((await ending).terminationReason, 'cancelledByPerson');
    const before = story();
    go();
    await settleDown();
    assert.equal(story(), before);
    assert.equal(clock.waiting, 0);
  });
}

for (const kind of ['rateLimit', 'overloaded'] as const)
  test(`${kind} is shown as waiting for the rate limit, and halves the lane for all`, async () => {
    const clock = new TestClock();
    const { log: recorder } = await memorySession(clock);
    let open = 0;
    let most = 0;
    const model: Model = {
      async *turn() {
        most = Math.max(most, (open += 1));
        await settleDown();
        open -= 1;
        if (most < 2) return;
        throw new ModelError(kind, 'Slow down.');
      },
    };
    const limits = { maxTurns: 10, turnRetries: 1, longestWaitMs: 60_000, maxTokens: 1000 };
    const ports = testLoopPorts({ recorder, model, clock, limits, width: 2 });
    const start = async (agentId: string): Promise<unknown> => {
      await queueRun(recorder, agentId);
      const run = { agentId, runId: `${agentId}-run-1`, cwd: '/w', roots: ['/w'] };
      return runAgent(run, ports, new AbortController().signal);
    };
    const runs = [start('a'), start('b')];
    await settleDown();
    await settleDown();
    const states = [...recorder.state.agents.values()].map(({ runs: [run] }) => run?.state);
    assert.deepEqual(
      states.map((state) => state?.status === 'waiting' && state.waitingFor),
      ['rateLimit', 'rateLimit'],
    );
    most = 0;
    clock.advance(60_000);
    await Promise.allSettled(runs);
    assert.equal(most, 1);
  });
