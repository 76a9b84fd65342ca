/** run_agents, called by an agent of a real runtime. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Permission } from '../../../src/core/agents.ts';
import type { SessionState } from '../../../src/core/states.ts';
import { parseAgentOutputs } from '../../../src/formats/agentOutput.ts';
import { taskRecords } from '../../../src/views/taskRecords.ts';
import { treeText } from '../../../src/views/treeText.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { startMessagesServer, type MessagesBody, type ServerReply } from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

interface Played {
  readonly state: SessionState;
  /** What run_agents told the agent that called it. */
  readonly result: string;
  readonly folder: string;
}

/** The agent calls run_agents with each of the inputs, turn by turn; a task answers with its prompt, or as `odd` says. */
async function play(
  t: TestContext,
  inputs: readonly ((state: SessionState) => object)[],
  permission: Permission = 'workspace-write',
  odd: Readonly<Record<string, ServerReply>> = {},
): Promise<Played> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a.md'), 'The context.');
  await writeFile(join(folder, 'gbk.md'), Buffer.from('b2bbd2aad0deb8c4b2e2cad4a1a3', 'hex'));
  let turns = 0;
  const server = await startMessagesServer((body) => {
    if (!firstWords(body).includes('Be the parent.')) {
      const words = String(body.messages.at(-1)?.content.at(-1)?.['text']);
      return odd[words] ?? { events: sse.wholeMessage('end_turn', sse.textBlock(0, `Done: ${words}`)) };
    }
    const [state] = runtime.sessions();
    const input = state && inputs[turns]?.(state);
    turns += 1;
    if (!input) return { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'All done.')) };
    const call = sse.toolUseBlock(0, `toolu_${turns}`, 'run_agents', JSON.stringify(input));
    return { events: sse.wholeMessage('tool_use', call) };
  });
  t.after(() => server.close());
  const runtime = testRuntime(t, join(folder, 'state'), server.url);
  const { ended, sessionId } = await runtime.startAgent({
    prompt: 'Be the parent.',
    permission,
    cwd: folder,
    roots: [folder],
  });
  assert.equal((await ended).status, 'completed');
  const state = runtime.session(sessionId) ?? assert.fail();
  const last = server.requests.findLast(({ body }) => firstWords(body).includes('Be the parent.'));
  const result = JSON.stringify(last?.body.messages.at(-1)?.content.at(-1)?.['content']);
  return { state, result, folder };
}

function firstWords({ messages }: MessagesBody): string {
  return JSON.stringify(messages[0]?.content);
}

const tasks = [
  { note: 'first', prompt: 'one' },
  { note: 'second', prompt: 'two', contextPaths: ['a.md'] },
];

test('an agent gets each answer, and the tasks hang under its call', async (t) => {
  const { state, result, folder } = await play(t, [
    () => ({ tasks, saveFile: 'out.txt', maxConcurrency: 2, debugStatistics: true }),
  ]);
  assert.match(result, /tasks\[0\] first: completed, continuation_id .+\/agent-2 ---\\nDone: one/);
  assert.match(result, /2 of 2 completed\. The answers are in .*out\.txt\./);
  assert.equal(state.calls.get('toolu_1')?.state.status, 'succeeded');
  assert.deepEqual(
    [...state.agents.values()].map(({ label, parent, task }) => [label, parent?.callId, task?.index]),
    [
      ['Be the parent.', undefined, undefined],
      ['first', 'toolu_1', 0],
      ['second', 'toolu_1', 1],
    ],
  );
  assert.match(treeText(state, state.lastAt), /run_agents .*\n +first {2}completed/);
  const { outputs } = parseAgentOutputs(await readFile(join(folder, 'out.txt'), 'utf8'));
  assert.deepEqual(outputs.map(({ note }) => note).sort(), ['first', 'second']);
  assert.equal(outputs[0]?.statistics?.turns, 1);
});

test('K11 11a: a context file in an older encoding is read as its text, and that is told', async (t) => {
  const withContext = [{ note: 'first', prompt: 'one', contextPaths: ['gbk.md'] }];
  const { state } = await play(t, [() => ({ tasks: withContext })]);
  const prompts = JSON.stringify([...state.agents.values()]);
  assert.match(prompts, /--- gbk\.md \(read as GBK, a guess: it is not UTF-8\) ---\\n不要修改测试。/);
});

test('a task that fails leaves the others alone, and the call says which', async (t) => {
  const { state, result } = await play(t, [() => ({ tasks })], 'read-only', {
    one: { events: sse.wholeMessage('refusal', sse.textBlock(0, 'No.')) },
  });
  const call = state.calls.get('toolu_1')?.state;
  assert.equal(call?.status, 'failed');
  assert.match(result, /1 of 2 completed, 1 failed; tasks\[0\] \(first\): failed/);
  assert.match(result, /tasks\[1\] second: completed/);
});

test('every problem is told with its index, and nothing starts', async (t) => {
  const { state, result } = await play(
    t,
    [
      () => ({
        saveFile: 'out.txt',
        tasks: [
          { note: 'a', prompt: 'p', contextPaths: ['gone.md'] },
          { note: 'b', prompt: 'p', permission: 'unlimited' },
          { note: 'c', prompt: 'p', agent: 'nobody' },
          { note: 'd', prompt: 'p', continuation_id: '20200101-000000-x/agent-1' },
        ],
      }),
      () => ({ saveFile: 'out.txt', tasks }),
    ],
    'read-only',
  );
  const [first, second] = [...state.calls.values()].map(({ state: call }) =>
    'error' in call ? call.error.message : '',
  );
  assert.deepEqual(
    first?.split('\n').map((line) => line.split(':')[0]),
    [
      'tasks.0.contextPaths.0',
      'tasks.1.permission',
      'tasks.2.agent',
      'tasks.3.continuation_id',
      'Nothing was started.',
    ],
  );
  assert.match(second ?? '', /^saveFile: Your permission read-only does not allow writing out\.txt/);
  assert.match(result, /Nothing was started/);
  assert.equal(state.agents.size, 1);
});

test('a continued task goes on in the same session', async (t) => {
  const { state } = await play(t, [
    () => ({ tasks: tasks.slice(0, 1) }),
    (present) => ({
      tasks: [{ note: 'more', prompt: 'three', continuation_id: `${present.id}/agent-2` }],
    }),
  ]);
  const [, again] = state.taskLists;
  assert.ok(again);
  assert.deepEqual(
    taskRecords(state, again).map(({ note, status, agentId, text }) => [note, status, agentId, text]),
    [['more', 'completed', 'agent-2', 'Done: three']],
  );
  assert.equal(state.agents.get('agent-2')?.runs.length, 2);
});

test('a person who stops the parent stops its tasks, and those that wait are skipped', async (t) => {
  const folder = await temporaryFolder(t);
  const server = await startMessagesServer((body) => {
    if (!firstWords(body).includes('Be the parent.'))
      return { events: [sse.messageStart(), ...sse.textBlock(0, 'Half.')], then: 'stall' };
    const input = JSON.stringify({ tasks, maxConcurrency: 1 });
    return { events: sse.wholeMessage('tool_use', sse.toolUseBlock(0, 'toolu_1', 'run_agents', input)) };
  });
  t.after(() => server.close());
  await writeFile(join(folder, 'a.md'), 'x');
  const runtime = testRuntime(t, join(folder, 'state'), server.url);
  runtime.onEvent((event) => {
    if (event.type === 'block.received' && event.agentId === 'agent-2')
      runtime.stopAgent(event.sessionId, 'agent-1');
  });
  const place = { cwd: folder, roots: [folder] };
  const started = await runtime.startAgent({ prompt: 'Be the parent.', permission: 'read-only', ...place });
  assert.equal((await started.ended).status, 'cancelled');
  const state = runtime.session(started.sessionId) ?? assert.fail();
  const [list] = state.taskLists;
  assert.deepEqual(list && taskRecords(state, list).map(({ status, text }) => [status, text]), [
    ['cancelled', 'Half.'],
    ['skipped', undefined],
  ]);
});

test('the agent that asks is told what its agents lose of their definition', async (t) => {
  const { result } = await play(t, [
    () => ({ tasks: [{ note: 'a', prompt: 'one', systemPrompt: 'You work.' }] }),
    (state) => {
      const folder = join(state.cwd, '.claude', 'agents');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'x.md'), '---\ntools: Read, WebFetch\n---\nYou review.');
      return { tasks: [{ note: 'b', prompt: 'two', agent: 'x' }] };
    },
  ]);
  assert.match(result, /x\.md:2: The agent runs without WebFetch: AllSettled has no such tool\..*Done: two/);
});
