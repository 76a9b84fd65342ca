/** The model behind the Messages API: one streamed request for each turn. */
import { ModelError, type Model, type ModelEvent, type ModelRequest } from '../core/models.ts';
import type { Clock } from '../core/ports.ts';
import { connect, type AnthropicAccess, type AnthropicConnection } from './anthropicClient.ts';
import { foreignReply, toModelError, type RequestPlace } from './anthropicErrors.ts';
import { toAnthropicRequest, type Thinking } from './anthropicRequest.ts';
import { readMessage, untilCut } from './anthropicStream.ts';
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

const defaultQuiet: QuietLimits = { longMs: 300_000, usualMs: 120_000 };

/** Nothing is retried here: a turn's retries are the agent loop's. */
export function createAnthropicModel(options: AnthropicModelOptions): Model {
  return { turn: (request, signal) => turn(options, request, signal) };
}

async function* turn(
  options: AnthropicModelOptions,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
  signal.throwIfAborted();
  const connection = await connect(options);
  const place = { baseUrl: connection.baseUrl, model: request.model };
  const watchdog = new IdleWatchdog(options.clock);
  const phases = new QuietPhases(options.quiet ?? defaultQuiet);
  watchdog.start(phases.limitMs);
  try {
    yield* ask(connection, options, request, place, { watchdog, phases }, signal);
    throwIfStopped(signal, watchdog, place);
  } catch (error) {
    throwIfStopped(signal, watchdog, place);
    throw toModelError(error, place, options.clock.now());
  } finally {
    watchdog.stop();
  }
}

async function* ask(
  { client }: AnthropicConnection,
  options: AnthropicModelOptions,
  request: ModelRequest,
  place: RequestPlace,
  { watchdog, phases }: { readonly watchdog: IdleWatchdog; readonly phases: QuietPhases },
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
  const body = toAnthropicRequest(request, {
    maxTokens: options.maxTokens(),
    thinking: options.thinking?.() ?? 'off',
  });
  const { data, response } = await client.messages
    .create(body, { signal: AbortSignal.any([signal, watchdog.signal]) })
    .withResponse();
  if (!response.headers.get('content-type')?.includes('text/event-stream')) {
    data.controller.abort();
    throw foreignReply(place);
  }
  yield* readMessage(watchdog.watch(untilCut(data), (event) => phases.limitAfter(event)));
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
