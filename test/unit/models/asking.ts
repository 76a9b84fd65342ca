/** Asks a model in tests. */
import type { TestContext } from 'node:test';
import type { Model, ModelEvent, ModelRequest } from '../../../src/core/models.ts';
import { createAnthropicModel, type AnthropicModelOptions } from '../../../src/models/anthropic.ts';
import { startMessagesServer, type MessagesServer, type ReplyHandler } from '../../fixtures/sseServer.ts';
import { TestClock } from '../../fixtures/testClock.ts';

export const never = new AbortController().signal;

/** A request for one word from the user. */
export const hello: ModelRequest = {
  agentId: 'root',
  model: 'test-model',
  system: 'Be brief.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
  tools: [],
};

/** A model that talks to `url`. */
export function modelAt(url: string, options: Partial<AnthropicModelOptions> = {}): Model {
  return createAnthropicModel({
    apiKey: () => Promise.resolve('test-key'),
    baseUrl: () => url,
    maxTokens: () => 1000,
    clock: new TestClock(),
    ...options,
  });
}

/** A server that the test closes at its end. */
export async function serve(test: TestContext, handler: ReplyHandler): Promise<MessagesServer> {
  const server = await startMessagesServer(handler);
  test.after(() => server.close());
  return server;
}

/** Every event of one turn but those that only count its tokens. */
export async function collect(model: Model, request = hello, signal = never): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of withoutUsage(model.turn(request, signal))) events.push(event);
  return events;
}

/** The events of a turn but those that only count its tokens. */
export async function* withoutUsage(turn: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent, void> {
  for await (const event of turn) if (event.type !== 'usage') yield event;
}

/** The events of one turn before it threw, and what it threw. */
export async function collectUntilError(
  model: Model,
  request = hello,
  signal = never,
): Promise<{ readonly events: readonly ModelEvent[]; readonly error: unknown }> {
  const events: ModelEvent[] = [];
  try {
    for await (const event of withoutUsage(model.turn(request, signal))) events.push(event);
  } catch (error) {
    return { events, error };
  }
  throw new Error(`the turn threw nothing; its events: ${JSON.stringify(events)}`);
}
