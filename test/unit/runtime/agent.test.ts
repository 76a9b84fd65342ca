/** An agent from prompt to ending: the real SDK, a server on loopback, real tools, a real journal. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import type { SessionEvent } from '../../../src/core/events.ts';
import { reduce, startSession } from '../../../src/core/reduce.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { treeText } from '../../../src/views/treeText.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

/** The tree and every conversation of a state, as a person sees them. */
function seen(state: SessionState): string {
  const conversations = [...state.agents.values()].map((agent) => conversation(state, agent));
  return [treeText(state, state.lastAt), ...conversations].join('\n');
}

test('text streams, calls run in parallel, results go back in order, and all views agree with the journal', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'first\nsecond\n');
  // Each of the two commands waits in the FIFO for the other: one after the other would never end.
  const meet = 'mkfifo pipe 2>/dev/null; echo met > pipe';
  const server = await startMessagesServer((body) => ({
    events:
      body.messages.length === 1
        ? [
            sse.messageStart(),
            ...sse.textBlock(0, 'I ', 'look ', 'at it.'),
            ...sse.toolUseBlock(
              1,
              'c1',
              'terminal',
              JSON.stringify({ command: 'mkfifo pipe 2>/dev/null; cat pipe' }),
            ),
            ...sse.toolUseBlock(2, 'c2', 'terminal', JSON.stringify({ command: meet })),
            ...sse.toolUseBlock(3, 'c3', 'read_file', '{"pa', 'th":"a.txt"}'),
            ...sse.toolUseBlock(4, 'c4', 'read_file', '{"path":"a.t'),
            ...sse.toolUseBlock(
              5,
              'c5',
              'terminal',
              JSON.stringify({ command: 'echo "ERROR: no" >&2; exit 3' }),
            ),
            ...sse.messageEnd('tool_use'),
          ]
        : [sse.messageStart(), ...sse.textBlock(0, 'It says ', 'first.'), ...sse.messageEnd('end_turn')],
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, stateDir, server.url);
  const deltas: string[] = [];
  const views: string[] = [];
  runtime.onLive((event) => void (event.type === 'live.text' && deltas.push(event.delta)));
  runtime.onEvent((event) => {
    const state = runtime.session(event.sessionId);
    // The first event comes before the session is listed.
    views.push(state ? seen(state) : '');
  });

  const run = await runtime.startAgent({
    prompt: 'What does a.txt say?',
    permission: 'unlimited',
    cwd: folder,
    roots: [folder],
  });
  const ending = await run.ended;

  assert.equal(`${ending.status}: ${ending.text}`, 'completed: It says first.');
  assert.deepEqual(deltas, ['I ', 'look ', 'at it.', 'It says ', 'first.']);
  const results = server.requests[1]?.body.messages.at(-1)?.content ?? [];
  assert.deepEqual(
    results.map((block) => `${String(block['tool_use_id'])} ${block['is_error'] === true ? 'error' : 'ok'}`),
    ['c1 ok', 'c2 ok', 'c3 ok', 'c4 error', 'c5 error'],
  );
  assert.match(JSON.stringify(results.at(-1)), /failed: exit 3: ERROR: no/);
  assert.match(
    JSON.stringify(results.at(-1)),
    /3 of 5 calls succeeded; failed: c4 \(read_file: unparsableInput\), c5 \(terminal: exit 3\)/,
  );
  assert.deepEqual(
    server.requests[1]?.body.messages[1]?.content.map(
      (block) => block['type'] === 'tool_use' && block['input'],
    )[4],
    { unparsable_input: '{"path":"a.t' },
  );

  const folders = new SessionFolders(stateDir);
  await runtime.dispose();
  const { events, dropped } = await readJournal(folders.journal(run.sessionId), folders.blobs(run.sessionId));
  assert.equal(dropped, undefined);
  assert.equal(views.length, events.length);
  assert.deepEqual(viewsOf(events).slice(1), views.slice(1));
});

/** What was seen after each event, told by the journal alone. */
function viewsOf(events: readonly SessionEvent[]): readonly string[] {
  const [first, ...rest] = events;
  assert.ok(first);
  const state = startSession(first);
  const views = [seen(state)];
  for (const event of rest) {
    reduce(state, event);
    views.push(seen(state));
  }
  return views;
}

test('a follow-up continues the conversation as a run of its own, also after the session was read back', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const server = await startMessagesServer((body) => ({
    events: [
      sse.messageStart(),
      ...sse.textBlock(0, `answer ${body.messages.length}`),
      ...sse.messageEnd('end_turn'),
    ],
  }));
  t.after(() => server.close());
  const first = testRuntime(t, stateDir, server.url);
  const run = await first.startAgent({
    prompt: 'One',
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  await run.ended;
  const second = await first.followUp(run.sessionId, run.agentId, 'Two');
  assert.equal((await second.ended).text, 'answer 3');
  await first.dispose();

  const later = testRuntime(t, stateDir, server.url);
  assert.deepEqual(
    (await later.pastSessions()).map(({ id, title }) => `${id} ${title}`),
    [`${run.sessionId} One`],
  );
  const state = await later.openSession(run.sessionId);
  assert.deepEqual(
    state.agents.get(run.agentId)?.runs.map(({ id, follows, state: { status } }) => [id, follows, status]),
    [
      ['agent-1-run-1', undefined, 'completed'],
      ['agent-1-run-2', 'agent-1-run-1', 'completed'],
    ],
  );
  const third = await later.followUp(run.sessionId, run.agentId, 'Three');
  assert.equal((await third.ended).text, 'answer 5');
  const sent = server.requests.at(-1)?.body.messages ?? [];
  assert.deepEqual(
    sent.map(({ role, content }) => `${role} ${String(content[0]?.['text'])}`),
    ['user One', 'assistant answer 1', 'user Two', 'assistant answer 3', 'user Three'],
  );
});

test('a second start of an agent that is at work is refused, and the first goes on', async (t) => {
  const folder = await temporaryFolder(t);
  const gate = Promise.withResolvers<undefined>();
  const server = await startMessagesServer(async () => {
    await gate.promise;
    return { events: [sse.messageStart(), ...sse.textBlock(0, 'x'), ...sse.messageEnd('end_turn')] };
  });
  t.after(() => server.close());
  const runtime = testRuntime(t, await temporaryFolder(t), server.url);
  const run = await runtime.startAgent({
    prompt: 'One',
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  await assert.rejects(runtime.followUp(run.sessionId, run.agentId, 'Two'), /still at work/);
  gate.resolve(undefined);
  assert.equal((await run.ended).status, 'completed');
});

test('a host that ends while an agent is at work leaves it interrupted, never completed', async (t) => {
  const folder = await temporaryFolder(t);
  const stateDir = await temporaryFolder(t);
  const asked = Promise.withResolvers<undefined>();
  const server = await startMessagesServer(() => {
    asked.resolve(undefined);
    return { events: [sse.messageStart()], then: 'stall' };
  });
  t.after(() => server.close());
  const runtime = testRuntime(t, stateDir, server.url);
  const run = await runtime.startAgent({
    prompt: 'One',
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  await asked.promise;
  await runtime.dispose();
  const ending = await run.ended;
  assert.equal(`${ending.status} ${ending.terminationReason}`, 'interrupted hostExit');
  const state = await testRuntime(t, stateDir, server.url).openSession(run.sessionId);
  assert.equal(state.agents.get(run.agentId)?.runs[0]?.state.status, 'interrupted');
});

test('an agent completes a turn of calls against aimock', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'forty-two\n');
  const mock = new LLMock({ port: 0 });
  await mock.start();
  t.after(() => mock.stop());
  mock.on(
    { predicate: (request) => request.messages.some((message) => message.role === 'tool') },
    { content: 'The file says forty-two.' },
  );
  mock.onMessage(/What/, {
    toolCalls: [
      { name: 'read_file', arguments: JSON.stringify({ path: 'a.txt' }) },
      { name: 'list_files', arguments: JSON.stringify({ pattern: '*' }) },
    ],
  });
  const runtime = testRuntime(t, await temporaryFolder(t), mock.url);
  const run = await runtime.startAgent({
    prompt: 'What does it say?',
    permission: 'read-only',
    cwd: folder,
    roots: [folder],
  });
  assert.equal((await run.ended).text, 'The file says forty-two.');
  const calls = [...(runtime.session(run.sessionId)?.calls.values() ?? [])];
  assert.deepEqual(
    calls.map(({ tool, state: { status } }) => `${tool} ${status}`),
    ['read_file succeeded', 'list_files succeeded'],
  );
});

test('cancelling a turn ends its calls, and the agent goes on with what they came to', async (t) => {
  const folder = await temporaryFolder(t);
  const server = await startMessagesServer((body) => ({
    events:
      body.messages.length === 1
        ? [
            sse.messageStart(),
            ...sse.toolUseBlock(0, 'c1', 'terminal', JSON.stringify({ command: 'sleep 60' })),
            ...sse.toolUseBlock(1, 'c2', 'terminal', JSON.stringify({ command: 'sleep 61' })),
            ...sse.messageEnd('tool_use'),
          ]
        : [sse.messageStart(), ...sse.textBlock(0, 'Then not.'), ...sse.messageEnd('end_turn')],
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, await temporaryFolder(t), server.url);
  const begun: string[] = [];
  runtime.onEvent((event) => {
    if (event.type === 'call.started' && begun.push(event.callId) === 2)
      runtime.cancelTurn(event.sessionId, 'agent-1-turn-1');
  });
  const run = await runtime.startAgent({
    prompt: 'Wait',
    permission: 'unlimited',
    cwd: folder,
    roots: [folder],
  });
  assert.equal((await run.ended).text, 'Then not.');
  const statuses = [...(runtime.session(run.sessionId)?.calls.values() ?? [])].map(
    ({ state }) => state.status,
  );
  assert.deepEqual(statuses, ['cancelled', 'cancelled']);
});

test('stopping everything cancels every agent, and each says who stopped it', async (t) => {
  const folder = await temporaryFolder(t);
  const asked: (() => void)[] = [];
  const both = new Promise<void>((resolve) => asked.push(() => undefined, resolve));
  const server = await startMessagesServer(() => {
    asked.shift()?.();
    return { events: [sse.messageStart()], then: 'stall' };
  });
  t.after(() => server.close());
  const runtime = testRuntime(t, await temporaryFolder(t), server.url);
  const place = { permission: 'read-only', cwd: folder, roots: [folder] } as const;
  const runs = [
    await runtime.startAgent({ prompt: 'One', ...place }),
    await runtime.startAgent({ prompt: 'Two', ...place }),
  ];
  await both;
  runtime.stopAll();
  for (const run of runs) {
    const ending = await run.ended;
    assert.equal(`${ending.status} ${ending.terminationReason}`, 'cancelled cancelledByPerson');
  }
});
