/** Odd inputs and ids of a model, from its reply to the files, the journal and the next request. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { RunEnding } from '../../../src/core/agents.ts';
import type { Call } from '../../../src/core/states.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

type Sent = readonly [id: string, tool: string, input: unknown];

interface Played {
  readonly folder: string;
  readonly ending: RunEnding;
  readonly calls: readonly Call[];
  readonly requests: readonly MessagesBody[];
}

/** Lets a model send these calls in one turn, and then end. */
async function play(t: TestContext, sent: readonly Sent[]): Promise<Played> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'one\ntwo\nthree\n');
  const server = await startMessagesServer((body) => ({
    events:
      body.messages.length > 1
        ? sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.'))
        : sse.wholeMessage(
            'tool_use',
            ...sent.map(([id, tool, input], index) =>
              sse.toolUseBlock(index, id, tool, JSON.stringify(input)),
            ),
          ),
  }));
  t.after(() => server.close());
  const runtime = testRuntime(t, await temporaryFolder(t), server.url);
  const place = { cwd: folder, roots: [folder] };
  const run = await runtime.startAgent({ prompt: 'Go', permission: 'unlimited', ...place });
  const ending = await run.ended;
  const calls = [...(runtime.session(run.sessionId)?.calls.values() ?? [])];
  return { folder, ending, calls, requests: server.requests.map(({ body }) => body) };
}

test('K7 7a 7b: odd inputs run as meant, are on record as sent, and go back to the model as sent', async (t) => {
  const odd = {
    read: { path: 'a.txt', startLine: '2', endLine: null },
    edit: { path: 'a.txt', edits: JSON.stringify([{ oldText: 'two', newText: '2' }]) },
  };
  const sent: readonly Sent[] = [
    ['read', 'read_file', odd.read],
    ['edit', 'edit_file', odd.edit],
  ];
  const { folder, ending, calls, requests } = await play(t, sent);
  assert.equal(ending.status, 'completed');
  assert.deepEqual(
    calls.map(({ id, input, state }) => [id, input, state.status]),
    [
      ['read', { kind: 'parsed', value: odd.read }, 'succeeded'],
      ['edit', { kind: 'parsed', value: odd.edit }, 'succeeded'],
    ],
  );
  assert.equal(await readFile(join(folder, 'a.txt'), 'utf8'), 'one\n2\nthree\n');
  const echoed = requests[1]?.messages[1]?.content.map(({ input }) => input);
  assert.deepEqual(echoed, [odd.read, odd.edit]);
});

test('K7: the calls of a model’s batch are taken as generously as its own', async (t) => {
  const calls = [{ id: 1, tool: 'read_file', input: JSON.stringify({ path: 'a.txt', startLine: '3' }) }];
  const played = await play(t, [['all', 'run_batch', { calls: JSON.stringify(calls) }]]);
  assert.deepEqual(
    played.calls.map(({ id, input, state }) => [id, input.kind === 'parsed' && input.value, state.status]),
    [
      ['all', { calls: JSON.stringify(calls) }, 'succeeded'],
      ['all/1', { path: 'a.txt', startLine: '3' }, 'succeeded'],
    ],
  );
});

test('part 2 j: calls without an id run, and their results find them', async (t) => {
  const { ending, calls, requests } = await play(t, [
    ['', 'read_file', { path: 'a.txt' }],
    ['', 'read_file', { path: 'b.txt' }],
  ]);
  assert.equal(ending.status, 'completed');
  assert.deepEqual(
    calls.map(({ id, state }) => [id, state.status]),
    [
      ['call', 'succeeded'],
      ['call_2', 'failed'],
    ],
  );
  const [, asked, answered] = requests[1]?.messages ?? [];
  assert.deepEqual(
    asked?.content.map(({ id }) => id),
    answered?.content.map((block) => block['tool_use_id']),
  );
});
