/** Conversations that outgrow their model's window: what is asked instead, and how they go on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage, type RunEnding } from '../../../src/core/agents.ts';
import {
  ModelError,
  type Message,
  type Model,
  type ModelEvent,
  type ModelRequest,
} from '../../../src/core/models.ts';
import { messagesOf } from '../../../src/agents/history.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import { toAnthropicRequest } from '../../../src/models/anthropicRequest.ts';
import { memorySession, type MemorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { done, tool } from '../engine/testBatch.ts';
import { brokenRules } from './apiRules.ts';
import { testLoopPorts } from './testLoop.ts';

const windowTokens = 100_000;
const maxTokens = 1000;

/** What a request is answered with: a text, calls, or an error; `filled` is what the API counts of the window. */
interface Reply {
  readonly text?: string;
  readonly calls?: readonly string[];
  readonly stopReason?: string;
  readonly filled?: number;
  readonly error?: Error;
}

interface Played {
  readonly session: MemorySession;
  readonly requests: readonly ModelRequest[];
  readonly ending: RunEnding;
  readonly warnings: readonly string[];
}

interface PlayOptions {
  readonly output?: string;
  readonly session?: MemorySession;
  readonly prompt?: string;
  readonly runId?: string;
}

async function play(replies: readonly Reply[], options: PlayOptions = {}): Promise<Played> {
  const clock = new TestClock();
  const session = options.session ?? (await memorySession(clock));
  const requests: ModelRequest[] = [];
  const warnings: string[] = [];
  const model: Model = {
    async *turn(request) {
      requests.push(request);
      await Promise.resolve();
      const reply = replies[requests.length - 1];
      if (!reply) throw new Error(`request ${requests.length} was not expected`);
      yield* eventsOf(reply);
    },
  };
  const recorder = session.log;
  const runId = options.runId ?? 'r';
  const { prompt = 'Why is the sky blue?' } = options;
  const about = {
    label: 'a',
    model: 'm',
    permission: 'read-only',
    systemPrompt: 'S',
    tools: ['look'],
  } as const;
  if (!options.session) await recorder.record({ type: 'agent.created', agentId: 'a', ...about }, 'durable');
  await recorder.record({ type: 'run.queued', agentId: 'a', runId, prompt }, 'durable');
  const limits = { maxTurns: 20, turnRetries: 0, longestWaitMs: 1, maxTokens };
  const tools = [tool('look', () => done(options.output ?? 'seen'))];
  const log = {
    info: () => undefined,
    warn: (message: string) => void warnings.push(message),
    error: assert.fail,
  };
  const ports = {
    ...testLoopPorts({ recorder, model, clock, limits, tools }),
    log,
    contextWindow: () => windowTokens,
  };
  const request = { agentId: 'a', runId, cwd: '/w', roots: ['/w'] };
  const ending = await runAgent(request, ports, new AbortController().signal);
  return { session, requests, ending, warnings };
}

function* eventsOf({ text, calls = [], stopReason, filled = 10, error }: Reply): Generator<ModelEvent> {
  if (error) throw error;
  if (text !== undefined) yield { type: 'block', index: 0, block: { type: 'text', text } };
  for (const [index, id] of calls.entries()) {
    const input = { kind: 'parsed', value: {} } as const;
    yield { type: 'block', index: index + 1, block: { type: 'tool_use', id, name: 'look', input } };
  }
  const usage = { ...noUsage, inputTokens: 1, cacheReadTokens: filled - 2, outputTokens: 1 };
  yield { type: 'ended', stopReason: stopReason ?? (calls.length > 0 ? 'tool_use' : 'end_turn'), usage };
}

/** One line for each message: "user: text, result" */
function shape(messages: readonly Message[]): readonly string[] {
  return messages.map(({ role, content }) => `${role}: ${content.map(wordOf).join(' | ')}`);
}

function wordOf(block: Message['content'][number]): string {
  if (block.type === 'text') return block.text.slice(0, 40);
  if (block.type === 'tool_use') return `call ${block.id}`;
  return block.type === 'tool_result' ? `result ${block.toolUseId}` : block.type;
}

function textOf(request: ModelRequest | undefined): string {
  return (request?.messages ?? [])
    .flatMap(({ content }) => content.map((block) => ('text' in block ? block.text : '')))
    .join('\n');
}

function assertAccepted(requests: readonly ModelRequest[]): void {
  for (const request of requests)
    assert.deepEqual(brokenRules(toAnthropicRequest(request, { maxTokens, thinking: 'off' }), false), []);
}

const nearlyFull = windowTokens - maxTokens - 9000;

test('near the end of the window the conversation is summed up, and goes on from the summary', async () => {
  const { session, requests, ending } = await play([
    { text: 'I look.', calls: ['c1', 'c2'], filled: nearlyFull },
    { text: 'Blue light scatters.', filled: nearlyFull },
    { text: 'I look on.', calls: ['c3'] },
    { text: 'Rayleigh.' },
  ]);
  assert.equal(`${ending.status} ${ending.text}`, 'completed Rayleigh.');
  assert.deepEqual(shape(requests[1]?.messages ?? []), [
    'user: Why is the sky blue?',
    'assistant: I look. | call c1 | call c2',
    'user: result c1 | result c2 | The conversation is about to be cut, bec',
  ]);
  assert.deepEqual(shape(requests[2]?.messages ?? []), ['user: This conversation was longer than fits. ']);
  assert.match(
    textOf(requests[2]),
    /Blue light scatters\.\n\nThe latest request, word for word:\n\nWhy is the sky blue\?$/,
  );
  assert.deepEqual(shape(requests[3]?.messages ?? []), [
    'user: This conversation was longer than fits. ',
    'assistant: I look on. | call c3',
    'user: result c3',
  ]);
  assertAccepted(requests);
  assert.deepEqual(requests[1]?.tools, requests[0]?.tools);
  assert.equal(ending.usage.outputTokens, 4);
  assert.deepEqual(
    session.events
      .filter(({ type }) => type === 'history.compacted' || type === 'turn.started')
      .map(({ type }) => type),
    ['turn.started', 'history.compacted', 'turn.started', 'turn.started'],
  );
});

test('nothing of the conversation is lost from the state', async () => {
  const { session } = await play([
    { text: 'I look.', calls: ['c1'], filled: nearlyFull },
    { text: 'Summary.' },
    { text: 'Done.' },
  ]);
  const { state } = session.log;
  assert.deepEqual(
    [...state.turns.values()].map(({ blocks }) => blocks.map(({ block }) => 'text' in block && block.text)),
    [['I look.'], ['Done.']],
  );
  assert.ok(state.calls.has('c1'));
});

test('results that the API has not counted yet count too', async () => {
  const { requests } = await play(
    [{ calls: ['c1'], filled: 50_000 }, { text: 'Summary.' }, { text: 'Done.' }],
    { output: 'x'.repeat(150_000) },
  );
  assert.deepEqual(shape(requests[2]?.messages ?? []), ['user: This conversation was longer than fits. ']);
});

test('with room left nothing is summed up', async () => {
  const { requests } = await play([{ calls: ['c1'], filled: nearlyFull - 2000 }, { text: 'Done.' }]);
  assert.equal(requests.length, 2);
});

test('the next run keeps its own prompt word for word', async () => {
  const first = await play([{ text: 'Long.', filled: nearlyFull }]);
  const { requests, ending } = await play([{ text: 'Summary.' }, { text: 'Done.' }], {
    session: first.session,
    runId: 'r2',
    prompt: 'And the sea?',
  });
  assert.equal(ending.status, 'completed');
  assert.deepEqual(shape(requests[1]?.messages ?? []), [
    'user: This conversation was longer than fits.  | And the sea?',
  ]);
  assertAccepted(requests);
});

test('a window that was exceeded is compacted once, and the run goes on', async () => {
  const { requests, ending, session } = await play([
    { calls: ['c1'] },
    { text: 'Half an ans', stopReason: 'model_context_window_exceeded' },
    { text: 'Summary.' },
    { text: 'The whole answer.' },
  ]);
  assert.equal(`${ending.status} ${ending.text}`, 'completed The whole answer.');
  assertAccepted(requests);
  assert.deepEqual(shape(requests[3]?.messages ?? []), ['user: This conversation was longer than fits. ']);
  assert.equal(messagesOf(session.log.state, 'a').length, 2);
});

test('exceeded again right after, the run is interrupted', async () => {
  const exceeded: Reply = { text: 'x', stopReason: 'model_context_window_exceeded' };
  const { requests, ending } = await play([exceeded, { text: 'Summary.' }, exceeded]);
  assert.equal(
    `${ending.status} ${ending.terminationReason} ${ending.stopReason}`,
    'interrupted contextWindow model_context_window_exceeded',
  );
  assert.equal(requests.length, 3);
});

test('a request that is too long is summed up with less and less of it', async () => {
  const tooLong: Reply = { error: new ModelError('contextWindow', 'too long') };
  const { requests, ending, warnings } = await play(
    [{ text: 'I look.', calls: ['c1'] }, tooLong, tooLong, { text: 'Summary.' }, { text: 'Done.' }],
    { output: 'x'.repeat(200_000) },
  );
  assert.equal(ending.status, 'completed');
  assert.equal(warnings.length, 1);
  const [, whole, shortened, text] = requests;
  assert.ok(textOf(whole).length > 200_000);
  assert.ok(textOf(shortened).length < 10_000);
  assert.deepEqual(shape(text?.messages ?? []), ['user: Here is a conversation of an agent with ']);
  assert.deepEqual(text?.tools, []);
  assert.match(textOf(text), /user: Why is the sky blue\?[^]*call c1: look \{\}[^]*result of c1: x/);
  assertAccepted(requests);
});

test('a model that asks for calls instead of summing up is asked without tools', async () => {
  const { requests, ending } = await play([
    { calls: ['c1'], filled: nearlyFull },
    { calls: ['c2'] },
    { calls: ['c3'] },
    { text: 'Summary.' },
    { text: 'Done.' },
  ]);
  assert.equal(ending.status, 'completed');
  assert.deepEqual(
    requests.map(({ tools }) => tools.length),
    [1, 1, 1, 0, 1],
  );
});

test('a summary that can’t be had is no ending: the conversation goes on as it is', async () => {
  const { requests, ending, session, warnings } = await play([
    { calls: ['c1'], filled: nearlyFull },
    { error: new ModelError('server', 'down') },
    { text: 'Done.' },
  ]);
  assert.equal(ending.status, 'completed');
  assert.equal(warnings.length, 1);
  assert.equal(requests[2]?.messages.length, 3);
  assert.ok(!session.events.some(({ type }) => type === 'history.compacted'));
});

test('a summary that is cut at the limit of tokens is better than none', async () => {
  const cut: Reply = { text: 'Half a summ', stopReason: 'max_tokens' };
  const { requests } = await play([{ calls: ['c1'], filled: nearlyFull }, cut, cut, { text: 'Done.' }]);
  assert.equal(requests[2]?.maxTokens, 2 * maxTokens);
  assert.match(textOf(requests[3]), /Half a summ \[the summary was cut here\]/);
});

test('compaction comes at most every few turns', async () => {
  const full: Reply = { calls: ['c'], filled: nearlyFull };
  const { requests, session } = await play([
    full,
    { text: 'First summary.' },
    full,
    full,
    full,
    { text: 'Second summary.' },
    { text: 'Done.' },
  ]);
  const story = session.events.flatMap(({ type }) =>
    type === 'turn.started' ? ['turn'] : type === 'history.compacted' ? ['summary'] : [],
  );
  assert.equal(story.join(' '), 'turn summary turn turn turn summary turn');
  assert.deepEqual(shape(requests[6]?.messages ?? []), ['user: This conversation was longer than fits. ']);
  assert.match(textOf(requests[6]), /Second summary\./);
  assert.doesNotMatch(textOf(requests[6]), /First summary\./);
  assertAccepted(requests);
});

test('a message that was placed at the turn after a compaction stands after the summary', async () => {
  const { session } = await play([
    { calls: ['c1'], filled: nearlyFull },
    { text: 'Summary.' },
    { text: 'Done.' },
  ]);
  const message = { agentId: 'a', messageId: 'm', kind: 'parent', text: 'From the parent.' } as const;
  await session.log.record({ type: 'message.queued', ...message }, 'durable');
  const { requests } = await play([{ text: 'Heard.' }], { session, runId: 'r2', prompt: '' });
  assert.deepEqual(shape(requests[0]?.messages ?? []), [
    'user: This conversation was longer than fits. ',
    'assistant: Done.',
    'user: From the parent.',
  ]);
});

test('a message whose request was refused as too long stands after the summary, word for word', async () => {
  const { session } = await play([{ text: 'Done.' }]);
  const message = { agentId: 'a', messageId: 'm', kind: 'notification', text: 'One has ended.' } as const;
  await session.log.record({ type: 'message.queued', ...message }, 'durable');
  const tooLong = new ModelError('contextWindow', 'too long');
  const replies = [{ error: tooLong }, { text: 'Summary.' }, { text: 'Heard.' }];
  const { requests, ending } = await play(replies, { session, runId: 'r2', prompt: '' });
  assert.equal(ending.status, 'completed');
  assert.deepEqual(shape(requests[2]?.messages ?? []), [
    'user: This conversation was longer than fits.  | One has ended.',
  ]);
  assert.equal(session.log.state.agents.get('a')?.messages[0]?.state.status, 'accepted');
});
