/** The model behind the Messages API: one streamed request for each turn. */
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { ModelError, type Model, type ModelEvent, type ModelRequest } from '../core/models.ts';
import type { Clock } from '../core/ports.ts';
import { AnthropicConnector, type AnthropicAccess, type AnthropicConnection } from './anthropicClient.ts';
import { foreignReply, toModelError, type RequestPlace } from './anthropicErrors.ts';
import { toAnthropicRequest, type Thinking } from './anthropicRequest.ts';
import { readMessage } from './anthropicStream.ts';
import { IdleWatchdog } from './idleWatchdog.ts';
import { QuietPhases, type QuietLimits } from './quietPhases.ts';

export interface AnthropicModelOptions extends AnthropicAccess {
  /** The most tokens that one turn may produce. */
  maxTokens(): number;
  /** `off` where absent. */
  thinking?(): Thinking;
  readonly clock: Clock;
  /** How long a stream may be without an event other than a ping. */
  readonly quiet?: QuietLimits;
}

/** How long a response may go on after its message has ended, before its connection is given up. */
const longestFinishMs = 1000;

const defaultQuiet: QuietLimits = { longMs: 300_000, usualMs: 120_000 };

/** Nothing is retried here: a turn's retries are the agent loop's. */
export function createAnthropicModel(options: AnthropicModelOptions): Model {
  const connector = new AnthropicConnector(options);
  return { turn: (request, signal) => turn(connector, options, request, signal) };
}

async function* turn(
  connector: AnthropicConnector,
  options: AnthropicModelOptions,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
  signal.throwIfAborted();
  const connection = await connector.connect();
  const place = { baseUrl: connection.baseUrl, apiKey: connection.apiKey, model: request.model };
  const watchdog = new IdleWatchdog(options.clock);
  const phases = new QuietPhases(options.quiet ?? defaultQuiet);
  let isFinishing = false;
  watchdog.allow(phases.limitMs);
  try {
    const stream = await ask(connection, options, request, place, AbortSignal.any([signal, watchdog.signal]));
    yield* readMessage(stream, {
      pause: () => watchdog.pause(),
      goOn: (event) => watchdog.allow(phases.limitAfter(event)),
      finish: (rest) => {
        isFinishing = true;
        watchdog.allow(longestFinishMs);
        void rest.then(() => watchdog.stop());
      },
    });
    throwIfStopped(signal, watchdog, place);
  } catch (error) {
    throwIfStopped(signal, watchdog, place);
    throw toModelError(error, place, options.clock.now());
  } finally {
    if (!isFinishing) watchdog.stop();
  }
}

/** Sends the request, and resolves to its stream when the API has taken it. */
async function ask(
  { client }: AnthropicConnection,
  options: AnthropicModelOptions,
  request: ModelRequest,
  place: RequestPlace,
  signal: AbortSignal,
): Promise<AsyncIterable<RawMessageStreamEvent>> {
  const body = toAnthropicRequest(request, {
    maxTokens: options.maxTokens(),
    thinking: options.thinking?.() ?? 'off',
  });
  const { data, response } = await client.messages.create(body, { signal }).withResponse();
  if (response.headers.get('content-type')?.includes('text/event-stream')) return data;
  data.controller.abort();
  throw foreignReply(place);
}

/** An aborted stream ends without an error, or with one that only says that it was aborted. */
function throwIfStopped(signal: AbortSignal, watchdog: IdleWatchdog, place: RequestPlace): void {
  signal.throwIfAborted();
  if (!watchdog.signal.aborted) return;
  throw new ModelError(
    'stalled',
    `${new URL(place.baseUrl).host} sent nothing for too long, so the request was given up. Try again, or check the ` +
      'network connection.',
  );
}
