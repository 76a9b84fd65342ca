/** A Messages API on loopback that asks for a job's calls, and hears the results in the request that follows. */
import {
  startMessagesServer,
  type MessagesBody,
  type MessagesServer,
  type ServerReply,
} from '../fixtures/sseServer.ts';
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

interface Served {
  readonly job: Job;
  /** The results, when the request that carries them has come in. */
  readonly answers: PromiseWithResolvers<readonly Answer[]>;
}

/** One server for all jobs, each below a path of its own: neither its start nor its connections are part of a turn. */
const served = new Map<string, Served>();
let server: Promise<MessagesServer> | undefined;
let jobCount = 0;

function startServer(): Promise<MessagesServer> {
  return startMessagesServer((body, { path }) => reply(body, path), { forgetsRequests: true });
}

function reply(body: MessagesBody, path: string): ServerReply {
  const [, name = ''] = /^\/(job-\d+)(?:\/v1)?\/messages(?:\?|$)/.exec(path) ?? [];
  const { job, answers } = served.get(name) ?? {};
  if (!job || !answers) return { status: 404 };
  const results = resultsIn(body);
  if (results.length === 0) return { events: messageOf(job), keepsAlive: true };
  answers.resolve(results);
  return { events: wholeMessage('end_turn', textBlock(0, 'done')), keepsAlive: true };
}

/**
 * Serves a job to a run. Settles with the results as soon as they have come in, or with what `instead` gives where the
 * run ends without sending them. What is left of the run goes on by itself.
 */
export async function answersOf(
  job: Job,
  start: (url: string) => PromiseLike<unknown>,
  instead: () => readonly Answer[] = noResults,
): Promise<readonly Answer[]> {
  server ??= startServer();
  const { url } = await server;
  jobCount += 1;
  const name = `job-${jobCount}`;
  const answers = Promise.withResolvers<readonly Answer[]>();
  served.set(name, { job, answers });
  const ended = Promise.resolve(start(`${url}/${name}`));
  const forget = (): void => void served.delete(name);
  ended.then(forget, forget);
  return Promise.race([answers.promise, ended.then(instead)]);
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
