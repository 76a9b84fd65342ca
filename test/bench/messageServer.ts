/** A Messages API on loopback that asks for a job's calls, and hears the results in the request that follows. */
import { startMessagesServer, type MessagesBody } from '../fixtures/sseServer.ts';
import {
  blockDelta,
  blockStart,
  blockStop,
  messageEnd,
  messageStart,
  textBlock,
  wholeMessage,
  type SseEvent,
} from '../fixtures/sseEvents.ts';
import type { Answer, BenchCall, Job } from './contestant.ts';

interface JobServer {
  readonly url: string;
  /** The results, when the request that carries them has come in. */
  readonly answers: Promise<readonly Answer[]>;
  close(): Promise<void>;
}

/** The caller closes it. */
async function serveJob(job: Job): Promise<JobServer> {
  const answers = Promise.withResolvers<readonly Answer[]>();
  const server = await startMessagesServer((body, { path }) => {
    if (!path.startsWith('/v1/messages') && path !== '/messages' && !path.startsWith('/messages?'))
      return { status: 404 };
    const results = resultsIn(body);
    if (results.length === 0) return { events: messageOf(job), keepsAlive: true };
    answers.resolve(results);
    return { events: wholeMessage('end_turn', textBlock(0, 'done')), keepsAlive: true };
  });
  return { url: server.url, answers: answers.promise, close: () => server.close() };
}

/**
 * Serves a job to a run. Settles with the results as soon as they have come in, or with what `instead` gives where the
 * run ends without sending them. What is left of the run goes on by itself, and the server ends with it.
 */
export async function answersOf(
  job: Job,
  start: (url: string) => PromiseLike<unknown>,
  instead: () => readonly Answer[] = noResults,
): Promise<readonly Answer[]> {
  const server = await serveJob(job);
  const ended = Promise.resolve(start(server.url));
  const close = (): void => void server.close();
  ended.then(close, close);
  return Promise.race([server.answers, ended.then(instead)]);
}

function noResults(): never {
  throw new Error('The run ended without the results.');
}

/** Written at once, or one call after the other with a pause before the end of each. */
function messageOf({
  calls,
  gapMs,
  onBlockSent,
}: Job): Iterable<SseEvent | string> | AsyncIterable<SseEvent> {
  if (gapMs === undefined) return [wholeText(calls)];
  return pacedMessage(calls, gapMs, onBlockSent);
}

/** One text, as a fast server's events share a packet. */
function wholeText(calls: readonly BenchCall[]): string {
  const events = [messageStart(), ...calls.flatMap(blockEvents), ...messageEnd('tool_use')];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

async function* pacedMessage(
  calls: readonly BenchCall[],
  gapMs: number,
  onBlockSent: ((id: string) => void) | undefined,
): AsyncGenerator<SseEvent> {
  yield messageStart();
  const startedAt = performance.now();
  for (const [index, call] of calls.entries()) {
    const [start, delta, stop] = blockEvents(call, index);
    yield start;
    yield delta;
    await delay(startedAt + gapMs * (index + 1) - performance.now());
    onBlockSent?.(call.id);
    yield stop;
  }
  yield* messageEnd('tool_use');
}

function blockEvents(
  { id, tool, rawInput }: BenchCall,
  index: number,
): readonly [SseEvent, SseEvent, SseEvent] {
  return [
    blockStart(index, { type: 'tool_use', id, name: tool, input: {} }),
    blockDelta(index, { type: 'input_json_delta', partial_json: rawInput }),
    blockStop(index),
  ];
}

function resultsIn({ messages }: MessagesBody): readonly Answer[] {
  return messages
    .filter(({ role, content }) => role === 'user' && Array.isArray(content))
    .flatMap(({ content }) => content.filter(({ type }) => type === 'tool_result'))
    .map((block) => ({ id: String(block['tool_use_id']), text: textOf(block['content']) }));
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
