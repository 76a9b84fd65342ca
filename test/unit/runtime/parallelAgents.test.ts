/** 100 agents, 20 at a time, on an API that fails every fifth request: all end, and everybody tells the same of them. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentsCommand } from '../../../src/cli/agentsCommand.ts';
import { parseArguments } from '../../../src/cli/arguments.ts';
import type { SessionEvent } from '../../../src/core/events.ts';
import { fold } from '../../../src/core/reduce.ts';
import { countTasks, taskCountsText } from '../../../src/core/taskCounts.ts';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import { readJournal } from '../../../src/store/journalReader.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import type { AgentsResult } from '../../../src/views/agentsResult.ts';
import { taskRecords } from '../../../src/views/taskRecords.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { fastClock } from '../../fixtures/fastClock.ts';
import { seededRandom } from '../../fixtures/seededRandom.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const taskCount = 100;
const atOnce = 20;
const failing = 0.2;
const seed = 20261121;

/** Tasks that the model itself ends in another way. */
const oddEndings: ReadonlyMap<number, ServerReply> = new Map([
  [7, { events: sse.wholeMessage('refusal', sse.textBlock(0, 'No.')) }],
  [13, { events: sse.wholeMessage('end_turn') }],
  [21, { events: sse.wholeMessage('a_new_reason', sse.textBlock(0, 'Half.')) }],
]);

/** What the server does in place of an answer. */
const faults: readonly ((reply: readonly (sse.SseEvent | string)[], random: () => number) => ServerReply)[] =
  [
    () => ({
      status: 429,
      headers: { 'retry-after': '1' },
      body: sse.errorBody('rate_limit_error', 'Too many requests.'),
    }),
    () => ({ status: 529, body: sse.errorBody('overloaded_error', 'Overloaded.') }),
    () => ({ events: [], then: 'cut' }),
    (events, random) => ({ events: events.slice(0, Math.floor(random() * events.length)), then: 'stall' }),
    (events, random) => ({ events: events.slice(0, Math.floor(random() * events.length)), then: 'cut' }),
    (events, random) => ({ events: events.slice(0, Math.floor(random() * events.length)) }),
  ];

function indexOf(body: MessagesBody): number {
  return Number(/task number (\d+)/.exec(JSON.stringify(body.messages[0]))?.[1]);
}

/** First a call, then the answer. */
function replyTo(body: MessagesBody): readonly sse.SseEvent[] {
  const index = indexOf(body);
  if (body.messages.length === 1)
    return sse.wholeMessage(
      'tool_use',
      sse.textBlock(0, 'Looking.'),
      sse.toolUseBlock(1, `toolu_${index}`, 'read_file', '{"path":', '"a.txt"}'),
    );
  return sse.wholeMessage(
    'end_turn',
    sse.textBlock(0, `Answer ${index} `, '</agent-output>\n<agent-output>'),
  );
}

test('100 agents end on an API that fails every fifth request, and the sums agree everywhere', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.txt'), 'alpha\n');
  const tasks = Array.from({ length: taskCount }, (_, index) => ({
    note: `Task ${index}`,
    prompt: `Do task number ${index}.`,
  }));
  await writeFile(join(folder, 'all.agents.json'), JSON.stringify({ version: 1, tasks }));
  const random = seededRandom(seed);
  const dealt = new Map<number, number>();
  const server = await startMessagesServer((body) => {
    const odd = body.messages.length > 1 ? oddEndings.get(indexOf(body)) : undefined;
    if (random() >= failing) return odd ?? { events: replyTo(body) };
    const kind = Math.floor(random() * faults.length);
    dealt.set(kind, (dealt.get(kind) ?? 0) + 1);
    return faults[kind]?.(replyTo(body), random) ?? assert.fail();
  });
  t.after(() => server.close());
  const stateDir = join(folder, 'state');
  const clock = fastClock();
  const runtime = testRuntime(t, stateDir, server.url, { clock });
  const events: SessionEvent[] = [];
  runtime.onEvent((event) => void events.push(event));

  const args = parseArguments([
    'agents',
    'all.agents.json',
    '--save-file',
    'out.txt',
    '--max-concurrency',
    String(atOnce),
  ]);
  assert.ok(args.kind === 'agents');
  const end = await agentsCommand(args, {
    runtime,
    stopping: new AbortController().signal,
    startFolder: folder,
    stateDir,
    hasApiKey: true,
    keyFile: undefined,
    now: () => clock.now(),
  });

  const result = end.result as AgentsResult;
  const counts = countTasks(result.tasks);
  assert.equal(counts.total, taskCount);
  assert.equal(counts.open, 0, 'every task has ended');
  assert.equal(end.exitCode, 1);
  assert.equal(dealt.size, faults.length, 'every fault was dealt');

  // The command's result, the save file, the journal and the tree.
  const statuses = result.tasks.map(({ index, status }) => `${index} ${status}`);
  const saved = parseAgentOutputs(await readFile(join(folder, 'out.txt'), 'utf8'));
  assert.equal(saved.broken, 0);
  assert.deepEqual(
    saved.outputs.toSorted((a, b) => a.index - b.index).map(({ index, status }) => `${index} ${status}`),
    statuses,
  );
  const folders = new SessionFolders(stateDir);
  const journal = await readJournal(folders.journal(result.sessionId), folders.blobs(result.sessionId));
  const state = fold(journal.events);
  const list = state?.taskLists[0];
  assert.ok(state && list);
  assert.deepEqual(
    taskRecords(state, list).map(({ index, status }) => `${index} ${status}`),
    statuses,
  );
  assert.ok(treeText(state, state.lastAt).startsWith(`all.agents.json  ${taskCountsText(counts, ' · ')}\n`));
  const { length: rows } = treeText(state, state.lastAt).match(/^ {2}Task \d+ /gm) ?? [];
  assert.equal(rows, taskCount);

  // Nobody is completed who did not end its own turn, and each answer is its own.
  for (const { index, status, text } of result.tasks) {
    if (oddEndings.has(index)) assert.notEqual(status, 'completed', `task ${index}`);
    if (status === 'completed') assert.equal(text, `Answer ${index} </agent-output>\n<agent-output>`);
  }
  assert.equal(statuses[7], '7 failed');
  assert.equal(statuses[13], '13 incomplete');
  assert.equal(statuses[21], '21 interrupted');
  assert.equal(mostAtOnce(events), atOnce);
});

function mostAtOnce(events: readonly SessionEvent[]): number {
  let running = 0;
  let most = 0;
  for (const { type } of events) {
    if (type === 'run.queued') running += 1;
    if (type === 'run.ended') running -= 1;
    most = Math.max(most, running);
  }
  return most;
}
