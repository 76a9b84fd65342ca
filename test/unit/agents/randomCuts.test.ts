/** A streamed turn that is cut anywhere: no truncated call runs, and no run is completed that did not end its own turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import fc from 'fast-check';
import { isSettled } from '../../../src/core/calls.ts';
import type { RunEnding } from '../../../src/core/agents.ts';
import { writes } from '../../../src/core/effects.ts';
import type { Model } from '../../../src/core/models.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import { toModelError } from '../../../src/models/anthropicErrors.ts';
import { readMessage } from '../../../src/models/anthropicStream.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { done, tool } from '../engine/testBatch.ts';
import { queueRun, testLoopPorts } from './testLoop.ts';

const cuts = 1000;

const inputs = [
  '{"look":"at the first"}',
  '{"change":["ü",{"deep":"{}"}]}',
  '{"look":2,"and":"é\\u00e9 }"}',
  '{}',
];
const tools = ['look', 'change', 'look', 'look'];

/** A text in pieces of 3 characters. */
const pieces = (text: string): readonly string[] => text.match(/.{1,3}/gsu) ?? [];

const callsTurn = sse.wholeMessage(
  'tool_use',
  sse.thinkingBlock(0, 'signature', 'hm', ' hm'),
  sse.textBlock(1, 'I ', 'look 日本.'),
  ...inputs.map((input, place) =>
    sse.toolUseBlock(place + 2, `toolu_${place}`, tools[place] ?? '', ...pieces(input)),
  ),
);

const lastTurn = sse.wholeMessage('end_turn', sse.textBlock(0, 'Done, ', 'and well.'));

interface Recording {
  readonly bytes: Uint8Array;
  /** The number of bytes after which the n-th event has arrived. */
  readonly ends: readonly number[];
}

function record(events: readonly sse.SseEvent[]): Recording {
  const texts = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  let sum = 0;
  // The blank line that ends an event may be missing at the very end.
  const ends = texts.map((text) => (sum += Buffer.byteLength(text)) - 2);
  return { bytes: Buffer.from(texts.join('')), ends };
}

/** Sends the bytes up to the cut, and then closes the connection or breaks it. */
function cutModel({ bytes }: Recording, cut: number, breaks: boolean): Model {
  return {
    async *turn() {
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (!breaks) return controller.close();
          controller.error(new TypeError('terminated'));
        },
        start: (controller) => controller.enqueue(bytes.slice(0, cut)),
      });
      const stream = Stream.fromSSEResponse<RawMessageStreamEvent>(new Response(body), new AbortController());
      try {
        yield* readMessage(stream);
      } catch (error) {
        throw toModelError(error, { baseUrl: 'http://127.0.0.1', model: 'm' }, 0);
      }
    },
  };
}

interface CutRun {
  readonly ending: RunEnding;
  /** The input of every call that ran, as JSON. */
  readonly ran: readonly string[];
  readonly state: SessionState;
}

async function run(model: Model): Promise<CutRun> {
  const clock = new TestClock();
  const { log: recorder } = await memorySession(clock);
  await queueRun(recorder, 'a');
  const ran: string[] = [];
  const note = (input: unknown): ReturnType<typeof done> => {
    ran.push(JSON.stringify(input));
    return done('seen');
  };
  const ports = testLoopPorts({
    recorder,
    model,
    clock,
    limits: { maxTurns: 1, turnRetries: 0, longestWaitMs: 1000, maxTokens: 64_000 },
    tools: [tool('look', note), tool('change', note, { effectsAre: writes('file:/w/a') })],
  });
  const request = { agentId: 'a', runId: 'a-run-1', cwd: '/w', roots: ['/w'] };
  const ending = await runAgent(request, ports, new AbortController().signal);
  return { ending, ran, state: recorder.state };
}

function openCalls(state: SessionState): number {
  return [...state.calls.values()].filter((call) => !isSettled(call.state)).length;
}

test(`${cuts} random cuts of a turn with calls run no truncated call, and no change without the turn's end`, async () => {
  const recording = record(callsTurn);
  const stops = callsTurn.flatMap((event, place) =>
    event.type === 'content_block_stop' ? (recording.ends[place] ?? []) : [],
  );
  // Thinking and text come before the calls.
  const arrival = new Map(
    inputs.map((input, place) => [JSON.stringify(JSON.parse(input)), stops[place + 2] ?? 0]),
  );
  const whole = recording.ends.at(-1) ?? 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(recording.bytes.length), fc.boolean(), async (cut, breaks) => {
      const { ending, ran, state } = await run(cutModel(recording, cut, breaks));
      for (const input of ran) assert.ok(cut >= (arrival.get(input) ?? Infinity), `ran ${input}`);
      if (cut < whole) assert.ok(ran.every((input) => input.startsWith('{"look"')));
      if (cut === recording.bytes.length) assert.equal(ran.length, inputs.length);
      assert.equal(ending.status, 'interrupted');
      if (cut < whole) assert.notEqual(ending.terminationReason, 'maxTurns');
      assert.equal(openCalls(state), 0);
    }),
    { numRuns: cuts, examples: [[recording.bytes.length, false]] },
  );
});

test(`${cuts} random cuts of a last turn complete no run whose model did not end its turn`, async () => {
  const recording = record(lastTurn);
  const whole = recording.ends.at(-1) ?? 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(recording.bytes.length), fc.boolean(), async (cut, breaks) => {
      const { ending } = await run(cutModel(recording, cut, breaks));
      if (cut < whole) assert.equal(ending.status, 'interrupted');
      if (cut === recording.bytes.length) assert.equal(ending.status, 'completed');
    }),
    { numRuns: cuts, examples: [[recording.bytes.length, false]] },
  );
});

test(`${cuts} calls that max_tokens cut at random, with the stream's own end, never run`, async () => {
  const input = inputs[2] ?? '';
  await fc.assert(
    fc.asyncProperty(fc.nat(input.length - 1), async (length) => {
      const { bytes, ends } = record(
        sse.wholeMessage('max_tokens', sse.toolUseBlock(0, 'c', 'look', ...pieces(input.slice(0, length)))),
      );
      const { ending, ran, state } = await run(cutModel({ bytes, ends }, bytes.length, false));
      assert.deepEqual(ran, []);
      assert.equal(`${ending.status} ${ending.terminationReason}`, 'interrupted maxTokens');
      assert.equal(openCalls(state), 0);
    }),
    { numRuns: cuts },
  );
});
