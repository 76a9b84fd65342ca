import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { parseAgentOutputs, type AgentOutput } from '../../../src/formats/agentOutput.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import {
  startMessagesServer,
  type MessagesBody,
  type MessagesServer,
  type ServerReply,
} from '../../fixtures/sseServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cli, jsonLines, startCliWithKey } from './cliProcess.ts';

/** Answers with the last words that it was asked. */
async function echoServer(t: TestContext): Promise<MessagesServer> {
  return serverOf(t, (body) => {
    const words = JSON.stringify(body.messages.at(-1)?.content.at(-1)?.['text']);
    return { events: sse.wholeMessage('end_turn', sse.textBlock(0, `You said ${words}.`)) };
  });
}

async function serverOf(t: TestContext, reply: (body: MessagesBody) => ServerReply): Promise<MessagesServer> {
  const server = await startMessagesServer(reply);
  t.after(() => server.close());
  return server;
}

async function folderWith(t: TestContext, agents: unknown): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'f.agents.json'), JSON.stringify(agents));
  return folder;
}

async function savedIn(folder: string): Promise<readonly AgentOutput[]> {
  return parseAgentOutputs(await readFile(join(folder, 'out.txt'), 'utf8')).outputs;
}

const two = {
  version: 1,
  maxConcurrency: 1,
  tasks: [
    { note: 'first', prompt: 'one' },
    { note: 'second', prompt: 'two', model: 'other-model', appendSystemPrompt: 'Be short.' },
  ],
};
const save = ['--save-file', 'out.txt'];

test('a person reads each task as it ends, and the count', async (t) => {
  const folder = await folderWith(t, two);
  const server = await echoServer(t);
  const run = startCliWithKey(folder, 'agents', 'f.agents.json', ...save, '--base-url', server.url);
  const { stdout, stderr, exitCode } = await run.ended;
  assert.equal(stderr, '');
  assert.match(stdout, /^\[1 of 2\] first {2}completed · .+\n\[2 of 2\] second {2}completed · /);
  assert.match(stdout, /\n\n2 of 2 completed; answers in .*out\.txt\n$/);
  assert.equal(exitCode, 0);
  assert.deepEqual(
    (await savedIn(folder)).map(({ index, status, text }) => [index, status, text]),
    [
      [0, 'completed', 'You said "one".'],
      [1, 'completed', 'You said "two".'],
    ],
  );
  assert.deepEqual(
    server.requests.map(({ body }) => body.model === 'other-model'),
    [false, true],
  );
  assert.match(JSON.stringify(server.requests[1]?.body.system), /Be short\./);
});

test('a script gets the events, and the counts and tasks as the last line', async (t) => {
  const folder = await folderWith(t, two);
  const server = await echoServer(t);
  const args = ['agents', 'f.agents.json', ...save, '--base-url', server.url, '--json'];
  const { stdout, exitCode } = await startCliWithKey(folder, ...args).ended;
  const lines = jsonLines(stdout);
  assert.equal(lines[0]?.['type'], 'session.started');
  const { sessionId, tasks, saveFile, ...counts } = lines.at(-1) ?? {};
  assert.deepEqual(counts, {
    type: 'result',
    kind: 'agents',
    total: 2,
    completed: 2,
    incomplete: 0,
    interrupted: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    open: 0,
  });
  assert.equal(saveFile, join(folder, 'out.txt'));
  const [first] = tasks as readonly Record<string, unknown>[];
  assert.deepEqual(
    { ...first, message: undefined, usage: undefined },
    {
      index: 0,
      note: 'first',
      status: 'completed',
      sessionId,
      agentId: 'agent-1',
      continuationId: `${String(sessionId)}/agent-1`,
      stopReason: 'end_turn',
      terminationReason: 'endTurn',
      message: undefined,
      text: 'You said "one".',
      usage: undefined,
    },
  );
  assert.equal(exitCode, 0);
});

test("a continuation_id goes on with that task's conversation, and its answer joins the others", async (t) => {
  const folder = await folderWith(t, two);
  const server = await echoServer(t);
  const args = ['agents', 'f.agents.json', ...save, '--base-url', server.url];
  await startCliWithKey(folder, ...args).ended;
  const [first] = await savedIn(folder);
  await writeFile(
    join(folder, 'f.agents.json'),
    JSON.stringify({ tasks: [{ note: 'more', prompt: 'three', continuation_id: first?.continuationId }] }),
  );
  const { exitCode, stdout } = await startCliWithKey(folder, ...args).ended;
  assert.match(stdout, /^\[1 of 1\] more {2}completed\n/);
  assert.equal(exitCode, 0);
  const outputs = await savedIn(folder);
  assert.deepEqual(outputs.at(-1), { ...first, note: 'more', text: 'You said "three".' });
  assert.deepEqual(
    server.requests.at(-1)?.body.messages.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  );
});

test('Ctrl-C ends what runs and skips what waits, and the save file has all of it', async (t) => {
  const folder = await folderWith(t, { ...two, tasks: [...two.tasks, { note: 'third', prompt: 'three' }] });
  const server = await serverOf(t, ({ messages }) =>
    JSON.stringify(messages).includes('one')
      ? { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.')) }
      : { events: [sse.messageStart(), ...sse.textBlock(0, 'Half of it.')], then: 'stall' },
  );
  const args = ['agents', 'f.agents.json', ...save, '--base-url', server.url, '--json'];
  const run = startCliWithKey(folder, ...args);
  await run.untilPrinted('Half of it.');
  run.child.kill('SIGINT');
  const { stdout, exitCode } = await run.ended;
  assert.equal(exitCode, 130);
  const { completed, cancelled, skipped, open } = jsonLines(stdout).at(-1) ?? {};
  assert.deepEqual(
    { completed, cancelled, skipped, open },
    { completed: 1, cancelled: 1, skipped: 1, open: 0 },
  );
  assert.deepEqual(
    (await savedIn(folder)).toSorted((a, b) => a.index - b.index).map(({ status, text }) => [status, text]),
    [
      ['completed', 'Done.'],
      ['cancelled', 'Half of it.'],
      ['skipped', ''],
    ],
  );
});

test('killed at once, the program loses no answer that a task had ended with', async (t) => {
  const folder = await folderWith(t, two);
  const server = await serverOf(t, ({ messages }) =>
    JSON.stringify(messages).includes('one')
      ? { events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Done.')) }
      : { events: [sse.messageStart(), ...sse.textBlock(0, 'Half of it.')], then: 'stall' },
  );
  const args = ['agents', 'f.agents.json', ...save, '--base-url', server.url, '--json'];
  const run = startCliWithKey(folder, ...args);
  await run.untilPrinted('Half of it.');
  run.child.kill('SIGKILL');
  await run.ended;
  assert.deepEqual(
    (await savedIn(folder)).map(({ status, text }) => [status, text]),
    [['completed', 'Done.']],
  );
});

test('fail-fast skips what has not started, and each task says why', async (t) => {
  const folder = await folderWith(t, two);
  const server = await serverOf(t, () => ({ status: 401 }));
  const args = ['agents', 'f.agents.json', ...save, '--base-url', server.url, '--fail-fast'];
  const { stdout, exitCode } = await startCliWithKey(folder, ...args).ended;
  assert.match(stdout, /\[1 of 2\] first {2}failed.*\n {4}.*ANTHROPIC_API_KEY/);
  assert.match(stdout, /\[2 of 2\] second {2}skipped\n {4}tasks\[0\] \(first\) ended as failed/);
  assert.match(stdout, /\n0 of 2 completed, 1 failed, 1 skipped; answers in /);
  assert.equal(exitCode, 1);
});

test('without a key nothing runs, and nothing is written', async (t) => {
  const folder = await folderWith(t, two);
  const { stdout, stderr, exitCode } = await cli(folder, 'agents', 'f.agents.json', ...save);
  assert.equal(stdout, '');
  assert.match(stderr, /^allsettled: No API key is set.*ANTHROPIC_API_KEY.*\n1 problem; nothing ran\.\n$/);
  assert.equal(exitCode, 2);
  assert.deepEqual(await readdir(folder), ['f.agents.json']);
});

describe('nothing runs, and nothing is written, where', () => {
  const tasks = two.tasks;
  const wrong: readonly (readonly [string, object, readonly string[], RegExp])[] = [
    [
      'the file is wrong',
      { tasks: [{ note: 'a' }] },
      save,
      /^f\.agents\.json:1:11 tasks\[0\]: The task has no "prompt"\.\n1 problem; nothing ran\./,
    ],
    [
      'no save file is named',
      { tasks },
      [],
      /^allsettled: Name the file that gets the answers: --save-file OUT/,
    ],
    [
      'no save file is named, beside other mistakes, which are told too',
      { tasks: [{ note: 'a', prompt: 'p', contextPaths: ['gone.md'] }] },
      [],
      /^allsettled: Name the file that gets the answers: .*\nf\.agents\.json:1:52 There is no file gone\.md.*\n2 problems/,
    ],
    [
      'a file to be read is not there',
      { tasks: [{ note: 'a', prompt: 'p', contextPaths: ['gone.md'] }] },
      save,
      /^f\.agents\.json:1:52 There is no file gone\.md/,
    ],
    [
      'no definition has the name',
      { agent: 'reviewr', tasks },
      save,
      /^f\.agents\.json:1:10 No agent definition .* is named "reviewr", did you mean "reviewer"\?/,
    ],
    [
      'the conversation to go on with is not there',
      { tasks: [{ note: 'a', prompt: 'p', continuation_id: '20200101-000000-x/agent-1' }] },
      save,
      /^f\.agents\.json:1:54 The session 20200101-000000-x can't be continued: there is none/,
    ],
    [
      'the save file is a folder',
      { tasks },
      ['--save-file', '.claude'],
      /^allsettled: --save-file: The answers can't be saved to \S+: it is a folder\.\n/,
    ],
    [
      'the folder of the save file is not there',
      { tasks },
      ['--save-file', 'gone/out.txt'],
      /^allsettled: --save-file: The answers can't be saved to \S+: its folder does not exist\.\n/,
    ],
    [
      "the file's own save file is protected",
      { saveFile: '.git/config', tasks },
      [],
      /^f\.agents\.json:1:13 \.git\/config is protected/,
    ],
  ];
  for (const [name, agents, args, message] of wrong)
    test(name, async (t) => {
      const folder = await folderWith(t, agents);
      await mkdir(join(folder, '.claude/agents'), { recursive: true });
      await writeFile(join(folder, '.claude/agents/reviewer.md'), '---\nname: reviewer\n---\nYou review.');
      const file = ['agents', 'f.agents.json', '--state-dir', 'state'];
      const { stdout, stderr, exitCode } = await startCliWithKey(folder, ...file, ...args).ended;
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.equal(exitCode, 2);
      assert.deepEqual((await readdir(folder)).filter((entry) => entry !== 'state').sort(), [
        '.claude',
        'f.agents.json',
      ]);
      assert.deepEqual(await readdir(join(folder, 'state', 'sessions')).catch(() => []), []);
    });
});

test('a named definition says what the agent is, and which tools it has', async (t) => {
  const folder = await folderWith(t, {
    agent: 'reviewer',
    tasks: [{ note: 'a', prompt: 'p', contextPaths: ['a.md'] }],
  });
  await mkdir(join(folder, '.github/agents'), { recursive: true });
  const definition = '---\nname: reviewer\ntools: Read, WebFetch\nmodel: inherit\n---\nYou review.';
  await writeFile(join(folder, '.github/agents/reviewer.agent.md'), definition);
  await writeFile(join(folder, 'a.md'), 'The context.');
  const server = await echoServer(t);
  await startCliWithKey(folder, 'agents', 'f.agents.json', ...save, '--base-url', server.url).ended;
  const body = server.requests[0]?.body;
  assert.match(JSON.stringify(body?.system), /You review\./);
  assert.match(JSON.stringify(body?.messages), /The context\./);
  assert.deepEqual(body?.tools?.map(({ name }) => name).sort(), ['read_file', 'read_output']);
});

/** Runs one task with a definition, and says what the request was told of it. */
async function runDefined(
  t: TestContext,
  definition: string,
  ...args: readonly string[]
): Promise<{
  readonly folder: string;
  readonly file: string;
  readonly tools: readonly string[] | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}> {
  const folder = await folderWith(t, { tasks: [{ note: 'a', prompt: 'p', agent: 'x' }] });
  const file = join(folder, '.claude/agents/x.md');
  await mkdir(join(folder, '.claude/agents'), { recursive: true });
  await writeFile(file, definition);
  const server = await echoServer(t);
  const run = startCliWithKey(folder, 'agents', 'f.agents.json', ...save, '--base-url', server.url, ...args);
  const { stdout, stderr, exitCode } = await run.ended;
  const tools = server.requests[0]?.body.tools?.map(({ name }) => String(name)).sort();
  return { folder, file, tools, stdout, stderr, exitCode };
}

const losing = '---\nname: x\ntools: Read, WebFetch, Bash(npm test:*)\nmodel: gpt-5\n---\nYou review.';

test('K2 2d each right that a definition gives and the agent does not get is named, and stops nothing', async (t) => {
  const { file, tools, stderr, exitCode } = await runDefined(t, losing);
  assert.deepEqual(tools, ['read_file', 'read_output']);
  const lines = stderr.split('\n').map((line) => line.replace(`allsettled: warning: ${file}`, ''));
  assert.match(lines[0] ?? '', /^:3: The agent runs without WebFetch: AllSettled has no such tool\.$/);
  assert.match(
    lines[1] ?? '',
    /^:3: The agent runs without Bash\(npm test:\*\): AllSettled gives a tool whole/,
  );
  assert.match(lines[2] ?? '', /^:4: "gpt-5" is no model id of the Messages API/);
  assert.deepEqual(lines.slice(3), ['']);
  assert.equal(exitCode, 0);
});

test('the result in JSON has the warnings too', async (t) => {
  const { file, stdout, exitCode } = await runDefined(t, losing, '--json');
  const result = jsonLines(stdout).at(-1) as { readonly warnings?: readonly string[] };
  assert.deepEqual(
    result.warnings?.map((warning) => warning.replace(file, '').slice(0, 3)),
    [':3:', ':3:', ':4:'],
  );
  assert.equal(exitCode, 0);
});

test('K2 2f an agent without tools runs, with a warning', async (t) => {
  const { tools = [], stderr, exitCode } = await runDefined(t, '---\nname: x\ntools: []\n---\nYou review.');
  assert.deepEqual(tools, []);
  assert.match(stderr, /x\.md:3: The agent has no tools at all/);
  assert.equal(exitCode, 0);
});

test('K17 17e a bad definition is told at its own line, once, and nothing runs', async (t) => {
  const task = { note: 'a', prompt: 'p', agent: 'bad' };
  const folder = await folderWith(t, { tasks: [task, { ...task, note: 'b' }, { note: 'c', prompt: 'p' }] });
  await mkdir(join(folder, '.claude/agents'), { recursive: true });
  const file = join(folder, '.claude/agents/bad.md');
  await writeFile(file, '---\nname: bad\ntools: [Read\n---\nYou review.');
  const { stderr, exitCode } = await startCliWithKey(folder, 'agents', 'f.agents.json', ...save).ended;
  const [first = '', ...rest] = stderr.replace(file, 'FILE').split('\n');
  assert.match(first, /^FILE:3:1 The front matter is not YAML: "tools" can't be read/);
  assert.deepEqual(rest, ['1 problem; nothing ran.', '']);
  assert.equal(exitCode, 2);
});

test('a restriction that is not understood keeps the list from running, with its place', async (t) => {
  const definition = '---\nname: x\ndisallowedTools: Wirte\n---\nYou review.';
  const { file, stderr, exitCode } = await runDefined(t, definition);
  assert.match(stderr.replace(file, 'FILE'), /^FILE:3:1 "disallowedTools" takes away "Wirte".*"Write"\?\n/);
  assert.equal(exitCode, 2);
});

test('K20 a person is not told of tools that only a model has', async (t) => {
  const folder = await folderWith(t, { tasks: [{ note: 'a', prompt: 'p', contextPaths: ['docs'] }] });
  await mkdir(join(folder, 'docs'));
  const { stderr } = await startCliWithKey(folder, 'agents', 'f.agents.json', ...save).ended;
  assert.match(stderr, /docs is a folder, not a file\.\n/);
});

test('a save file outside of the folder is refused, and the folder is named once', async (t) => {
  const folder = await folderWith(t, { ...two, saveFile: '../out.txt' });
  const { exitCode, stderr } = await startCliWithKey(folder, 'agents', 'f.agents.json').ended;
  assert.equal(exitCode, 2);
  assert.equal(stderr.split(folder).length - 1, 1, stderr);
});
